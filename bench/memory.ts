/** Checks that a guest's memory does not grow, however many different tokens it sees. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { root } from "../tools/root.ts";
import { marshal } from "../src/guest/config.ts";
import { claims, exported, keySet, makeKey } from "./keys.ts";
import { buildProgram, runProgram } from "./program.ts";
import { configuration, KEY_FILE } from "./workload.ts";

/** What the Go program prints. */
export interface Memory {
  requests: number;
  /** That were made: 1 means that one has seen all the requests. */
  guests: number;
  /** At the start, whenever it had grown, and at the end. */
  pages: { requests: number; pages: number }[];
  /** Kind of token -> how many; all were answered as they had to be. */
  kinds: Record<string, number>;
  /** Bytes of the shortest token. */
  shortest: number;
  longest: number;
  seconds: number;
}

export async function measureMemory({
  requests,
  rsa: onlyRsa,
}: {
  requests: number;
  /** No token with ECDSA: keys on curves have tables, which are not counted among the two pages. */
  rsa: boolean;
}): Promise<Memory> {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-memory");
  try {
    const path = (name: string) => join(folder.path, name);
    const [rsa, ec] = [makeKey("RS256"), makeKey("ES256")];
    writeFileSync(path("jwks.json"), keySet([rsa, makeKey("RS256"), ec]));
    writeFileSync(path("config.json"), marshal(configuration({ jwksFile: KEY_FILE })), "latin1");
    const secrets = { rsa: exported(rsa), ec: exported(ec), claims: claims() };
    writeFileSync(path("keys.json"), JSON.stringify(secrets), { mode: 0o600 });
    return await runProgram<Memory>(wazero, [
      "memory",
      ...["-wasm", join(root, "plugin.wasm"), "-config", path("config.json")],
      ...["-mount", `${folder.path}:/state`, "-keys", path("keys.json")],
      ...["-requests", String(requests), `-rsa=${onlyRsa}`],
    ]);
  } finally {
    folder.remove();
  }
}
