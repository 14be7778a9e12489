/**
 * Arithmetic modulo an odd number of any size: Montgomery multiplication, FIOS (Koç, Acar, Kaliski
 * 1996), with 32-bit words. Every result is below the modulus. Not constant time; for public values
 * only.
 */
import { add, compare, isZero, subtract } from "./integer";

@unmanaged
@final
export class Modulus {
  /** -n⁻¹ mod 2³². */
  private inverse: u32;
  private scratch: usize;

  /** `n` is kept by reference: odd, little-endian words, the top one not zero. */
  constructor(
    readonly n: usize,
    readonly words: i32,
    /** R² mod n, R = 2^(32 words), if it is known; otherwise computed when needed. */
    private square: usize = 0,
  ) {
    // Newton: each step doubles the correct bits, and three bits of x = n are correct.
    const low = load<u32>(n);
    let x = low;
    for (let i = 0; i < 4; i++) x *= 2 - low * x;
    this.inverse = 0 - x;
    this.scratch = heap.alloc((words + 1) << 2);
  }

  /** Room for one number. */
  make(): usize {
    return heap.alloc(this.words << 2);
  }

  isZero(a: usize): bool {
    return isZero(a, this.words);
  }

  equal(a: usize, b: usize): bool {
    return compare(a, b, this.words) == 0;
  }

  add(r: usize, a: usize, b: usize): void {
    const carry = add(r, a, b, this.words);
    if (carry || compare(r, this.n, this.words) >= 0) subtract(r, r, this.n, this.words);
  }

  subtract(r: usize, a: usize, b: usize): void {
    if (subtract(r, a, b, this.words)) add(r, r, this.n, this.words);
  }

  /** r = a b / R mod n, for a < R and b < n. */
  multiply(r: usize, a: usize, b: usize): void {
    const t = this.scratch;
    const n = this.n;
    const inverse = this.inverse;
    const size = (<usize>this.words) << 2;
    memory.fill(t, 0, size + 4);
    for (let i: usize = 0; i < size; i += 4) {
      const y: u64 = load<u32>(b + i);
      // (2³²-1)² + 2 (2³²-1) = 2⁶⁴-1: no sum here overflows.
      let carry = <u64>load<u32>(t) + <u64>load<u32>(a) * y;
      const q: u64 = <u32>(<u32>carry * inverse);
      let other = (<u64>(<u32>carry) + q * load<u32>(n)) >> 32;
      carry >>= 32;
      for (let j: usize = 4; j < size; j += 4) {
        carry += <u64>load<u32>(t + j) + <u64>load<u32>(a + j) * y;
        other += <u64>(<u32>carry) + q * load<u32>(n + j);
        store<u32>(t + j - 4, <u32>other);
        carry >>= 32;
        other >>= 32;
      }
      carry += other + load<u32>(t + size);
      store<u32>(t + size - 4, <u32>carry);
      store<u32>(t + size, <u32>(carry >> 32));
    }
    if (load<u32>(t + size) || compare(t, n, this.words) >= 0) subtract(r, t, n, this.words);
    else memory.copy(r, t, size);
  }

  /** r = a R mod n. */
  enter(r: usize, a: usize): void {
    if (!this.square) this.prepare();
    this.multiply(r, a, this.square);
  }

  /** r = a / R mod n. */
  leave(r: usize, a: usize): void {
    const one = this.make();
    memory.fill(one, 0, this.words << 2);
    store<u32>(one, 1);
    this.multiply(r, a, one);
  }

  /** r = R mod n: one, in Montgomery form. */
  one(r: usize): void {
    const size = this.words << 2;
    const top = load<u32>(this.n + size - 4);
    const shift = <i32>clz<u32>(top);
    // R mod n by doubling 2^(bits - 1) < n up.
    memory.fill(r, 0, size);
    store<u32>(r + size - 4, (<u32>1) << (31 - shift));
    for (let i = 0; i <= shift; i++) this.add(r, r, r);
  }

  /** R² mod n: R doubled to R 2^k, then squared (R 2^k · R 2^k / R) until 2^k is R. */
  private prepare(): void {
    const r = this.make();
    this.one(r);
    let k = this.words << 5;
    let squarings = 0;
    while ((k & 1) == 0) {
      k >>= 1;
      squarings++;
    }
    // Doubling is cheaper than squaring for a few.
    for (; k < 32; k <<= 1) squarings--;
    for (let i = 0; i < k; i++) this.add(r, r, r);
    for (let i = 0; i < squarings; i++) this.multiply(r, r, r);
    this.square = r;
  }
}
