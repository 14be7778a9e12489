/**
 * Arithmetic on secrets modulo a prime between 2²⁵⁵ and 2²⁵⁶: Montgomery multiplication, CIOS, with
 * 32-bit words, as in modulus.ts, but constant time: no branch and no address depends on a number,
 * and masks select results. It assumes that the host multiplies all 64-bit words in the same time,
 * which is true on the processors that Traefik is released for. Every result is below the modulus.
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
    // Newton: each step doubles the correct bits, and three bits of x = n are correct.
    const low = load<u32>(n);
    let x = low;
    for (let i = 0; i < 4; i++) x *= 2 - low * x;
    this.inverse = 0 - x;
    this.t = heap.alloc(SIZE);
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

  /** 1 if 0 < a < n, else 0. */
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

  /**
   * r = a b / R mod n, for a < R and b < n. Both carries, of the product's words and of q n's, run
   * side by side.
   */
  multiply(r: usize, a: usize, b: usize): void {
    const n = this.n;
    const a0: u64 = load<u32>(a, 0);
    const a1: u64 = load<u32>(a, 4);
    const a2: u64 = load<u32>(a, 8);
    const a3: u64 = load<u32>(a, 12);
    const a4: u64 = load<u32>(a, 16);
    const a5: u64 = load<u32>(a, 20);
    const a6: u64 = load<u32>(a, 24);
    const a7: u64 = load<u32>(a, 28);
    const n0: u64 = load<u32>(n, 0);
    const n1: u64 = load<u32>(n, 4);
    const n2: u64 = load<u32>(n, 8);
    const n3: u64 = load<u32>(n, 12);
    const n4: u64 = load<u32>(n, 16);
    const n5: u64 = load<u32>(n, 20);
    const n6: u64 = load<u32>(n, 24);
    const n7: u64 = load<u32>(n, 28);
    let t0: u64 = 0;
    let t1: u64 = 0;
    let t2: u64 = 0;
    let t3: u64 = 0;
    let t4: u64 = 0;
    let t5: u64 = 0;
    let t6: u64 = 0;
    let t7: u64 = 0;
    let t8: u64 = 0;
    const inverse = this.inverse;
    for (let i: usize = 0; i < SIZE; i += 4) {
      // (2³²-1)² + 2 (2³²-1) = 2⁶⁴-1: no sum here overflows.
      const y: u64 = load<u32>(b + i);
      let c = t0 + a0 * y;
      const q: u64 = <u32>c * inverse;
      let d = (<u64>(<u32>c) + q * n0) >> 32;
      c = (c >> 32) + t1 + a1 * y;
      d += <u64>(<u32>c) + q * n1;
      t0 = <u32>d;
      d >>= 32;
      c = (c >> 32) + t2 + a2 * y;
      d += <u64>(<u32>c) + q * n2;
      t1 = <u32>d;
      d >>= 32;
      c = (c >> 32) + t3 + a3 * y;
      d += <u64>(<u32>c) + q * n3;
      t2 = <u32>d;
      d >>= 32;
      c = (c >> 32) + t4 + a4 * y;
      d += <u64>(<u32>c) + q * n4;
      t3 = <u32>d;
      d >>= 32;
      c = (c >> 32) + t5 + a5 * y;
      d += <u64>(<u32>c) + q * n5;
      t4 = <u32>d;
      d >>= 32;
      c = (c >> 32) + t6 + a6 * y;
      d += <u64>(<u32>c) + q * n6;
      t5 = <u32>d;
      d >>= 32;
      c = (c >> 32) + t7 + a7 * y;
      d += <u64>(<u32>c) + q * n7;
      t6 = <u32>d;
      d >>= 32;
      d += (c >> 32) + t8;
      t7 = <u32>d;
      t8 = d >> 32;
    }
    const t = this.t;
    store<u32>(t, <u32>t0, 0);
    store<u32>(t, <u32>t1, 4);
    store<u32>(t, <u32>t2, 8);
    store<u32>(t, <u32>t3, 12);
    store<u32>(t, <u32>t4, 16);
    store<u32>(t, <u32>t5, 20);
    store<u32>(t, <u32>t6, 24);
    store<u32>(t, <u32>t7, 28);
    this.settle(r, t, <u32>t8);
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

  /** r = 1 / a, both in Montgomery form: a^(n - 2), by a public exponent. 0 gives 0. */
  invert(r: usize, a: usize): void {
    const exponent = this.make();
    memory.copy(exponent, this.n, SIZE);
    // No borrow, because the curve's primes end in more than 1.
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

  /** r = a - n if a, with `top` before its words, is not below n; else a. */
  private settle(r: usize, a: usize, top: u32): void {
    let borrow: i64 = 0;
    for (let i: usize = 0; i < SIZE; i += 4) {
      borrow += <i64>load<u32>(a + i) - <i64>load<u32>(this.n + i);
      borrow >>= 32;
    }
    // All ones if n is subtracted: there was a top, or no borrow.
    const mask = (<u32>~(<i32>borrow)) | (0 - top);
    borrow = 0;
    for (let i: usize = 0; i < SIZE; i += 4) {
      borrow += <i64>load<u32>(a + i) - <i64>(load<u32>(this.n + i) & mask);
      store<u32>(r + i, <u32>borrow);
      borrow >>= 32;
    }
  }
}
