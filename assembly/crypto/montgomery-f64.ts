/**
 * Numbers modulo an RSA modulus as signed digits in f64, for the kernels in kernels/rsa.ts. Not
 * constant time; for public values only.
 *
 * Bounds, with L digits of radix B = 2^r, R = B^L and N = n κ + 1 ≤ B² n:
 * - L is such that B² n ≤ R / 8. A product then stays below R / 8 · 0.51 + (0.07 R)² / R < 0.07 R:
 *   it fits into L digits, its top carry is 0, and it is a multiple of n below B² n away from its
 *   value in [0, n).
 * - (L + 8) (B / 2)² < 2⁵³, so that sums of columns are exact: with r = 24, L < 120, which 2800
 *   bits keep; with r = 23, L < 504, which 8192 bits keep.
 *
 * To match a signature s with what it must be of, P + x with a digest x, s^e need not be known:
 * s^65536 comes out of squarings as z = s^65536 / R^65535, and s z - x C ≡ P C modulo n is what has
 * to be shown, with C = 1 / R^65535, which squarings make of 1. That saves one multiplication, and
 * x has few digits: X of them, for which L + X + 8 is within the bound above.
 */
import { mark, release } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { add, compare, subtract } from "./integer";
import { multiplyAdd, square } from "./kernels/rsa";

const WIDE_RADIX_BITS = 2800;

/**
 * A table begins with what a quotient is multiplied by; three numbers follow: N, n and R² mod n.
 */
const HEAD: usize = 16;

/** Bits of a digest that can be matched, and bytes of its digits: X is 12 for either radix. */
const DIGEST_BITS = 256;
const DIGEST_SIZE: usize = 96;
/** The exponent for which signatures are matched, 2^16 + 1. */
export const MATCHED_EXPONENT: u32 = 65537;
const SQUARINGS = 16;

@unmanaged
@final
export class RsaField {
  private radix: i32;
  private tiles: i32;
  /** Bytes of a number. */
  private size: usize;
  private magic: f64;
  private base: f64;
  private inverse: f64;
  private d: usize;
  private q: usize;
  /** The three numbers. */
  private at: usize = 0;
  /** 2 L columns of zeros, or 0 before they are needed. */
  private zeros: usize = 0;

  /**
   * `n` is little-endian words, with 8 readable bytes after them. Scratch is made in the active
   * region.
   */
  constructor(
    private n: usize,
    private words: i32,
    private bits: i32,
  ) {
    const radix = bits <= WIDE_RADIX_BITS ? 24 : 23;
    this.radix = radix;
    this.tiles = ((bits + 3 + radix - 1) / radix + 2 + 3) >> 2;
    this.size = (<usize>this.tiles) << 5;
    this.magic = 1.5 * 4503599627370496.0 * <f64>(1 << radix);
    this.base = <f64>(1 << radix);
    this.inverse = 1.0 / <f64>(1 << radix);
    this.d = heap.alloc(this.size << 1);
    this.q = heap.alloc(this.size << 1);
  }

  /** Bytes that prepare() fills. */
  get tableSize(): i32 {
    return <i32>(HEAD + 3 * this.size);
  }

  /** Uses a table that prepare() filled. */
  use(table: usize): void {
    this.at = table;
  }

  private make(): usize {
    return heap.alloc(this.size);
  }

  private multiply(r: usize, a: usize, b: usize): void {
    if (!this.zeros) this.makeZeros();
    this.multiplyAdd(r, a, b, this.zeros);
  }

  private makeZeros(): void {
    this.zeros = heap.alloc(this.size << 1);
    memory.fill(this.zeros, 0, this.size << 1);
  }

  private multiplyAdd(r: usize, a: usize, b: usize, columns: usize): void {
    const n = this.at + HEAD;
    multiplyAdd(r, a, b, columns, this.d, this.q, n, this.tiles, this.magic, this.inverse);
  }

  private square(r: usize, a: usize): void {
    const n = this.at + HEAD;
    square(r, a, this.d, this.q, n, this.tiles, this.magic, this.inverse);
  }

  /**
   * The signed digits of little-endian words, below 2^(32 words) with 8 readable bytes after them.
   */
  private toDigits(r: usize, words: usize, bits: i32, size: usize): void {
    const radix = this.radix;
    const mask: u32 = (1 << radix) - 1;
    let carry: i32 = 0;
    for (let i: usize = 0, at = 0; i < size; i += 8, at += radix) {
      let digit = carry;
      // A digit and the bits before it in its first byte are at most 31 bits.
      if (at < bits) digit += <i32>((load<u32>(words + (at >> 3)) >> (at & 7)) & mask);
      carry = (digit + (1 << (radix - 1))) >> radix;
      store<f64>(r + i, <f64>(digit - (carry << radix)));
    }
  }

  /** Fills a table with all that does not depend on a signature. */
  prepare(table: usize): void {
    this.at = table;
    // These stay; all that follow are released.
    this.makeZeros();
    const before = mark();
    const words = this.words;
    const size = (<usize>words) << 2;
    const numbers = table + HEAD;
    const n = this.n;
    this.toDigits(numbers + this.size, n, this.bits, this.size);
    // κ = -n⁻¹ mod B², by Newton's method modulo 2⁶⁴.
    const low = load<u64>(n);
    let x = low;
    for (let i = 0; i < 5; i++) x *= 2 - low * x;
    const factor = (0 - x) & (((<u64>1) << (2 * this.radix)) - 1);
    const product = heap.alloc(size + 16);
    memory.fill(product, 0, size + 16);
    scale(product, n, words, <u32>factor);
    scale(product + 4, n, words, <u32>(factor >> 32));
    increment(product);
    this.toDigits(numbers, product, (words + 2) << 5, this.size);
    // 1 / n, as a factor of what digits are worth from the one below n's top digit on.
    const top = (<usize>(this.bits / this.radix)) << 3;
    let value: f64 = 0;
    for (let i = top + 8; i >= top - 24; i -= 8) {
      value = value * this.base + load<f64>(numbers + this.size + i);
    }
    store<f64>(table, 1.0 / value);
    this.prepareSquare(numbers + 2 * this.size);
    release(before);
  }

  /**
   * R² mod n: doubled from a power of two below n to R 2^k, then squared, as R 2^k · R 2^k / R = R
   * 2^2k.
   */
  private prepareSquare(r: usize): void {
    const words = this.words;
    const size = (<usize>words) << 2;
    const x = heap.alloc(size + 8);
    memory.fill(x, 0, size + 8);
    const start = this.bits - 1;
    store<u32>(x + ((start >> 5) << 2), 1 << (start & 31));
    const exponent = ((<i32>this.size) >> 3) * this.radix;
    for (let i = start; i <= exponent; i++) this.double(x);
    // Now 2R; five more bits of the exponent by doubling, the rest by squaring, from the top down.
    const two = this.make();
    this.toDigits(two, x, this.bits, this.size);
    let bit = 31 - <i32>clz<u32>(exponent);
    const last = bit - 5;
    for (let done = 1, wanted = exponent >> last; done < wanted; done++) this.double(x);
    this.toDigits(r, x, this.bits, this.size);
    for (bit = last - 1; bit >= 0; bit--) {
      this.square(r, r);
      if ((exponent >> bit) & 1) this.multiply(r, r, two);
    }
  }

  /** x = 2x mod n, of words below n. */
  private double(x: usize): void {
    const words = this.words;
    if (add(x, x, x, words) || compare(x, this.n, words) >= 0) subtract(x, x, this.n, words);
  }

  /** s^e mod n as `length` big-endian bytes, for e odd and above 1, and s below n in words. */
  power(s: usize, e: u32, length: i32): Bytes {
    const plain = this.make();
    const y = this.make();
    this.toDigits(plain, s, this.bits, this.size);
    this.multiply(y, plain, this.at + HEAD + 2 * this.size);
    let base = y;
    if (popcnt<u32>(e) > 2) {
      base = this.make();
      memory.copy(base, y, this.size);
    }
    for (let bit = 30 - <i32>clz<u32>(e); bit >= 0; bit--) {
      this.square(y, y);
      // e is odd: the last factor is s without R, which takes the result out of Montgomery form.
      if ((e >> bit) & 1) this.multiply(y, y, bit == 0 ? plain : base);
    }
    this.reduce(y);
    return this.toBytes(y, length);
  }

  /** True if sums stay exact when a digest is matched. */
  get canMatch(): bool {
    const digits = <i32>((this.size + DIGEST_SIZE) >> 3);
    return digits + 8 <= 1 << (55 - 2 * this.radix);
  }

  /** Bytes that prepareMatch() fills: P C / R, then C with zeros before and after it. */
  get matchSize(): i32 {
    return <i32>((this.size + DIGEST_SIZE) << 1);
  }

  private factorAt(match: usize): usize {
    return match + this.size + DIGEST_SIZE;
  }

  /** Fills a table for matches() with what all signatures have in common: P, in words. */
  prepareMatch(match: usize, common: usize): void {
    memory.fill(match, 0, this.matchSize);
    const factor = this.factorAt(match);
    store<f64>(factor, 1);
    for (let i = 0; i < SQUARINGS; i++) this.square(factor, factor);
    this.toDigits(match, common, this.bits, this.size);
    this.multiply(match, match, factor);
    this.reduce(match);
  }

  /** True if s^65537 ≡ P + digest modulo n; both are words with 8 readable bytes after them. */
  matches(match: usize, s: usize, digest: usize): bool {
    const plain = this.make();
    const y = this.make();
    this.toDigits(plain, s, this.bits, this.size);
    this.square(y, plain);
    for (let i = 1; i < SQUARINGS; i++) this.square(y, y);
    this.multiplyAdd(y, y, plain, this.minusDigest(this.factorAt(match), digest));
    for (let i: usize = 0; i < this.size; i += 8) {
      store<f64>(y + i, load<f64>(y + i) - load<f64>(match + i));
    }
    this.divide(y);
    return this.isZero(y);
  }

  /** 2 L columns of -digest C. */
  private minusDigest(factor: usize, digest: usize): usize {
    const digits = heap.alloc(DIGEST_SIZE);
    const x = heap.alloc(2 * DIGEST_SIZE);
    this.toDigits(digits, digest, DIGEST_BITS, DIGEST_SIZE);
    for (let i: usize = 0; i < DIGEST_SIZE; i += 8) {
      v128.store(x + 2 * i, f64x2.splat(-load<f64>(digits + i)));
    }
    const columns = heap.alloc(2 * this.size);
    const end = this.size + DIGEST_SIZE;
    for (let i: usize = 0; i < end; i += 16) v128.store(columns + i, columnsOf(x, factor + i));
    memory.fill(columns + end, 0, this.size - DIGEST_SIZE);
    return columns;
  }

  /** True if digits, which may be below and above those of the radix, are those of 0. */
  private isZero(y: usize): bool {
    const end = y + this.size;
    let carry: f64 = 0;
    for (let at = y; at < end; at += 8) {
      carry = (load<f64>(at) + carry) * this.inverse;
      if (carry != nearest<f64>(carry)) return false;
    }
    return carry == 0;
  }

  /** Subtracts the multiple of n that is nearest to a number below B² n. */
  private divide(y: usize): void {
    // First the quotient's upper digit, then its lower one, each as the nearest integer.
    const upper = nearest<f64>(this.quotient(y) * this.inverse);
    this.subtract(y + 8, upper, this.size - 8);
    this.subtract(y, nearest<f64>(this.quotient(y)), this.size);
  }

  /** Digits of the value in [0, n), each in [0, B), in place of a product's. */
  private reduce(y: usize): void {
    this.divide(y);
    // Within n / 2 of 0.
    if (this.settle(y) < 0) {
      this.subtract(y, -1, this.size);
      this.settle(y);
    }
  }

  /**
   * y / n. The four topmost digits of n and what is above decide, with a relative error below 2⁻⁴⁰.
   */
  private quotient(y: usize): f64 {
    const bottom = ((<usize>(this.bits / this.radix)) << 3) - 24;
    let value: f64 = 0;
    for (let i = this.size - 8; i >= bottom; i -= 8) {
      value = value * this.base + load<f64>(y + i);
    }
    return value * load<f64>(this.at);
  }

  /**
   * y -= factor n, for the lowest `size` bytes of digits; sums stay below 2⁵³ as |factor| < 2²⁶.
   */
  private subtract(y: usize, factor: f64, size: usize): void {
    const n = this.at + HEAD + this.size;
    for (let i: usize = 0; i < size; i += 8) {
      store<f64>(y + i, load<f64>(y + i) - factor * load<f64>(n + i));
    }
  }

  /** Carries digits into [0, B), and returns what is left over: -1 for a negative number. */
  private settle(y: usize): f64 {
    const inverse = this.inverse;
    const base = this.base;
    const end = y + this.size;
    let carry: f64 = 0;
    for (let at = y; at < end; at += 8) {
      const digit = load<f64>(at) + carry;
      carry = floor<f64>(digit * inverse);
      store<f64>(at, digit - carry * base);
    }
    return carry;
  }

  private toBytes(y: usize, length: i32): Bytes {
    // From the lowest digit on, eight bytes at a time; there is room for the surplus of the last
    // ones.
    const start = heap.alloc(length + 8) + 8;
    let held: u64 = 0;
    let bits = 0;
    let at = start + length;
    for (; at > start; y += 8) {
      // 2⁵² + x has x in its low bits.
      const digit = reinterpret<u64>(load<f64>(y) + 4503599627370496.0) & 0xffffff;
      held |= digit << bits;
      bits += this.radix;
      if (bits >= 32) {
        at -= 4;
        store<u32>(at, bswap<u32>(<u32>held));
        held >>= 32;
        bits -= 32;
      }
    }
    return new Bytes(start, length);
  }
}

/** Two columns of the product of twelve splatted digits and of those up to `b`. */
function columnsOf(x: usize, b: usize): v128 {
  b -= DIGEST_SIZE - 8;
  let even = f64x2.mul(v128.load(x), v128.load(b, 88));
  let odd = f64x2.mul(v128.load(x, 16), v128.load(b, 80));
  even = f64x2.add(even, f64x2.mul(v128.load(x, 32), v128.load(b, 72)));
  odd = f64x2.add(odd, f64x2.mul(v128.load(x, 48), v128.load(b, 64)));
  even = f64x2.add(even, f64x2.mul(v128.load(x, 64), v128.load(b, 56)));
  odd = f64x2.add(odd, f64x2.mul(v128.load(x, 80), v128.load(b, 48)));
  even = f64x2.add(even, f64x2.mul(v128.load(x, 96), v128.load(b, 40)));
  odd = f64x2.add(odd, f64x2.mul(v128.load(x, 112), v128.load(b, 32)));
  even = f64x2.add(even, f64x2.mul(v128.load(x, 128), v128.load(b, 24)));
  odd = f64x2.add(odd, f64x2.mul(v128.load(x, 144), v128.load(b, 16)));
  even = f64x2.add(even, f64x2.mul(v128.load(x, 160), v128.load(b, 8)));
  odd = f64x2.add(odd, f64x2.mul(v128.load(x, 176), v128.load(b)));
  return f64x2.add(even, odd);
}

/** r += a m; r has room for two words more than a. */
function scale(r: usize, a: usize, words: i32, m: u32): void {
  let carry: u64 = 0;
  let i: usize = 0;
  for (; i < (<usize>words) << 2; i += 4) {
    carry += <u64>load<u32>(r + i) + <u64>load<u32>(a + i) * <u64>m;
    store<u32>(r + i, <u32>carry);
    carry >>= 32;
  }
  store<u32>(r + i, load<u32>(r + i) + <u32>carry);
}

/** r += 1. */
function increment(r: usize): void {
  while (true) {
    const x = load<u32>(r) + 1;
    store<u32>(r, x);
    if (x != 0) return;
    r += 4;
  }
}
