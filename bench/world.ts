/** The things that all contenders share: the upstream, the keys, the folder that a guest sees as /state, and the provider. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { loopback } from "../stack/machine/ports.ts";
import { claims, keySet, makeKey, makeToken, type Key } from "./keys.ts";
import { startProvider, type Provider } from "./peers/provider.ts";
import { buildProgram, startServer } from "./program.ts";

export interface World {
  /** The program of `traffic/`. */
  traffic: string;
  upstream: { pid: number; address: string };
  /** Signs the tokens; two others are in the key file as well. */
  key: Key;
  /** One of many tokens, the same for all who ask for it. */
  token(index: number): string;
  /** A token that lacks the role. */
  stranger: string;
  folder: string;
  /** Where peers fetch the keys, and where people sign in. */
  provider: Provider;
  /** Variables for Go's runtime in each Traefik. */
  runtime: Record<string, string>;
  stop(): Promise<void>;
}

/** `gogc`: Go's variable GOGC for each Traefik, in place of Go's own 100. */
export async function makeWorld(gogc?: string): Promise<World> {
  const traffic = await buildProgram("traffic");
  const key = makeKey("RS256");
  const keys = keySet([makeKey("RS256"), makeKey("ES256"), key]);
  const folder = temporaryFolder("bench");
  writeFileSync(join(folder.path, "jwks.json"), keys);
  const provider = await startProvider(key, keys);
  const upstream = await startServer(traffic, ["upstream"]);
  const tokens: string[] = [];
  return {
    token: (index) => (tokens[index] ??= makeToken(key)),
    stranger: makeToken(key, { ...claims(), realm_access: { roles: ["offline_access"] } }),
    traffic,
    upstream: { pid: upstream.pid, address: `${loopback}:${upstream.port}` },
    key,
    folder: folder.path,
    provider,
    runtime: gogc === undefined ? {} : { GOGC: gogc },
    async stop() {
      upstream.stop();
      await provider.stop();
      folder.remove();
    },
  };
}
