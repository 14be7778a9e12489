/**
 * Points of edwards25519, -x² + y² = 1 + d x² y², in extended coordinates: RFC 8032 §5.1. The
 * addition formulas are complete: they hold for every pair of points, so there is no special case
 * to find. Public values only.
 */
import { Bytes } from "../text/bytes";
import { BATCH, invertAll } from "./batch";
import { add, compare, isZero, subtract } from "./integer";
import { invert } from "./inverse";
import { Field25519 } from "./kernels/field25519";

/** RFC 8032 §5.1, table 1; little-endian 32-bit words. */
const PARAMETERS = memory.data<u32>([
  // p
  0xffffffed, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff,
  // L, the order of B
  0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0x00000000, 0x00000000, 0x00000000, 0x10000000,
  // R² mod L, R = 2²⁵⁶
  0x449c0f01, 0xa40611e3, 0x68859347, 0xd00e1ba7, 0x17f5be65, 0xceec73d2, 0x7c309a3d, 0x0399411b,
  // d
  0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee,
  // x of B
  0x8f25d51a, 0xc9562d60, 0x9525a7b2, 0x692cc760, 0xfdd6dc5c, 0xc0a4e231, 0xcd6e53fe, 0x216936d3,
  // y of B
  0x66666658, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666,
]);
export const WORDS = 8;
const BYTES: usize = 32;

/** L and R² mod L. */
export const ORDER = PARAMETERS + BYTES;
export const ORDER_SQUARE = PARAMETERS + 2 * BYTES;

/** Bytes of a number in the field, and of a packed one. */
const SIZE: usize = 9 * 8;
const PACKED: usize = 9 * 4;

/** For one verification, in the active region. A point is X, Y, Z and T = XY / Z. */
@unmanaged
@final
export class Edwards {
  readonly size: usize = SIZE;
  /** Bytes of an affine point that is packed: y + x, y - x and 2dxy. */
  readonly packedSize: usize = 3 * PACKED;
  readonly pointSize: usize = 4 * SIZE;
  readonly words: i32 = WORDS;
  /** y + x, y - x and 2dxy of the point that `add` takes. */
  private entry: usize = heap.alloc(3 * SIZE);
  private t: usize = heap.alloc(6 * SIZE);
  private inverses: usize = heap.alloc((BATCH + 1) * SIZE);
  private d: usize = heap.alloc(SIZE);

  constructor() {
    this.fromWords(this.d, PARAMETERS + 3 * BYTES);
  }

  private get f(): Field25519 {
    return changetype<Field25519>(<usize>0);
  }

  makePoint(): usize {
    return heap.alloc(this.pointSize);
  }

  private make(): usize {
    return heap.alloc(SIZE);
  }

  /** Limbs of 29 bits of 8 words. */
  private fromWords(r: usize, words: usize): void {
    const mask: u64 = (1 << 29) - 1;
    let held: u64 = 0;
    let bits = 0;
    for (let i: usize = 0; i < SIZE; i += 8, held >>= 29, bits -= 29) {
      if (bits < 29 && i < SIZE - 8) {
        held |= (<u64>load<u32>(words)) << bits;
        words += 4;
        bits += 32;
      }
      store<u64>(r + i, held & mask);
    }
  }

  /** The one value below p, in words. */
  private toWords(r: usize, a: usize): void {
    const t = this.t + 5 * SIZE;
    this.f.carry(t, a);
    // Now within p / 2¹⁰ of [0, p], where the top limb has the sign: p more makes it positive.
    let at = t;
    let held: i64 = 0;
    let bits = 0;
    for (let i: usize = 0; i < BYTES; i += 4, held >>= 32, bits -= 32) {
      for (; bits < 32; bits += 29, at += 8) held += load<i64>(at) << bits;
      store<u32>(r + i, <u32>held);
    }
    const p = PARAMETERS;
    add(r, r, p, WORDS);
    while (compare(r, p, WORDS) >= 0) subtract(r, r, p, WORDS);
  }

  isZero(a: usize): bool {
    const words = this.t + 4 * SIZE;
    this.toWords(words, a);
    return isZero(words, WORDS);
  }

  /** a = 1 / a; a is not 0. */
  invert(a: usize): void {
    const words = this.t + 4 * SIZE;
    this.toWords(words, a);
    invert(words, words, PARAMETERS, WORDS);
    this.fromWords(a, words);
  }

  /** Takes a packed point, or its opposite, as the entry. */
  setEntry(packed: usize, negative: bool): void {
    const f = this.f;
    const entry = this.entry;
    f.unpack(entry + (negative ? SIZE : 0), packed);
    f.unpack(entry + (negative ? 0 : SIZE), packed + PACKED);
    if (negative) f.unpackNegative(entry + 2 * SIZE, packed + 2 * PACKED);
    else f.unpack(entry + 2 * SIZE, packed + 2 * PACKED);
  }

  /** a = (0, 1), the neutral element. */
  setNeutral(a: usize): void {
    memory.fill(a, 0, this.pointSize);
    this.f.setOne(a + SIZE);
    this.f.setOne(a + 2 * SIZE);
  }

  /** a = the entry: from u = 2x and v = 2y the coordinates 2u, 2v and 4, whose T is u v. */
  fromEntry(a: usize): void {
    const f = this.f;
    const u = this.t;
    const v = u + SIZE;
    f.subtract(u, this.entry, this.entry + SIZE);
    f.add(v, this.entry, this.entry + SIZE);
    f.carry(v, v);
    f.double(a, u);
    f.double(a + SIZE, v);
    memory.fill(a + 2 * SIZE, 0, SIZE);
    store<i64>(a + 2 * SIZE, 4);
    f.multiply(a + 3 * SIZE, u, v);
  }

  /** The point of a packed one. */
  fromPacked(a: usize, packed: usize): void {
    this.setEntry(packed, false);
    this.fromEntry(a);
  }

  /** Packs the affine point of coordinates in the field. */
  private packAffine(packed: usize, x: usize, y: usize): void {
    const f = this.f;
    const t = this.t;
    f.add(t, y, x);
    f.carry(t, t);
    f.pack(packed, t);
    f.subtract(t, y, x);
    f.carry(t, t);
    f.pack(packed + PACKED, t);
    f.multiply(t, x, y);
    f.multiply(t, t, this.d);
    f.double(t, t);
    f.pack(packed + 2 * PACKED, t);
  }

  /** Packs the base point. */
  packBase(packed: usize): void {
    const x = this.t + 2 * SIZE;
    const y = x + SIZE;
    this.fromWords(x, PARAMETERS + 4 * BYTES);
    this.fromWords(y, PARAMETERS + 5 * BYTES);
    this.packAffine(packed, x, y);
  }

  /** Packs up to BATCH points, one after the other. Z is never 0. */
  normalize(packed: usize, points: usize, count: i32): bool {
    const f = this.f;
    const inverses = this.inverses;
    const z = points + 2 * SIZE;
    if (!invertAll<Edwards, Field25519>(this, inverses, z, this.pointSize, count)) return false;
    const x = this.t + 2 * SIZE;
    const y = x + SIZE;
    for (let i: usize = 0; i < <usize>count; i++) {
      const point = points + i * this.pointSize;
      f.multiply(x, point, inverses + i * SIZE);
      f.multiply(y, point + SIZE, inverses + i * SIZE);
      this.packAffine(packed + i * this.packedSize, x, y);
    }
    return true;
  }

  /**
   * a = 2a: E = 2XY, H = X² + Y², G = Y² - X², F = 2Z² - G; all coordinates negated, which is the
   * same point.
   */
  double(a: usize): void {
    const f = this.f;
    const e = this.t;
    const ff = e + SIZE;
    const g = ff + SIZE;
    const h = g + SIZE;
    f.multiply(e, a, a + SIZE);
    f.double(e, e);
    f.square(ff, a);
    f.square(h, a + SIZE);
    f.subtract(g, h, ff);
    f.add(h, h, ff);
    f.square(ff, a + 2 * SIZE);
    f.twiceMinus(ff, ff, g);
    this.product(a, e, ff, g, h);
  }

  /** a = a + the entry, RFC 8032 §5.1.4: E = B - A, F = 2Z - C, G = 2Z + C, H = B + A. */
  add(a: usize): void {
    const f = this.f;
    const e = this.t;
    const ff = e + SIZE;
    const g = ff + SIZE;
    const h = g + SIZE;
    f.subtract(g, a + SIZE, a);
    f.multiply(g, g, this.entry + SIZE);
    f.add(h, a + SIZE, a);
    f.multiply(h, h, this.entry);
    f.subtract(e, h, g);
    f.add(h, h, g);
    f.multiply(ff, a + 3 * SIZE, this.entry + 2 * SIZE);
    f.twicePlus(g, a + 2 * SIZE, ff);
    f.twiceMinus(ff, a + 2 * SIZE, ff);
    this.product(a, e, ff, g, h);
  }

  /** X = EF, Y = GH, Z = FG, T = EH. */
  private product(a: usize, e: usize, ff: usize, g: usize, h: usize): void {
    const f = this.f;
    f.multiply(a, e, ff);
    f.multiply(a + SIZE, g, h);
    f.multiply(a + 2 * SIZE, ff, g);
    f.multiply(a + 3 * SIZE, e, h);
  }

  /** True if the point has a small order: 8 times it is the neutral element, x = 0 and y = 1. */
  isSmall(packed: usize): bool {
    const f = this.f;
    const p = this.makePoint();
    this.fromPacked(p, packed);
    for (let i = 0; i < 3; i++) this.double(p);
    if (!this.isZero(p)) return false;
    f.subtract(p, p + SIZE, p + 2 * SIZE);
    return this.isZero(p);
  }

  /**
   * Packs the opposite of an encoding's point, RFC 8032 §5.1.3; false for y not below p, no such
   * point, or -0.
   */
  decodeOpposite(packed: usize, encoded: Bytes): bool {
    const f = this.f;
    const words = heap.alloc(BYTES);
    memory.copy(words, encoded.start, BYTES);
    const sign = load<u8>(words, 31) >> 7;
    store<u8>(words, load<u8>(words, 31) & 0x7f, 31);
    if (compare(words, PARAMETERS, WORDS) >= 0) return false;
    // x² = u / v = (y² - 1) / (d y² + 1).
    const one = this.make();
    const u = this.make();
    const v = this.make();
    const x = this.make();
    const y = this.make();
    this.fromWords(y, words);
    f.setOne(one);
    f.square(u, y);
    f.multiply(v, this.d, u);
    f.add(v, v, one);
    f.subtract(u, u, one);
    if (!this.squareRoot(x, u, v)) return false;
    this.toWords(words, x);
    if (isZero(words, WORDS) && sign) return false;
    // The opposite has the other sign.
    if ((load<u8>(words) & 1) == sign) f.negate(x, x);
    this.packAffine(packed, x, y);
    return true;
  }

  /** The encoding of a point, RFC 8032 §5.1.2. */
  encode(a: usize): Bytes {
    const f = this.f;
    const encoded = heap.alloc(2 * BYTES);
    const t = this.makePoint();
    memory.copy(t, a + 2 * SIZE, SIZE);
    this.invert(t);
    f.multiply(t + SIZE, a + SIZE, t);
    this.toWords(encoded, t + SIZE);
    f.multiply(t, a, t);
    this.toWords(encoded + BYTES, t);
    store<u8>(encoded, load<u8>(encoded, 31) | (load<u8>(encoded, 32) << 7), 31);
    return new Bytes(encoded, <i32>BYTES);
  }

  /** x = √(u / v), RFC 8032 §5.1.3 steps 2 and 3, or false when there is none. */
  private squareRoot(x: usize, u: usize, v: usize): bool {
    const f = this.f;
    const v3 = this.make();
    const power = this.make();
    f.square(v3, v);
    f.multiply(v3, v3, v);
    f.square(x, v3);
    f.multiply(x, x, v);
    f.multiply(x, x, u);
    // (p - 5) / 8 = 2²⁵² - 3.
    this.powerOfOnes(power, x, 250);
    this.square(power, 2);
    f.multiply(power, power, x);
    f.multiply(x, u, v3);
    f.multiply(x, x, power);
    f.square(power, x);
    f.multiply(power, power, v);
    f.subtract(v3, power, u);
    if (this.isZero(v3)) return true;
    f.add(v3, power, u);
    if (!this.isZero(v3)) return false;
    // √-1 = 2^((p - 1) / 4), and (p - 1) / 4 = 2²⁵³ - 5.
    const two = this.make();
    f.setOne(two);
    f.double(two, two);
    this.powerOfOnes(power, two, 250);
    this.square(power, 2);
    f.multiply(power, power, two);
    this.square(power, 1);
    f.multiply(power, power, two);
    f.multiply(x, x, power);
    return true;
  }

  private square(a: usize, times: i32): void {
    for (let i = 0; i < times; i++) this.f.square(a, a);
  }

  /** r = a^(2^bits - 1). */
  private powerOfOnes(r: usize, a: usize, bits: i32): void {
    memory.copy(r, a, SIZE);
    for (let i = 1; i < bits; i++) {
      this.f.square(r, r);
      this.f.multiply(r, r, a);
    }
  }
}
