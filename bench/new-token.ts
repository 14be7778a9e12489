/**
 * A token that the guest has never seen: all of handle_request on wazero, beside Go's own work on the same tokens, in
 * alternating batches; and what its parts take.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { compile } from "../test/vectors/compile.ts";
import { marshal } from "../src/guest/config.ts";
import { root } from "../tools/root.ts";
import { claims, CLIENT, exported, ISSUER, keySet, makeKey } from "./keys.ts";
import { buildProgram, runProgram } from "./program.ts";
import { spread, type Spread } from "./statistics.ts";
import { configuration } from "./workload.ts";

export interface NewTokens {
  algorithm: string;
  /** A token's, on average. */
  bytes: number;
  /** Microseconds of handle_request: never seen, and the same again. */
  fresh: Spread;
  again: Spread;
  /** Microseconds of Go: everything, and the hash and the signature alone. */
  go: Spread;
  signature: Spread;
  /** `fresh` by each of the two, of the batches' pairs. */
  ratio: Spread;
  ofSignature: Spread;
  /** `fresh` of the other module, and Rolegate's by it. */
  against: { fresh: Spread; quotient: Spread } | null;
  /** Microseconds of the verification's parts. */
  parts: Record<Part, Spread>;
}

/** The parts in the order of parts/entry.ts, which the Go program times. */
const PARTS = [
  "base64",
  "json",
  "hash",
  "signature",
  "claims",
  "identity",
  "all",
  "keyImport",
] as const;
export type Part = (typeof PARTS)[number];

/** What the Go program prints, see wazero/newtoken.go: medians of batches. */
interface Samples {
  new: number[][];
  again: number[][];
  go: number[];
  signature: number[];
  parts: number[][];
  bytes: number;
}

/** Tokens of a batch: more than a guest remembers. */
const TOKENS = 60;
const ALGORITHMS = ["RS256", "ES256"] as const;
/** About as many bytes of a token, and what its claims are. */
const SIZES = { 700: few, 1400: claims, 4000: claims };

/** As few as the rules need. */
function few(): Record<string, unknown> {
  const { sub, typ } = claims();
  const realm_access = { roles: ["prefect-runner"] };
  return { iss: ISSUER, aud: [CLIENT], ...{ sub, typ, realm_access } };
}

/** Adds groups until a token is about as long; its signature is as long as the algorithm's. */
function claimsOf(make: () => Record<string, unknown>, bytes: number, signature: number) {
  const made = make();
  const header = 84;
  const length = () => Math.ceil((JSON.stringify(made).length + header) / 3) * 4 + signature;
  const groups: string[] = [];
  for (let i = 0; length() + 25 < bytes; i++) {
    groups.push(`/organisation/department-${i}`);
    made["groups"] = groups;
  }
  return made;
}

export async function measureNewTokens(options: {
  against?: string | undefined;
  batches: number;
}): Promise<NewTokens[]> {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-new-token");
  const path = join(folder.path, "plan.json");
  const [rsa, ec] = [makeKey("RS256"), makeKey("ES256")];
  const config = marshal(configuration({ jwks: keySet([rsa, makeKey("RS256"), ec]) }));
  const parts = compile("bench/parts/entry.ts", "build/bench-parts.wasm", "--use", "abort=");
  const jwk = JSON.stringify(rsa.jwk);
  const modules = [join(root, "plugin.wasm"), ...(options.against ? [options.against] : [])];
  const results: NewTokens[] = [];
  try {
    for (const algorithm of ALGORITHMS) {
      for (const [size, make] of Object.entries(SIZES)) {
        const isRsa = algorithm === "RS256";
        const of = claimsOf(make, Number(size), isRsa ? 342 : 86);
        const keys = { rsa: exported(rsa), ec: exported(ec), claims: of };
        const plan = { modules, parts, jwk, config, keys, rsa: isRsa, batches: options.batches };
        writeFileSync(path, JSON.stringify({ ...plan, tokens: TOKENS }), { mode: 0o600 });
        const samples = await runProgram<Samples>(wazero, ["new-token", "-plan", path]);
        results.push(resultOf(algorithm, samples));
      }
    }
  } finally {
    folder.remove();
  }
  return results;
}

function resultOf(algorithm: string, { bytes, go, signature, ...guests }: Samples): NewTokens {
  const [fresh, other] = [guests.new[0]!, guests.new[1]];
  const by = (times: number[]) => spread(fresh.map((time, batch) => time / times[batch]!));
  return {
    ...{ algorithm, bytes, fresh: spread(fresh), again: spread(guests.again[0]!) },
    ...{ go: spread(go), signature: spread(signature), ratio: by(go), ofSignature: by(signature) },
    against: other ? { fresh: spread(other), quotient: by(other) } : null,
    parts: Object.fromEntries(PARTS.map((part, i) => [part, spread(guests.parts[i]!)])) as Record<
      Part,
      Spread
    >,
  };
}
