/**
 * Secret multiples of P-256's base point. The addition is complete (Renes, Costello, Batina 2016,
 * algorithm 4): it works for every two points, equal, opposite or neutral, so there is no case to
 * branch on. It takes four bits of the scalar at a time, and reads the multiple from a table by
 * reading all of it under masks. Slower than verification, and needed once for a token request.
 */
import { Curve, parametersOf } from "./curve";
import { SIZE, SecretModulus } from "./secret-modulus";

const POINT: usize = 3 * SIZE;
const WINDOW = 4;
const ENTRIES: usize = 1 << WINDOW;

/**
 * For one use, in the active region. A point is X, Y and Z in Montgomery form, x = X / Z, y = Y /
 * Z.
 */
@unmanaged
@final
export class SecretGroup {
  private field: SecretModulus;
  private b: usize;
  private t: usize;
  /** The base point's multiples by 0 to 15. */
  private table: usize;

  constructor() {
    const parameters = parametersOf(Curve.P256);
    const field = new SecretModulus(parameters);
    this.field = field;
    this.t = heap.alloc(9 * SIZE);
    this.b = field.make();
    field.enter(this.b, parameters + 2 * SIZE);
    const table = heap.alloc(ENTRIES * POINT);
    this.table = table;
    this.setNeutral(table);
    const base = table + POINT;
    field.enter(base, parameters + 3 * SIZE);
    field.enter(base + SIZE, parameters + 4 * SIZE);
    field.one(base + 2 * SIZE);
    for (let i: usize = 2; i < ENTRIES; i++)
      this.add(table + i * POINT, base + (i - 2) * POINT, base);
  }

  /** The affine point k G for 0 < k < n: x and y, plain, at `r`. */
  multiple(r: usize, k: usize): void {
    const sum = heap.alloc(2 * POINT);
    const entry = sum + POINT;
    this.setNeutral(sum);
    for (let at = 256 - WINDOW; at >= 0; at -= WINDOW) {
      for (let i = 0; i < WINDOW; i++) this.add(sum, sum, sum);
      this.take(entry, ((<u32>load<u8>(k + (at >> 3))) >> (at & 4)) & 15);
      this.add(sum, sum, entry);
    }
    const field = this.field;
    const inverse = field.make();
    field.invert(inverse, sum + 2 * SIZE);
    for (let i: usize = 0; i <= SIZE; i += SIZE) {
      field.multiply(sum + i, sum + i, inverse);
      field.leave(r + i, sum + i);
    }
  }

  private setNeutral(r: usize): void {
    memory.fill(r, 0, POINT);
    this.field.one(r + SIZE);
  }

  /** r = the table's entry of a secret number: every word of every entry is read. */
  private take(r: usize, number: u32): void {
    memory.fill(r, 0, POINT);
    for (let i: usize = 0; i < ENTRIES; i++) {
      // All ones for the right entry: only 0 - 1 has a sign.
      const mask = <u64>(<i64>((<i32>((i ^ number) - 1)) >> 31));
      const entry = this.table + i * POINT;
      for (let at: usize = 0; at < POINT; at += 8) {
        store<u64>(r + at, load<u64>(r + at) | (load<u64>(entry + at) & mask));
      }
    }
  }

  /** r = p + q for any two points; r may be one of them or both. */
  private add(r: usize, p: usize, q: usize): void {
    const f = this.field;
    const t0 = this.t;
    const t1 = t0 + SIZE;
    const t2 = t1 + SIZE;
    const t3 = t2 + SIZE;
    const t4 = t3 + SIZE;
    const x = t4 + SIZE;
    const y = x + SIZE;
    const z = y + SIZE;
    const py = p + SIZE;
    const pz = py + SIZE;
    const qy = q + SIZE;
    const qz = qy + SIZE;
    // t0 = X1 X2, t1 = Y1 Y2, t2 = Z1 Z2.
    f.multiply(t0, p, q);
    f.multiply(t1, py, qy);
    f.multiply(t2, pz, qz);
    // t3 = X1 Y2 + X2 Y1, t4 = Y1 Z2 + Y2 Z1, y = X1 Z2 + X2 Z1.
    this.cross(t3, p, py, q, qy, t0, t1);
    this.cross(t4, py, pz, qy, qz, t1, t2);
    this.cross(y, p, pz, q, qz, t0, t2);
    // x = t1 + 3 (y - b t2), z = t1 - 3 (y - b t2).
    f.multiply(z, this.b, t2);
    f.subtract(x, y, z);
    this.triple(x);
    f.subtract(z, t1, x);
    f.add(x, t1, x);
    // y = 3 (b y - 3 t2 - t0), t0 = 3 t0 - 3 t2.
    f.multiply(y, this.b, y);
    this.triple(t2);
    f.subtract(y, y, t2);
    f.subtract(y, y, t0);
    this.triple(y);
    this.triple(t0);
    f.subtract(t0, t0, t2);
    // X3 = t3 x - t4 y, Y3 = x z + t0 y, Z3 = t4 z + t3 t0.
    f.multiply(t1, t4, y);
    f.multiply(t2, t0, y);
    f.multiply(y, x, z);
    f.multiply(x, t3, x);
    f.multiply(z, t4, z);
    f.multiply(t3, t3, t0);
    f.subtract(r, x, t1);
    f.add(r + SIZE, y, t2);
    f.add(r + 2 * SIZE, z, t3);
  }

  /** r = a d + b c, as (a + b) (c + d) - ac - bd; ac and bd are known. */
  private cross(r: usize, a: usize, b: usize, c: usize, d: usize, ac: usize, bd: usize): void {
    const f = this.field;
    const u = this.t + 7 * SIZE;
    f.add(u, a, b);
    f.add(r, c, d);
    f.multiply(r, u, r);
    f.subtract(r, r, ac);
    f.subtract(r, r, bd);
  }

  /** a = 3a. */
  private triple(a: usize): void {
    const u = this.t + 8 * SIZE;
    this.field.add(u, a, a);
    this.field.add(a, a, u);
  }
}
