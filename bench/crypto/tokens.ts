/** All of handle_request on wazero for a token that was never seen, and again, beside Go's own RSA verification. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { marshal } from "../../src/guest/config.ts";
import { claims, exported, keySet, makeKey } from "../keys.ts";
import { buildProgram, runProgram } from "../program.ts";
import { spread } from "../statistics.ts";
import { configuration, KEY_FILE } from "../workload.ts";
import type { Row } from "./row.ts";

/** Tokens of a batch: so many that the processor's memory of one token is not measured. */
const TOKENS = 100;

/** What the Go program prints: medians of batches. Microseconds. */
interface Samples {
  new: number[];
  again: number[];
  go: number[];
  /** Bytes of a token. */
  bytes: number;
}

export async function measureTokens(batches: number): Promise<Row[]> {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-tokens");
  try {
    const path = (name: string) => join(folder.path, name);
    const [rsa, ec] = [makeKey("RS256"), makeKey("ES256")];
    writeFileSync(path("jwks.json"), keySet([rsa, makeKey("RS256"), ec]));
    writeFileSync(path("config.json"), marshal(configuration({ jwksFile: KEY_FILE })), "latin1");
    const secrets = { rsa: exported(rsa), ec: exported(ec), claims: claims() };
    writeFileSync(path("keys.json"), JSON.stringify(secrets), { mode: 0o600 });
    const samples = await runProgram<Samples>(wazero, [
      "token",
      ...["-wasm", join(root, "plugin.wasm"), "-config", path("config.json")],
      ...["-mount", `${folder.path}:/state`, "-keys", path("keys.json")],
      ...["-requests", String(TOKENS), "-batches", String(batches)],
    ]);
    const go = spread(samples.go);
    const row = (what: string, times: number[]): Row => {
      const { min, median } = spread(times);
      const ratio = min / go.min;
      return { what, min, median, goMin: go.min, goMedian: go.median, ratio };
    };
    return [
      row(`handle_request, a new RS256 token of ${samples.bytes} bytes`, samples.new),
      row("handle_request, the same again", samples.again),
    ];
  } finally {
    folder.remove();
  }
}
