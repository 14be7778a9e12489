/**
 * Compares the guest with Node's crypto: random keys, messages and signatures, then the same with one mutation.
 * Whatever one accepts the other must accept.
 */
import { Guest } from "./guest.ts";
import { Random, toBigInt, toBytes } from "./random.ts";
import { ecdsaSigner, edwardsSigner, hmacSigner, rsaSigner, type Signer } from "./signers.ts";

/** How a signer of each kind is made, and how many parts of the cases go to it. */
const KINDS: [weight: number, make: (random: Random) => Signer][] = [
  [3, (random) => rsaSigner(random, "RS256", 2048)],
  [2, (random) => rsaSigner(random, random.pick(["RS384", "RS512"]), 2048)],
  [3, (random) => rsaSigner(random, random.pick(["PS256", "PS384", "PS512"]), 2048)],
  [1, (random) => rsaSigner(random, "RS256", random.pick([3072, 4096]))],
  [1, (random) => rsaSigner(random, "PS256", random.pick([2050, 2056, 2200, 3000]))],
  [8, (random) => ecdsaSigner(random, "ES256")],
  [4, (random) => ecdsaSigner(random, "ES384")],
  [4, (random) => ecdsaSigner(random, "ES512")],
  [6, (random) => edwardsSigner(random)],
  [2, (random) => hmacSigner(random, random.pick(["HS256", "HS384", "HS512"]))],
];

/** Cases made from one signature, and signatures from one key. */
const MUTATIONS = 8;
const SIGNATURES = 10;

type Mutation = (signature: Buffer, signer: Signer, random: Random) => Buffer;

const flip: Mutation = (signature, _, random) => {
  const changed = Buffer.from(signature);
  if (changed.length > 0) changed[random.below(changed.length)]! ^= 1 << random.below(8);
  return changed;
};

/** One of the signature's numbers replaced by a function of it; other lengths are left as they are. */
const number =
  (change: (value: bigint, limit: bigint, random: Random) => bigint): Mutation =>
  (signature, { size, limit, littleEndian }, random) => {
    const turn = (bytes: Buffer) => (littleEndian ? Buffer.from(bytes).reverse() : bytes);
    const parts = [];
    const target = random.below(signature.length / size);
    for (let at = 0; at < signature.length; at += size) {
      const value = toBigInt(turn(signature.subarray(at, at + size)));
      const changed = at / size === target ? change(value, limit, random) : value;
      parts.push(turn(toBytes(changed < 0n ? 0n : changed, size)));
    }
    return Buffer.concat(parts);
  };

const bits = (limit: bigint) => limit.toString(2).length;

const SIGNATURE_MUTATIONS: Record<string, Mutation> = {
  flip,
  "flip two": (signature, signer, random) => flip(flip(signature, signer, random), signer, random),
  truncate: (signature, _, random) => signature.subarray(0, random.below(signature.length)),
  "cut one": (signature) => signature.subarray(0, -1),
  "a zero before the last number": (signature, { size }) =>
    Buffer.concat([signature.subarray(0, -size), Buffer.of(0), signature.subarray(-size)]),
  "without the first byte": (signature) => signature.subarray(1),
  "leading zero": (signature) => Buffer.concat([Buffer.of(0), signature]),
  "trailing zero": (signature) => Buffer.concat([signature, Buffer.of(0)]),
  "a leading zero for the last byte": (signature) =>
    Buffer.concat([Buffer.of(0), signature.subarray(0, -1)]),
  twice: (signature) => Buffer.concat([signature, signature]),
  "halves swapped": (signature) => {
    const half = signature.length >> 1;
    return Buffer.concat([signature.subarray(half), signature.subarray(0, half)]);
  },
  zero: number(() => 0n),
  one: number(() => 1n),
  small: number((_value, _limit, random) => random.natural(1000n)),
  limit: number((_value, limit) => limit),
  "limit - 1": number((_value, limit) => limit - 1n),
  "limit + 1": number((_value, limit) => limit + 1n),
  "near the limit": number((_value, limit, random) => limit - random.natural(1000n)),
  "plus the limit": number((value, limit) => value + limit),
  negated: number((value, limit) => limit - value),
  "all ones": number((_value, limit) => (1n << BigInt(bits(limit))) - 1n),
  "limb boundaries": number((_value, limit, random) => random.carries(bits(limit))),
  "limb boundaries, reduced": number(
    (_value, limit, random) => random.carries(bits(limit)) % limit,
  ),
  random: number((_value, limit, random) => random.natural(limit)),
};

export interface Report {
  cases: number;
  accepted: number;
  byAlgorithm: Record<string, number>;
}

/** Runs at least `cases` comparisons; throws with the whole case at the first disagreement. */
export function compare(
  guest: Guest,
  seed: string,
  cases: number,
  progress: (done: number) => void = () => {},
): Report {
  const random = new Random(seed);
  const report: Report = { cases: 0, accepted: 0, byAlgorithm: {} };
  const kinds = KINDS.flatMap(([weight, make]) => Array<typeof make>(weight).fill(make));
  const mutations = Object.entries(SIGNATURE_MUTATIONS);
  let next = cases / 10;
  while (report.cases < cases) {
    if (report.cases >= next) {
      progress(report.cases);
      next += cases / 10;
    }
    const signer = random.pick(kinds)(random);
    guest.clearKeys();
    const { kty, k } = signer.jwk;
    const key = kty === "oct" ? guest.secret(Buffer.from(k!, "base64url"))! : guest.key(signer.jwk);
    const check = (what: string, input: Buffer, signature: Buffer) => {
      const expected = signer.verify(input, signature);
      const actual = key.verify(signer.algorithm, input, signature);
      report.cases++;
      report.byAlgorithm[signer.algorithm] = (report.byAlgorithm[signer.algorithm] ?? 0) + 1;
      if (actual) report.accepted++;
      if (actual === expected) return;
      const { algorithm, jwk } = signer;
      const hex = { input: input.toString("hex"), signature: signature.toString("hex") };
      const place = JSON.stringify({ seed, what, algorithm, jwk, ...hex });
      throw new Error(`the guest says ${actual}, Node says ${expected}: ${place}`);
    };
    for (let i = 0; i < SIGNATURES && report.cases < cases; i++) {
      const input = random.bytes(random.below(300));
      const signature = signer.sign(input, random);
      check("as signed", input, signature);
      check("another input", flip(Buffer.concat([input, Buffer.of(0)]), signer, random), signature);
      for (let j = 0; j < MUTATIONS; j++) {
        const [name, mutate] = random.pick(mutations);
        check(name, input, mutate(signature, signer, random));
      }
    }
  }
  return report;
}
