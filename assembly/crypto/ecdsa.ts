/**
 * ECDSA verification, FIPS 186-4 §6.4, of signatures in the form r‖s of RFC 7518 §3.4: fixed
 * length, r and s in [1, n-1], anything else refused. Not constant time: it sees public values
 * only.
 */
import { Bytes } from "../text/bytes";
import { Curve, coordinateSize, parametersOf, wordsOf } from "./curve";
import { FastSum } from "./fast-sum";
import { add, compare, isZero, readBytes } from "./integer";
import { invert } from "./inverse";
import { Field256 } from "./kernels/field256";
import { Field384 } from "./kernels/field384";
import { Field521 } from "./kernels/field521";
import { Modulus } from "./modulus";
import { Table } from "./tables";
import { Group, isOnCurve } from "./weierstrass";

/** A public key: a point that is on its curve. */
@final
export class EcdsaKey {
  private constructor(
    readonly curve: Curve,
    /** x and y as little-endian words. */
    private point: usize,
  ) {}

  private table: Table = new Table();

  /**
   * Null when the coordinates have the wrong length, are not below p, or are not a point on the
   * curve.
   */
  static of(curve: Curve, x: Bytes, y: Bytes): EcdsaKey | null {
    const size = coordinateSize(curve);
    if (x.length != size || y.length != size) return null;
    const words = wordsOf(curve);
    const point = heap.alloc(words << 3);
    const second = point + (words << 2);
    readBytes(point, words, x);
    readBytes(second, words, y);
    const field = new Modulus(parametersOf(curve), words);
    const p = field.n;
    if (compare(point, p, words) >= 0 || compare(second, p, words) >= 0) return null;
    // The order of these groups is prime (cofactor 1): a point on the curve is in the group, and
    // infinity has no affine coordinates.
    return isOnCurve(field, point, second) ? new EcdsaKey(curve, point) : null;
  }

  /** `hash` is the message's digest, no longer than a coordinate. */
  verify(hash: Bytes, signature: Bytes): bool {
    const size = coordinateSize(this.curve);
    if (signature.length != 2 * size) return false;
    const words = wordsOf(this.curve);
    const bytes = (<usize>words) << 2;
    const at = parametersOf(this.curve);
    const order = new Modulus(at + bytes, words, at + 5 * bytes);
    const r = order.make();
    const s = order.make();
    readBytes(r, words, signature.slice(0, size));
    readBytes(s, words, signature.rest(size));
    if (!inRange(r, order) || !inRange(s, order)) return false;
    // u1 = e / s, u2 = r / s. An e at or above n is allowed: multiply takes any first factor below
    // R.
    const e = order.make();
    readBytes(e, words, hash);
    invert(s, s, order.n, words);
    order.enter(s, s);
    order.multiply(e, e, s);
    const u2 = order.make();
    order.multiply(u2, r, s);
    switch (this.curve) {
      case Curve.P256:
        return this.decide<Field256>(e, u2, r, 8);
      case Curve.P384:
        return this.decide<Field384>(e, u2, r, 6);
      case Curve.P521:
        return this.decide<Field521>(e, u2, r, 6);
      default:
        return false;
    }
  }

  /** True if x of u1 G + u2 Q is r modulo n. Exact additions decide where fast ones cannot. */
  private decide<F>(u1: usize, u2: usize, r: usize, teeth: i32): bool {
    const fast = new FastSum<F>(this.curve, this.point, this.table, teeth);
    if (fast.add(u1, u2)) return fast.hasAbscissa(r);
    const group = new Group(this.curve);
    const sum = group.makePoint();
    group.combine(sum, u1, u2, group.point(this.point, this.point + group.size));
    return !group.isInfinity(sum) && hasAbscissa(group, sum, r);
  }
}

function inRange(a: usize, modulus: Modulus): bool {
  return !isZero(a, modulus.words) && compare(a, modulus.n, modulus.words) < 0;
}

/** True if x of the point, a number below p, is r modulo n: x is r, or r + n if that is below p. */
function hasAbscissa(group: Group, point: usize, r: usize): bool {
  const field = group.field;
  const square = field.make();
  const wanted = field.make();
  field.multiply(square, point + 2 * group.size, point + 2 * group.size);
  field.enter(wanted, r);
  field.multiply(wanted, wanted, square);
  if (field.equal(wanted, point)) return true;
  if (add(wanted, r, group.order.n, field.words)) return false;
  if (compare(wanted, field.n, field.words) >= 0) return false;
  field.enter(wanted, wanted);
  field.multiply(wanted, wanted, square);
  return field.equal(wanted, point);
}
