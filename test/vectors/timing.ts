/**
 * `npm run timing:crypto`: whether comparing a wrong HMAC or AEAD tag takes the same time wherever it first
 * differs, and a secret multiple whatever the secret is. Welch's t-test between tags that differ in the first and
 * in the last byte, and between two keys, in interleaved batches (as dudect does, Reparaz et al. 2017); |t| above 5 in
 * each of three rounds is a leak.
 */
import { Guest } from "./guest.ts";
import { Random } from "./random.ts";
import { SessionGuest } from "./session/guest.ts";

const ROUNDS = 3;
const BATCHES = 1500;
const BATCH = 40;
const LIMIT = 5;

const guest = new Guest();
const random = new Random("timing");
const [key, message, nonce] = [random.bytes(32), random.bytes(64), random.bytes(24)];
const code = guest.bytes("mac", 0, key, message);
const sealed = guest.bytes("aeadSeal", key, nonce, Buffer.of(), message);
const session = new SessionGuest();
const scope = {
  issuer: "https://sso.test",
  clientId: "app",
  site: "https://app.test",
  audience: "",
};
const ring = session.ring([key], scope)!;
const spot = { purpose: "session", name: "__Host-rolegate" } as const;
const cookie = Buffer.from(ring.seal(spot, 1n, message), "base64url");
/** A copy that differs in one byte, counted from the start of the last `length` bytes. */
function wrong(bytes: Buffer, at: number, length: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bytes.length - length + at]! ^= 0x55;
  return copy;
}

const CHECKS: Record<string, [verify: (tag: Buffer) => number, first: Buffer, last: Buffer]> = {
  HS256: [
    (tag) => guest.call("macMatches", [0, key, message, tag]),
    wrong(code, 0, 32),
    wrong(code, 31, 32),
  ],
  "XChaCha20-Poly1305": [
    (tag) => guest.call("aeadOpen", [key, nonce, Buffer.of(), tag]),
    wrong(sealed, 0, 16),
    wrong(sealed, 15, 16),
  ],
  "a sealed cookie": [
    (tag) => (ring.open(spot, tag.toString()) ? 1 : 0),
    Buffer.from(wrong(cookie, 0, 16).toString("base64url")),
    Buffer.from(wrong(cookie, 15, 16).toString("base64url")),
  ],
  // A nonce is multiplied as a key is, but cannot be chosen: 1, and a number of many bits.
  "ES256, secret multiples": [
    (key) => guest.bytes("publicOf", key).length,
    Buffer.from("01".padStart(64, "0"), "hex"),
    Buffer.from("ffffffff00000000" + "bb".repeat(24), "hex"),
  ],
  // Only the comparison, of 64 bytes, and in comparison with it one that stops early: what a leak looks like.
  "equal()": [
    (tag) => guest.call("equalTimes", [code, tag, 2000]),
    wrong(code, 0, 32),
    wrong(code, 31, 32),
  ],
  "memory.compare, which leaks": [
    (tag) => guest.call("leakyTimes", [code, tag, 2000]),
    wrong(code, 0, 32),
    wrong(code, 31, 32),
  ],
};

/** A multiple takes a hundred times as long as the rest. */
const batchOf = (name: string) => (name.includes("multiples") ? 1 : BATCH);

function time(verify: (tag: Buffer) => number, tag: Buffer, batch: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < batch; i++) verify(tag);
  return Number(process.hrtime.bigint() - start) / batch;
}

/** Mean and variance of the lower half: what is above may be the scheduler's. */
function summary(samples: number[]): { mean: number; error: number } {
  const kept = samples.toSorted((a, b) => a - b).slice(0, Math.floor(samples.length / 2));
  const mean = kept.reduce((sum, x) => sum + x, 0) / kept.length;
  const variance = kept.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (kept.length - 1);
  return { mean, error: variance / kept.length };
}

let failed = false;
for (const [name, [verify, first, last]] of Object.entries(CHECKS)) {
  const control = name.includes("leaks");
  const values = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < 200; i++) verify(i & 1 ? first : last);
    const samples: [number[], number[]] = [[], []];
    const batches = name.includes("memory") || name.includes("equal()") ? BATCHES / 10 : BATCHES;
    for (let i = 0; i < batches; i++) {
      const which = random.below(2) as 0 | 1;
      samples[which].push(time(verify, which ? last : first, batchOf(name)));
    }
    const [a, b] = [summary(samples[0]), summary(samples[1])];
    values.push((b.mean - a.mean) / Math.sqrt(a.error + b.error));
  }
  const leak = values.every((t) => Math.abs(t) > LIMIT);
  if (leak !== control) failed = true;
  const verdict = leak ? "differs" : "does not differ";
  console.log(`${name.padEnd(30)} t = ${values.map((t) => t.toFixed(1)).join(", ")}: ${verdict}`);
}
if (failed) console.error("A comparison leaks, or the control that leaks was not found to.");
process.exit(failed ? 1 : 0);
