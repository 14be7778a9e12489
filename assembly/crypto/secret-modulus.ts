/**
 * Arithmetic on secrets modulo a prime between 2²⁵⁵ and 2²⁵⁶: Montgomery multiplication, CIOS, with 32-bit words, as in
 * modulus.ts, but constant time: no branch and no address depends on a number. What is taken or left is decided by
 * masks. It rests on the host's multiplication of 64-bit words taking the same time for all of them, which holds on
 * the processors that Traefik is released for. Every result is below the modulus.
 */
import { add, subtract } from "./integer";

const WORDS = 8;
export const SIZE: usize = 32;

@unmanaged
@final
export class SecretModulus {
  /** -n⁻¹ mod 2³². */
  private inverse: u32;
  private t: usize;
  /** R² mod n, R = 2²⁵⁶. */
  private square: usize;

  /** `n` is kept by reference: 8 little-endian words. */
  constructor(readonly n: usize) {
    // Newton: each step doubles the right bits, and x = n is right in three.
    const low = load<u32>(n);
    let x = low;
    for (let i = 0; i < 4; i++) x *= 2 - low * x;
    this.inverse = 0 - x;
    this.t = heap.alloc(SIZE + 8);
    this.square = heap.alloc(SIZE);
    // R doubled 256 times.
    this.one(this.square);
    for (let i = 0; i < 256; i++) this.add(this.square, this.square, this.square);
  }

  /** Room for one number. */
  make(): usize {
    return heap.alloc(SIZE);
  }

  /** r = R mod n: one, in Montgomery form. R - n, as n is above R / 2. */
  one(r: usize): void {
    memory.fill(r, 0, SIZE);
    subtract(r, r, this.n, WORDS);
  }

  /** r = a mod n, for any a below R. */
  reduce(r: usize, a: usize): void {
    this.settle(r, a, 0);
  }

  /** Whether 0 < a < n, as 1 or 0. */
  inRange(a: usize): u32 {
    const borrow = subtract(this.t, a, this.n, WORDS);
    let seen: u32 = 0;
    for (let i: usize = 0; i < SIZE; i += 4) seen |= load<u32>(a + i);
    return borrow & ((seen | (0 - seen)) >> 31);
  }

  add(r: usize, a: usize, b: usize): void {
    this.settle(r, r, add(r, a, b, WORDS));
  }

  subtract(r: usize, a: usize, b: usize): void {
    const mask = 0 - subtract(r, a, b, WORDS);
    let carry: u64 = 0;
    for (let i: usize = 0; i < SIZE; i += 4) {
      carry += <u64>load<u32>(r + i) + (load<u32>(this.n + i) & mask);
      store<u32>(r + i, <u32>carry);
      carry >>= 32;
    }
  }

  /** r = a b / R mod n, for a < R and b < n. */
  multiply(r: usize, a: usize, b: usize): void {
    const t = this.t;
    const n = this.n;
    memory.fill(t, 0, SIZE + 8);
    for (let i: usize = 0; i < SIZE; i += 4) {
      const y: u64 = load<u32>(b + i);
      let carry: u64 = 0;
      // (2³²-1)² + 2 (2³²-1) = 2⁶⁴-1: no sum here overflows.
      for (let j: usize = 0; j < SIZE; j += 4) {
        carry += <u64>load<u32>(t + j) + <u64>load<u32>(a + j) * y;
        store<u32>(t + j, <u32>carry);
        carry >>= 32;
      }
      carry += load<u32>(t + SIZE);
      store<u32>(t + SIZE, <u32>carry);
      store<u32>(t + SIZE, <u32>(carry >> 32), 4);
      const q: u64 = <u32>(load<u32>(t) * this.inverse);
      carry = (<u64>load<u32>(t) + q * load<u32>(n)) >> 32;
      for (let j: usize = 4; j < SIZE; j += 4) {
        carry += <u64>load<u32>(t + j) + q * load<u32>(n + j);
        store<u32>(t + j - 4, <u32>carry);
        carry >>= 32;
      }
      carry += load<u32>(t + SIZE);
      store<u32>(t + SIZE - 4, <u32>carry);
      store<u32>(t + SIZE, load<u32>(t + SIZE, 4) + <u32>(carry >> 32));
    }
    this.settle(r, t, load<u32>(t + SIZE));
  }

  /** r = a R mod n, for any a below R. */
  enter(r: usize, a: usize): void {
    this.multiply(r, a, this.square);
  }

  /** r = a / R mod n. */
  leave(r: usize, a: usize): void {
    const one = this.make();
    memory.fill(one, 0, SIZE);
    store<u8>(one, 1);
    this.multiply(r, a, one);
  }

  /** r = 1 / a in Montgomery form both: a^(n - 2), by an exponent that everybody knows. 0 gives 0. */
  invert(r: usize, a: usize): void {
    const exponent = this.make();
    memory.copy(exponent, this.n, SIZE);
    // No borrow: the primes of the curve end in more than 1.
    store<u32>(exponent, load<u32>(exponent) - 2);
    const power = this.make();
    this.one(power);
    for (let i = 255; i >= 0; i--) {
      this.multiply(power, power, power);
      const word = load<u32>(exponent + ((<usize>(i >> 5)) << 2));
      if ((word >> (i & 31)) & 1) this.multiply(power, power, a);
    }
    memory.copy(r, power, SIZE);
  }

  /** r = a - n where a, with `top` before its words, is not below n; else a. */
  private settle(r: usize, a: usize, top: u32): void {
    let borrow: i64 = 0;
    for (let i: usize = 0; i < SIZE; i += 4) {
      borrow += <i64>load<u32>(a + i) - <i64>load<u32>(this.n + i);
      borrow >>= 32;
    }
    // All ones where it is to be taken off: there was a top, or no borrow.
    const mask = (<u32>~(<i32>borrow)) | (0 - top);
    borrow = 0;
    for (let i: usize = 0; i < SIZE; i += 4) {
      borrow += <i64>load<u32>(a + i) - <i64>(load<u32>(this.n + i) & mask);
      store<u32>(r + i, <u32>borrow);
      borrow >>= 32;
    }
  }
}
