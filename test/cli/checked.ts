/** What `rolegate check` says of texts, without a process of its own. */
import { checkSetup } from "../../src/cli/check/run.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { pluginWasm } from "../support/gate.ts";

export type File = [name: string, text: string];
export async function check(...files: File[]) {
  const setup = setupOf(files.map((it) => new SourceFile(...it)));
  const { findings, gates, standIns } = await checkSetup(setup, pluginWasm);
  const codes = findings.map(({ code }) => code);
  const marked = findings.map(({ place }) => place.file.text.slice(place.start, place.end));
  return { findings, gates, standIns, codes, marked, setup };
}

const RULES = '[{ match: "PathPrefix(`/`)", allow: authenticated }]';
const BLOCK = `issuer: https://sso.example.com, clientId: app, jwksFile: /state/jwks.json, rules: ${RULES}`;
/** A Middleware with a mistake whose place is known. */
export const manifest = (name = "gate") =>
  `apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: ${name}, namespace: web }
spec: { plugin: { rolegate: { ${BLOCK}, nonsense: 1 } } }
`;
