/** The kernels' arithmetic against BigInt, with operands driven to the bounds that their exactness rests on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { Random, inverse, power, toBigInt, toBytes } from "./random.ts";

const guest = new Guest();
const EMPTY = Buffer.alloc(0);

const fromWords = (bytes: Uint8Array) => toBigInt(Buffer.from(bytes).reverse());
const toWords = (value: bigint, words: number) => toBytes(value, words * 4).reverse();

function modulus(random: Random, bits: number): bigint {
  const top = (1n << BigInt(bits - 1)) | 1n;
  return (random.chance(4) ? random.natural(1n << BigInt(bits)) : random.carries(bits)) | top;
}

test("inverses and products modulo any odd number", () => {
  const random = new Random("modular");
  for (let i = 0; i < 600; i++) {
    const words = random.pick([1, 2, 7, 8, 12, 17, 64]);
    const m = modulus(random, words * 32 - random.pick([0, 0, 1, 23, 31]));
    const [a, b] = [random.carries(words * 32) % m, random.carries(words * 32) % m];
    const product = guest.bytes(
      "modularProduct",
      toWords(a, words),
      toWords(b, words),
      toWords(m, words),
    );
    assert.equal(fromWords(product), (a * b) % m);
    if (words > 17 || (inverse(a, m) * a) % m !== 1n) continue;
    const inverted = guest.bytes("inverse", toWords(a, words), toWords(m, words));
    assert.equal(fromWords(inverted), inverse(a, m));
  }
});

test("RSA: powers modulo numbers with long runs of ones and digits at their bounds", () => {
  const random = new Random("powers");
  for (let i = 0; i < 250; i++) {
    const bits = random.pick([
      2048, 2048, 2049, 2055, 2791, 2800, 2801, 3072, 4096, 5700, 8185, 8192,
    ]);
    const size = (bits + 7) >> 3;
    const n = modulus(random, bits);
    const s = random.pick([random.carries(bits) % n, n - 1n, n - random.natural(1000n), 0n, 1n]);
    const e = random.pick([3, 17, 65537, 65537, 0x7fffffff]);
    const actual = toBigInt(guest.bytes("power", toBytes(n, size), e, toBytes(s, size)));
    assert.equal(actual, power(s, BigInt(e), n), `${bits} bits, e = ${e}, n = ${n.toString(16)}`);
  }
});

test("RSA: what is matched without a power, where it is right and where it is not", () => {
  const random = new Random("matches");
  const wrong = (by: bigint, n: bigint) => random.pick([1n, n - 1n, 1n << by, n >> 1n]);
  for (let i = 0; i < 250; i++) {
    const bits = random.pick([2048, 2048, 2048, 2049, 2055, 2500, 2801, 3072, 4096, 8185, 8192]);
    const size = (bits + 7) >> 3;
    const n = modulus(random, bits);
    const s = random.pick([random.carries(bits) % n, n - 1n, n - random.natural(1000n), 0n, 1n]);
    const digest = random.pick([random.carries(256), (1n << 256n) - 1n, 0n, random.natural(1000n)]);
    const whole = power(s, 65537n, n);
    const matches = (common: bigint, x: bigint, signature = s) =>
      guest.call("powerMatches", [
        ...[n, signature, common].map((value) => toBytes(value, size)),
        toBytes(x, 32),
      ]);
    const common = (((whole - digest) % n) + n) % n;
    const what = `${bits} bits, n = ${n.toString(16)}, s = ${s.toString(16)}`;
    assert.equal(matches(common, digest), 1, what);
    const other = (common + wrong(random.natural(BigInt(bits - 1)), n)) % n;
    assert.equal(matches(other, digest), 0, `${what}, common`);
    assert.equal(matches(common, digest ^ (1n << random.natural(256n))), 0, `${what}, digest`);
    const changed = (s + wrong(random.natural(BigInt(bits - 1)), n)) % n;
    const isSame = power(changed, 65537n, n) === whole;
    assert.equal(matches(common, digest, changed), Number(isSame), `${what}, signature`);
  }
});

test("RSA: a modulus whose sums might not be exact is not matched", () => {
  const random = new Random("no match");
  const canMatch = (bits: number) => {
    const n = toBytes(modulus(random, bits), (bits + 7) >> 3);
    return guest.call("powerMatches", [n, n, n, Buffer.alloc(32)]) !== -1;
  };
  const can = [2048, 2500, 2550, 2800, 2801, 3072, 4096, 8192].filter(canMatch);
  assert.deepEqual(can, [2048, 2500, 2801, 3072, 4096, 8192]);
});

/** Signed digits of `radix` bits as f64, and the number that they are. */
function digits(values: number[], radix: number) {
  const value = values.reduceRight((sum, d) => (sum << BigInt(radix)) + BigInt(d), 0n);
  return { value, bytes: Buffer.from(Float64Array.from(values).buffer) };
}

test("RSA: products of digits that are all at the bound", () => {
  const random = new Random("digits");
  // The longest numbers of each radix: 2800 bits and 8192 bits, see montgomery-f64.ts.
  for (const [radix, count] of [
    [24, 88],
    [24, 120],
    [23, 360],
    [23, 128],
  ] as const) {
    const half = 2 ** (radix - 1);
    const R = 1n << BigInt(radix * count);
    for (let i = 0; i < 40; i++) {
      const sign = random.pick([
        () => half,
        () => -half,
        (at: number) => (at & 1 ? half : -half),
        (at: number) => (at & 2 ? half : -half),
        () => random.pick([half, -half, half - 1, 1 - half]),
      ]);
      const make = () =>
        digits(
          Array.from({ length: count }, (_, at) => sign(at)),
          radix,
        );
      const [a, b] = [make(), make()];
      // N has two digits 0 below, and is small enough for the result to fit.
      const n = digits(
        Array.from({ length: count }, (_, at) => (at < 2 || at > count - 3 ? 0 : sign(at))),
        radix,
      );
      // What a digest adds: 12 products to each of the lower columns, where there is room for them.
      const more = count + 20 <= 2 ** (55 - 2 * radix) ? random.pick([0, half, -half]) : 0;
      const added = digits(
        Array.from({ length: 2 * count }, (_, at) => (at < count + 12 ? 12 * half * more : 0)),
        radix,
      );
      for (const other of [b, null]) {
        const operands = [a.bytes, other?.bytes ?? EMPTY, added.bytes, n.bytes] as const;
        const bytes = guest.bytes("digitProduct", ...operands, radix);
        const values = [...new Float64Array(Uint8Array.from(bytes).buffer)];
        assert.ok(values.every((d) => Number.isInteger(d) && Math.abs(d) <= half));
        const result = digits(values, radix).value;
        // Results of such operands may need one digit more than there are: they agree modulo R.
        const product = a.value * (other ?? a).value + (other ? added.value : 0n);
        const m = n.value - 1n;
        const q = BigInt.asUintN(radix * count, product * inverse(-m, R));
        const exact = (product + q * m) / R;
        const difference = (((exact - result) % m) + m) % m;
        const wrapped = [0n, R % m, -R % m, (2n * R) % m, (-2n * R) % m];
        assert.ok(
          wrapped.some((w) => (((difference - w) % m) + m) % m === 0n),
          `radix ${radix}`,
        );
      }
    }
  }
});

const P256 = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const P384 = 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n;
/** Field, limb bits, limbs, p, R, and how large in units of 2^W the limbs of either operand may be. */
const FIELDS: [bits: number, W: number, N: number, p: bigint, R: bigint, large: number][] = [
  [256, 29, 9, P256, 1n << 261n, 1],
  [384, 28, 14, P384, 1n << 392n, 2],
  [521, 28, 19, 2n ** 521n - 1n, 1n << 532n, 2],
  [25519, 29, 9, 2n ** 255n - 19n, 1n, 1],
];

for (const [bits, W, N, p, R, large] of FIELDS) {
  test(`field ${bits}: products of limbs at the bound`, () => {
    const random = new Random(`field ${bits}`);
    const limbs = (bound: number) => {
      const same = random.pick([1, -1, 0]);
      const values = Array.from({ length: N }, () => {
        const sign = same === 0 ? random.pick([1, -1]) : same;
        return BigInt(sign * bound) * (1n << BigInt(W)) - BigInt(sign * random.below(3));
      });
      const value = values.reduceRight((sum, limb) => (sum << BigInt(W)) + limb, 0n);
      return { value, bytes: Buffer.from(BigInt64Array.from(values).buffer) };
    };
    const valueOf = (bytes: Buffer) =>
      [...new BigInt64Array(Uint8Array.from(bytes).buffer)].reduceRight(
        (sum, limb) => (sum << BigInt(W)) + limb,
        0n,
      );
    const same = (a: bigint, b: bigint) => assert.equal((((a - b) % p) + p) % p, 0n);
    for (let i = 0; i < 300; i++) {
      const [a, b, c, d, twice] = [limbs(1), limbs(1), limbs(1), limbs(1), limbs(2)];
      const run = (...operands: Buffer[]) =>
        valueOf(
          guest.bytes("limbProduct", bits, ...[...operands, EMPTY, EMPTY, EMPTY].slice(0, 4)),
        ) * R;
      same(run(a.bytes, twice.bytes), a.value * twice.value);
      same(run(twice.bytes, b.bytes), twice.value * b.value);
      const x = limbs(large);
      same(run(x.bytes), x.value ** 2n);
      if (bits === 25519) continue;
      same(run(a.bytes, b.bytes, c.bytes, d.bytes), a.value * b.value + c.value * d.value);
    }
  });
}
