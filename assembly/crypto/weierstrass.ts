/**
 * Points on a NIST curve in Jacobian coordinates, with arithmetic that is exact for every input:
 * doubling, inverse points and infinity included. It checks keys, and decides where faster code
 * cannot.
 */
import { bit } from "./integer";
import { Curve, parametersOf, wordsOf } from "./curve";
import { Modulus } from "./modulus";

/**
 * True if y² - b = (x² - 3) x; both below p, `f` modulo p of a curve's parameters. No number enters
 * Montgomery's form, because that takes longer than this: both sides are divided by R² instead.
 */
export function isOnCurve(f: Modulus, x: usize, y: usize): bool {
  const left = f.make();
  const right = f.make();
  const part = f.make();
  const one = f.make();
  memory.fill(one, 0, f.words << 2);
  store<u32>(one, 1);
  f.multiply(left, y, y);
  f.multiply(part, f.n + ((<usize>f.words) << 3), one);
  f.subtract(left, left, part);
  f.multiply(left, left, one);
  f.multiply(right, x, x);
  f.multiply(part, one, one);
  for (let i = 0; i < 3; i++) f.subtract(right, right, part);
  f.multiply(right, right, x);
  return f.equal(left, right);
}

/**
 * For one verification, in the active region. A point is X, Y and Z in Montgomery form; Z = 0 is
 * infinity.
 */
@unmanaged
@final
export class Group {
  readonly field: Modulus;
  readonly order: Modulus;
  /** Bytes of a number. */
  readonly size: usize;
  /** The base point. */
  readonly base: usize;
  private t: usize;

  constructor(curve: Curve) {
    const words = wordsOf(curve);
    const size = (<usize>words) << 2;
    const at = parametersOf(curve);
    this.size = size;
    this.field = new Modulus(at, words);
    this.order = new Modulus(at + size, words);
    this.t = heap.alloc(8 * size);
    this.base = this.point(at + 3 * size, at + 4 * size);
  }

  makePoint(): usize {
    const r = heap.alloc(3 * this.size);
    memory.fill(r, 0, 3 * this.size);
    return r;
  }

  /** The point of affine coordinates below p. */
  point(x: usize, y: usize): usize {
    const r = this.makePoint();
    this.field.enter(r, x);
    this.field.enter(r + this.size, y);
    this.field.one(r + 2 * this.size);
    return r;
  }

  isInfinity(a: usize): bool {
    return this.field.isZero(a + 2 * this.size);
  }

  /**
   * r = 2a; dbl-2001-b of the Explicit-Formulas Database. Infinity doubles to infinity: Z3 = 2YZ.
   */
  double(r: usize, a: usize): void {
    const f = this.field;
    const size = this.size;
    const delta = this.t;
    const gamma = delta + size;
    const beta = gamma + size;
    const alpha = beta + size;
    const u = alpha + size;
    const x = a;
    const y = a + size;
    const z = a + 2 * size;
    f.multiply(delta, z, z);
    f.multiply(gamma, y, y);
    f.multiply(beta, x, gamma);
    f.subtract(u, x, delta);
    f.add(alpha, x, delta);
    f.multiply(u, u, alpha);
    f.add(alpha, u, u);
    f.add(alpha, alpha, u);
    f.multiply(u, y, z);
    f.add(r + 2 * size, u, u);
    f.add(beta, beta, beta);
    f.add(beta, beta, beta);
    f.multiply(u, alpha, alpha);
    f.subtract(u, u, beta);
    f.subtract(r, u, beta);
    f.subtract(u, beta, r);
    f.multiply(u, u, alpha);
    f.add(gamma, gamma, gamma);
    f.multiply(gamma, gamma, gamma);
    f.add(gamma, gamma, gamma);
    f.subtract(r + size, u, gamma);
  }

  /** r = a + b for any two points; r may be a or b. */
  add(r: usize, a: usize, b: usize): void {
    if (this.isInfinity(a)) return memory.copy(r, b, 3 * this.size);
    if (this.isInfinity(b)) return memory.copy(r, a, 3 * this.size);
    const f = this.field;
    const size = this.size;
    const u1 = this.t;
    const u2 = u1 + size;
    const s1 = u2 + size;
    const s2 = s1 + size;
    const zz = s2 + size;
    const z1 = a + 2 * size;
    const z2 = b + 2 * size;
    f.multiply(zz, z2, z2);
    f.multiply(u1, a, zz);
    f.multiply(s1, zz, z2);
    f.multiply(s1, s1, a + size);
    f.multiply(zz, z1, z1);
    f.multiply(u2, b, zz);
    f.multiply(s2, zz, z1);
    f.multiply(s2, s2, b + size);
    if (f.equal(u1, u2)) {
      if (f.equal(s1, s2)) this.double(r, a);
      else memory.fill(r, 0, 3 * size);
      return;
    }
    f.subtract(u2, u2, u1);
    f.subtract(s2, s2, s1);
    f.multiply(zz, z1, z2);
    f.multiply(r + 2 * size, zz, u2);
    f.multiply(zz, u2, u2);
    f.multiply(u1, u1, zz);
    f.multiply(zz, zz, u2);
    f.multiply(s1, s1, zz);
    f.multiply(r, s2, s2);
    f.subtract(r, r, zz);
    f.subtract(r, r, u1);
    f.subtract(r, r, u1);
    f.subtract(u1, u1, r);
    f.multiply(u1, u1, s2);
    f.subtract(r + size, u1, s1);
  }

  /** r = k G + l Q for plain numbers k and l, a bit of both at a time (Straus). */
  combine(r: usize, k: usize, l: usize, q: usize): void {
    const both = this.makePoint();
    this.add(both, this.base, q);
    memory.fill(r, 0, 3 * this.size);
    for (let i = ((<i32>this.size) << 3) - 1; i >= 0; i--) {
      this.double(r, r);
      const inK = bit(k, i);
      const inL = bit(l, i);
      if (inK || inL) this.add(r, r, inK && inL ? both : inK ? this.base : q);
    }
  }
}
