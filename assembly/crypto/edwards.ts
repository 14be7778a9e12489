/**
 * Points of edwards25519, -x² + y² = 1 + d x² y², in extended coordinates: RFC 8032 §5.1. The addition formulas
 * are complete: they hold for every pair of points, so there is no special case to find.
 */
import { Bytes } from "../text/bytes";
import { bit, compare } from "./integer";
import { Modulus } from "./modulus";

/** RFC 8032 §5.1, table 1; little-endian 32-bit words. */
const PARAMETERS = memory.data<u32>([
  // p
  0xffffffed, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x7fffffff,
  // L, the order of B
  0x5cf5d3ed, 0x5812631a, 0xa2f79cd6, 0x14def9de, 0x00000000, 0x00000000, 0x00000000, 0x10000000,
  // d
  0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee,
  // x of B
  0x8f25d51a, 0xc9562d60, 0x9525a7b2, 0x692cc760, 0xfdd6dc5c, 0xc0a4e231, 0xcd6e53fe, 0x216936d3,
  // y of B
  0x66666658, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666, 0x66666666,
]);
const WORDS = 8;
const SIZE: usize = 32;

/** Made for one verification, in the active region. A point is X, Y, Z and T = XY/Z in Montgomery form. */
@unmanaged
@final
export class EdwardsGroup {
  readonly field: Modulus = new Modulus(PARAMETERS, WORDS);
  readonly order: Modulus = new Modulus(PARAMETERS + SIZE, WORDS);
  /** The base point. */
  readonly base: usize;
  private d2: usize;
  private t: usize;

  constructor() {
    const f = this.field;
    this.t = heap.alloc(8 * SIZE);
    this.d2 = f.make();
    f.enter(this.d2, PARAMETERS + 2 * SIZE);
    f.add(this.d2, this.d2, this.d2);
    const x = f.make();
    const y = f.make();
    f.enter(x, PARAMETERS + 3 * SIZE);
    f.enter(y, PARAMETERS + 4 * SIZE);
    this.base = this.point(x, y);
  }

  makePoint(): usize {
    return heap.alloc(4 * SIZE);
  }

  /** The point of affine coordinates in Montgomery form. */
  point(x: usize, y: usize): usize {
    const r = this.makePoint();
    this.field.copy(r, x);
    this.field.copy(r + SIZE, y);
    this.field.one(r + 2 * SIZE);
    this.field.multiply(r + 3 * SIZE, x, y);
    return r;
  }

  setIdentity(r: usize): void {
    memory.fill(r, 0, 4 * SIZE);
    this.field.one(r + SIZE);
    this.field.one(r + 2 * SIZE);
  }

  isIdentity(a: usize): bool {
    return this.field.isZero(a) && this.field.equal(a + SIZE, a + 2 * SIZE);
  }

  /** r = a + b, RFC 8032 §5.1.4; r may be a or b. */
  add(r: usize, a: usize, b: usize): void {
    const f = this.field;
    const u = this.t;
    const v = u + SIZE;
    const w = v + SIZE;
    const z = w + SIZE;
    f.subtract(u, a + SIZE, a);
    f.subtract(w, b + SIZE, b);
    f.multiply(u, u, w);
    f.add(v, a + SIZE, a);
    f.add(w, b + SIZE, b);
    f.multiply(v, v, w);
    f.multiply(w, a + 3 * SIZE, b + 3 * SIZE);
    f.multiply(w, w, this.d2);
    f.multiply(z, a + 2 * SIZE, b + 2 * SIZE);
    f.add(z, z, z);
    const e = z + SIZE;
    const h = e + SIZE;
    f.subtract(e, v, u);
    f.add(h, v, u);
    f.subtract(u, z, w);
    f.add(v, z, w);
    this.product(r, e, u, v, h);
  }

  /** r = 2a; r may be a. */
  double(r: usize, a: usize): void {
    const f = this.field;
    const u = this.t;
    const v = u + SIZE;
    const w = v + SIZE;
    const z = w + SIZE;
    const g = z + SIZE;
    const h = g + SIZE;
    f.add(w, a, a + SIZE);
    f.multiply(w, w, w);
    f.multiply(u, a, a);
    f.multiply(v, a + SIZE, a + SIZE);
    f.multiply(z, a + 2 * SIZE, a + 2 * SIZE);
    f.add(z, z, z);
    f.add(h, u, v);
    f.subtract(w, h, w);
    f.subtract(g, u, v);
    f.add(z, z, g);
    this.product(r, w, z, g, h);
  }

  /** X = EF, Y = GH, Z = FG, T = EH. */
  private product(r: usize, e: usize, ff: usize, g: usize, h: usize): void {
    const f = this.field;
    f.multiply(r, e, ff);
    f.multiply(r + SIZE, g, h);
    f.multiply(r + 2 * SIZE, ff, g);
    f.multiply(r + 3 * SIZE, e, h);
  }

  /** r = k B + l Q for plain numbers k and l, a bit of both at a time (Straus). */
  combine(r: usize, k: usize, l: usize, q: usize): void {
    const both = this.makePoint();
    this.add(both, this.base, q);
    this.setIdentity(r);
    for (let i = (WORDS << 5) - 1; i >= 0; i--) {
      this.double(r, r);
      const inK = bit(k, i);
      const inL = bit(l, i);
      if (inK || inL) this.add(r, r, inK && inL ? both : inK ? this.base : q);
    }
  }

  /** The point of an encoding, RFC 8032 §5.1.3, or 0: y not below p, no such point, or -0. */
  decode(encoded: Bytes): usize {
    const f = this.field;
    const y = f.make();
    memory.copy(y, encoded.start, SIZE);
    const sign = load<u8>(y, 31) >> 7;
    store<u8>(y, load<u8>(y, 31) & 0x7f, 31);
    if (compare(y, f.n, WORDS) >= 0) return 0;
    f.enter(y, y);
    // x² = u / v = (y² - 1) / (d y² + 1).
    const one = f.make();
    const u = f.make();
    const v = f.make();
    f.one(one);
    f.multiply(u, y, y);
    f.enter(v, PARAMETERS + 2 * SIZE);
    f.multiply(v, v, u);
    f.add(v, v, one);
    f.subtract(u, u, one);
    const x = f.make();
    if (!this.squareRoot(x, u, v)) return 0;
    const plain = f.make();
    f.leave(plain, x);
    if (f.isZero(plain) && sign) return 0;
    if ((load<u8>(plain) & 1) != sign) this.negate(x);
    return this.point(x, y);
  }

  private negate(x: usize): void {
    const zero = this.t;
    memory.fill(zero, 0, SIZE);
    this.field.subtract(x, zero, x);
  }

  /** -a in place of a. */
  negatePoint(a: usize): void {
    this.negate(a);
    this.negate(a + 3 * SIZE);
  }

  /** x = √(u / v), RFC 8032 §5.1.3 steps 2 and 3, or false when there is none. */
  private squareRoot(x: usize, u: usize, v: usize): bool {
    const f = this.field;
    const v3 = f.make();
    const power = f.make();
    f.multiply(v3, v, v);
    f.multiply(v3, v3, v);
    f.multiply(x, v3, v3);
    f.multiply(x, x, v);
    f.multiply(x, x, u);
    // (p - 5) / 8 = 2²⁵² - 3.
    f.power(power, x, ones(0xfd, 0x0f), 252);
    f.multiply(x, u, v3);
    f.multiply(x, x, power);
    f.multiply(power, x, x);
    f.multiply(power, power, v);
    if (f.equal(power, u)) return true;
    this.negate(power);
    if (!f.equal(power, u)) return false;
    // √-1 = 2^((p - 1) / 4), (p - 1) / 4 = 2²⁵³ - 5.
    f.one(v3);
    f.add(v3, v3, v3);
    f.power(power, v3, ones(0xfb, 0x1f), 253);
    f.multiply(x, x, power);
    return true;
  }

  /** The encoding of a point, RFC 8032 §5.1.2. */
  encode(a: usize): Bytes {
    const f = this.field;
    const inverse = f.make();
    const x = f.make();
    const y = f.make();
    f.invert(inverse, a + 2 * SIZE);
    f.multiply(x, a, inverse);
    f.multiply(y, a + SIZE, inverse);
    f.leave(x, x);
    f.leave(y, y);
    store<u8>(y, load<u8>(y, 31) | ((load<u8>(x) & 1) << 7), 31);
    return new Bytes(y, 32);
  }
}

/** A little-endian number of 32 bytes whose bits are ones but for its ends. */
function ones(first: u8, last: u8): usize {
  const e = heap.alloc(SIZE);
  memory.fill(e, 0xff, SIZE);
  store<u8>(e, first);
  store<u8>(e, last, 31);
  return e;
}
