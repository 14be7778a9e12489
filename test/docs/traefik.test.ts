/**
 * Every configuration in the docs in a real Traefik, as it stands there: under a middleware in the file provider, and
 * labels on a container. The guest finds nothing wrong, a caller without a token is refused, one with a token is known.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { LogLine } from "../../stack/traefik/log.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { type DockerApi, startDockerApi } from "../stack/docker-api.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { ISSUER, token } from "../support/tokens.ts";
import { send } from "../support/wire.ts";
import { blocks, environment } from "./blocks.ts";

/** Kind of a block that holds a middleware -> the keys above the middleware's own. */
const ABOVE: Record<string, string[] | null> = {
  block: null,
  middleware: ["spec"],
  "dynamic.yml": ["http", "middlewares", "rolegate"],
};

/** The lines below a path of keys, as they stand in the text. */
function below(text: string, keys: string[]): string {
  let lines = text.split("\n");
  for (const key of keys) {
    const start = lines.findIndex((line) => line.trim() === `${key}:`);
    assert.ok(start >= 0, `no key ${key}`);
    const depth = lines[start]!.search(/\S/);
    const rest = lines.slice(start + 1);
    const end = rest.findIndex((line) => line.trim() !== "" && line.search(/\S/) <= depth);
    lines = end < 0 ? rest : rest.slice(0, end);
  }
  return lines.join("\n");
}

const indented = (text: string) => text.replace(/^(?=.)/gm, " ".repeat(10));

/** The definition of a middleware, YAML of the docs' own characters. */
function middleware(kind: string, text: string): string {
  const keys = ABOVE[kind];
  return keys ? below(text, keys) : `plugin:\n  rolegate:\n${text.replace(/^/gm, "    ")}`;
}

/** Those of providers are of other issuers, whose tokens test/providers makes, or test/login/tenants. */
const examples = blocks.filter(
  ({ place, text }) => !place.startsWith("docs/providers/") && !text.includes("{tenantid}"),
);
const filed = examples
  .filter(({ kind }) => kind in ABOVE)
  .map((block, i) => ({ ...block, name: `example${i}`, middleware: `example${i}@file` }));
const labelled = examples
  .filter(({ kind }) => kind === "labels")
  .map((block, i) => ({ ...block, name: `labels${i}`, middleware: "gate@docker" }));
/** Each example has a host of its own. */
const hostOf = (name: string) => `${name}.docs.test`;

const folder = temporaryFolder("docs");
let docker: DockerApi;
let upstream: Upstream;
let traefik: Traefik;

before(async () => {
  // As mode keys names what it fetches, see assembly/config/state.ts.
  const fetched = createHash("sha256").update(ISSUER).digest("hex").slice(0, 16);
  for (const name of ["jwks", "main", "ci", `jwks-${fetched}`]) {
    writeFileSync(join(folder.path, `${name}.json`), JSON.stringify(keySet(rsa, ec)));
  }
  upstream = await startUpstream();
  docker = await startDockerApi(
    labelled.map(({ name, text }) => ({
      name,
      port: upstream.port,
      labels: Object.fromEntries(
        (parse(text) as string[]).map((label) => {
          const equals = label.indexOf("=");
          return [label.slice(0, equals), label.slice(equals + 1)];
        }),
      ),
    })),
  );
  const routers = Object.fromEntries(
    filed.map(({ name }) => [
      name,
      { rule: `Host(\`${hostOf(name)}\`)`, service: "app", middlewares: [name] },
    ]),
  );
  const services = { app: { loadBalancer: { servers: [{ url: upstream.url }] } } };
  traefik = await startTraefik({
    mounts: { "/state": folder.path },
    envs: environment,
    static: {
      providers: {
        docker: { endpoint: docker.endpoint, defaultRule: "Host(`{{ .Name }}.docs.test`)" },
      },
    },
    dynamic: [
      "http:",
      `  routers: ${JSON.stringify(routers)}`,
      `  services: ${JSON.stringify(services)}`,
      "  middlewares:",
      ...filed.map((it) => `    ${it.name}:\n${indented(middleware(it.kind, it.text))}`),
    ].join("\n"),
  });
  await traefik.waitForRouter("app@docker");
});
after(async () => {
  await traefik?.stop();
  await docker?.stop();
  await upstream?.stop();
  folder.remove();
});

async function get(name: string, headers: Record<string, string> = {}): Promise<number> {
  const { port } = new URL(traefik.url);
  const request = { target: "/api/runs", headers: { ...headers, Host: hostOf(name) } };
  return (await send(Number(port), request)).status;
}

for (const { place, kind, name, middleware } of [...filed, ...labelled]) {
  test(`${place} (${kind}) in Traefik`, async () => {
    upstream.received.length = 0;
    assert.equal(await get(name), 401, "without a token");
    assert.equal(await get(name, { Authorization: "Bearer a.b.c" }), 401, "with a bad token");
    assert.deepEqual(upstream.received, []);
    const roles = { realm_access: { roles: ["viewer", "runner", "owner"] } };
    const known = { Authorization: `Bearer ${await token(roles)}` };
    // Not every example has a rule for that path; but none may find the token bad, or have no keys.
    assert.ok([200, 403].includes(await get(name, known)), `${await get(name, known)}`);
    const isOurs = ({ fields }: LogLine) => fields.middlewareName === middleware;
    await traefik.log.waitFor((line) => isOurs(line) && line.guest?.event === "read");
    const lines = traefik.log.lines().filter(isOurs);
    const findings = lines.filter(({ guest }) => guest?.rolegate === "config");
    assert.deepEqual(
      findings.map(({ text }) => text),
      [],
    );
  });
}

test("every example is there, and Traefik complains of none", () => {
  assert.equal(
    filed.length + labelled.length,
    examples.filter(({ kind }) => kind in ABOVE || kind === "labels").length,
  );
  assert.ok(filed.length >= 6 && labelled.length >= 1);
  const errors = traefik.log.lines().filter(({ level }) => level === "error" || level === "");
  assert.deepEqual(
    errors.map(({ text }) => text),
    [],
  );
});
