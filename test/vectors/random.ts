/** Deterministic randomness for tests: SHA-256 in counter mode over a seed, so that a printed seed repeats a run. */
import { createHash } from "node:crypto";

export class Random {
  #counter = 0;
  #pool = Buffer.alloc(0);

  constructor(readonly seed: string) {}

  bytes(count: number): Buffer {
    while (this.#pool.length < count) {
      const block = createHash("sha256").update(`${this.seed}:${this.#counter++}`).digest();
      this.#pool = Buffer.concat([this.#pool, block]);
    }
    const bytes = Buffer.from(this.#pool.subarray(0, count));
    this.#pool = this.#pool.subarray(count);
    return bytes;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return this.bytes(6).readUIntBE(0, 6) % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  chance(one: number): boolean {
    return this.below(one) === 0;
  }

  /** A number from 1 up to, not including, `limit`. */
  natural(limit: bigint): bigint {
    const bytes = (limit.toString(16).length >> 1) + 9;
    return (toBigInt(this.bytes(bytes)) % (limit - 1n)) + 1n;
  }

  /**
   * A number below 2^bits made to force carries: runs of ones and zeros that end where limbs of 21 to 64 bits do,
   * or a little above or below such a number.
   */
  carries(bits: number): bigint {
    const width = this.pick([21, 22, 23, 24, 26, 27, 28, 29, 30, 32, 52, 64]);
    let value = 0n;
    for (let at = 0; at < bits; at += width) {
      const limb = this.pick([
        0n,
        (1n << BigInt(width)) - 1n,
        1n << BigInt(width - 1),
        (1n << BigInt(width - 1)) - 1n,
        (1n << BigInt(width - 1)) + 1n,
        1n,
      ]);
      value |= limb << BigInt(at);
    }
    value += BigInt(this.pick([-2, -1, 0, 0, 1, 2]));
    return BigInt.asUintN(bits, value);
  }
}

export function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** Big-endian bytes of exactly `length`; what does not fit is cut off at the top. */
export function toBytes(value: bigint, length: number): Buffer {
  const cut = BigInt.asUintN(length * 8, value);
  return Buffer.from(cut.toString(16).padStart(length * 2, "0"), "hex");
}

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulus, ((value % modulus) + modulus) % modulus, 0n, 1n];
  while (b > 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}
