/**
 * Fast points on a NIST curve: Jacobian coordinates over a generated field. Doubling works for
 * every point. Adding fails for equal or opposite points and for infinity, and then leaves Z = 0
 * for good, because every later Z is a multiple of it. A caller must check Z at the end, and let
 * the exact arithmetic of weierstrass.ts decide if it is 0.
 */
// @ts-nocheck: AssemblyScript looks at a type parameter when the type is known.
import { BATCH, invertAll } from "./batch";
import { invert } from "./inverse";

/** For one verification, in the active region. A point is X, Y and Z in Montgomery form. */
@unmanaged
@final
export class Jacobian<F> {
  /** Bytes of a number. */
  readonly size: usize;
  /** Bytes of an affine point that is packed: its limbs as i32. */
  readonly packedSize: usize;
  readonly pointSize: usize;
  /** An affine point, x and y, that `add` takes. */
  readonly entry: usize;
  private t: usize;
  private square: usize;
  private inverses: usize;

  /** `p` is the prime's `words` little-endian words. */
  constructor(
    private p: usize,
    readonly words: i32,
  ) {
    const f = changetype<F>(<usize>0);
    const size = (<usize>f.limbs) << 3;
    this.size = size;
    this.packedSize = size;
    this.pointSize = 3 * size;
    this.entry = heap.alloc(2 * size);
    this.t = heap.alloc(8 * size);
    this.square = heap.alloc(size);
    this.inverses = heap.alloc((BATCH + 1) * size);
    f.setSquare(this.square);
  }

  makePoint(): usize {
    return heap.alloc(this.pointSize);
  }

  /** Limbs of a number in words, not in Montgomery form. */
  private fromWords(r: usize, words: usize): void {
    const f = changetype<F>(<usize>0);
    const width = f.width;
    const mask = ((<u64>1) << width) - 1;
    let held: u64 = 0;
    let bits = 0;
    let word = 0;
    for (let i: usize = 0; i < this.size; i += 8) {
      if (bits < width && word < this.words) {
        held |= (<u64>load<u32>(words + ((<usize>word) << 2))) << bits;
        bits += 32;
        word++;
      }
      store<u64>(r + i, held & mask);
      held >>= width;
      bits -= width;
    }
  }

  /** r = a in Montgomery form. */
  enter(r: usize, a: usize): void {
    const f = changetype<F>(<usize>0);
    this.fromWords(this.t, a);
    f.multiply(r, this.t, this.square);
  }

  /** True if a number is 0 modulo p: a / R is in [0, p], and both ends have one form. */
  isZero(a: usize): bool {
    const f = changetype<F>(<usize>0);
    const t = this.t;
    const p = t + this.size;
    memory.fill(t, 0, this.size);
    store<i64>(t, 1);
    f.multiply(t, a, t);
    f.setModulus(p);
    let zero: i64 = 0;
    let same: i64 = 0;
    for (let i: usize = 0; i < this.size; i += 8) {
      zero |= load<i64>(t + i);
      same |= load<i64>(t + i) ^ load<i64>(p + i);
    }
    return zero == 0 || same == 0;
  }

  /** a = 1 / a, in Montgomery form both; a is not 0. */
  invert(a: usize): void {
    const f = changetype<F>(<usize>0);
    const t = this.t;
    const words = t + this.size;
    memory.fill(t, 0, this.size);
    store<i64>(t, 1);
    // Out of Montgomery form, as in isZero(): in [0, p], and not 0 or p.
    f.multiply(t, a, t);
    this.toWords(words, t);
    invert(words, words, this.p, this.words);
    this.fromWords(t, words);
    f.multiply(a, t, this.square);
  }

  /** Words of a carried number that is not negative. */
  private toWords(r: usize, a: usize): void {
    const f = changetype<F>(<usize>0);
    const width = f.width;
    const end = a + this.size;
    let held: u64 = 0;
    let bits = 0;
    for (let word = 0; word < this.words; word++, bits -= 32, held >>= 32) {
      // The words of P-521 go beyond its limbs.
      for (; bits < 32 && a < end; bits += width, a += 8) held |= load<u64>(a) << bits;
      store<u32>(r + ((<usize>word) << 2), <u32>held);
    }
  }

  /** The point of a packed affine one. */
  fromPacked(a: usize, packed: usize): void {
    const f = changetype<F>(<usize>0);
    f.unpack(a, packed);
    f.unpack(a + this.size, packed + (this.size >> 1));
    f.setOne(a + 2 * this.size);
  }

  /** Takes a packed affine point, or its opposite, as the entry. */
  setEntry(packed: usize, negative: bool): void {
    const f = changetype<F>(<usize>0);
    f.unpack(this.entry, packed);
    const y = packed + (this.size >> 1);
    if (negative) f.unpackNegative(this.entry + this.size, y);
    else f.unpack(this.entry + this.size, y);
  }

  /** a = infinity. */
  setNeutral(a: usize): void {
    memory.fill(a, 0, this.pointSize);
  }

  /** a = the entry. */
  fromEntry(a: usize): void {
    const f = changetype<F>(<usize>0);
    memory.copy(a, this.entry, 2 * this.size);
    f.setOne(a + 2 * this.size);
  }

  /** Packs the affine point of coordinates in words. */
  packAffine(packed: usize, x: usize, y: usize): void {
    const f = changetype<F>(<usize>0);
    this.enter(this.entry, x);
    this.enter(this.entry + this.size, y);
    f.pack(packed, this.entry);
    f.pack(packed + (this.size >> 1), this.entry + this.size);
  }

  /**
   * Packs up to BATCH points, one after the other, as affine ones; false where one of them is at
   * infinity.
   */
  normalize(packed: usize, points: usize, count: i32): bool {
    const f = changetype<F>(<usize>0);
    const size = this.size;
    const inverses = this.inverses;
    if (!invertAll<Jacobian<F>, F>(this, inverses, points + 2 * size, this.pointSize, count))
      return false;
    const square = this.t;
    const x = square + size;
    for (let i: usize = 0; i < <usize>count; i++) {
      const point = points + i * this.pointSize;
      const at = packed + i * this.packedSize;
      const z = inverses + i * size;
      f.square(square, z);
      f.multiply(x, point, square);
      f.pack(at, x);
      f.multiply(square, square, z);
      f.multiply(x, point + size, square);
      f.pack(at + (size >> 1), x);
    }
    return true;
  }

  /** a = 2a; dbl-2001-b of the Explicit-Formulas Database. */
  double(a: usize): void {
    const f = changetype<F>(<usize>0);
    const size = this.size;
    const y = a + size;
    const z = y + size;
    const delta = this.t;
    const gamma = delta + size;
    const beta = gamma + size;
    const alpha = beta + size;
    const u = alpha + size;
    f.square(delta, z);
    f.square(gamma, y);
    f.multiply(beta, a, gamma);
    f.subtract(u, a, delta);
    f.add(alpha, a, delta);
    f.multiply(alpha, u, alpha);
    f.triple(alpha, alpha);
    f.multiply(z, y, z);
    f.double(z, z);
    f.square(u, alpha);
    f.subtractEight(a, u, beta);
    f.fourMinus(beta, beta, a);
    f.minusEight(u, gamma);
    f.multiplyAdd(y, alpha, beta, gamma, u);
  }

  /** a = a + the entry, where a is neither the entry nor its opposite nor infinity. */
  add(a: usize): void {
    const f = changetype<F>(<usize>0);
    const size = this.size;
    const y = a + size;
    const z = y + size;
    const u = this.t;
    const s = u + size;
    const hh = s + size;
    const v = hh + size;
    const w = v + size;
    f.square(hh, z);
    f.multiply(u, this.entry, hh);
    f.multiply(s, z, hh);
    f.multiply(s, s, this.entry + size);
    f.subtract(u, u, a);
    f.subtract(s, s, y);
    f.square(hh, u);
    f.multiply(v, a, hh);
    f.multiply(hh, hh, u);
    f.multiply(z, z, u);
    f.square(w, s);
    f.minusAndTwice(a, w, hh, v);
    f.subtract(v, v, a);
    f.negate(hh, hh);
    f.multiplyAdd(y, s, v, y, hh);
  }
}
