/**
 * u1 G + u2 Q on a NIST curve, fast: by the tables of G and Q if the key has earned one, else
 * without. It may fail to decide, but never decides wrongly: see jacobian.ts.
 */
// @ts-nocheck: AssemblyScript looks at a type parameter when the type is known.
import { Comb } from "./comb";
import { Curve, parametersOf, wordsOf } from "./curve";
import { add, compare } from "./integer";
import { Jacobian } from "./jacobian";
import { BASE_WIDTH, combine, makeMultiples, multiplesSize, WIDTH } from "./straus";
import { Table } from "./tables";

/** The base points' tables, made when a key on the curve gets its own. In the order of Curve. */
const BASES: StaticArray<Table> = [new Table(), new Table(), new Table(), new Table()];

/**
 * Their odd multiples, made for the first signature on the curve and used by keys without a table.
 */
const MULTIPLES: StaticArray<Table> = [new Table(), new Table(), new Table(), new Table()];

@unmanaged
@final
export class FastSum<F> {
  private group: Jacobian<F>;
  private comb: Comb<Jacobian<F>>;
  private sum: usize;
  private parameters: usize;
  /** Bytes of a number in words. */
  private bytes: usize;

  constructor(
    private curve: Curve,
    /** x and y of Q, in words. */
    private point: usize,
    private table: Table,
    teeth: i32,
  ) {
    const words = wordsOf(curve);
    const parameters = parametersOf(curve);
    const group = new Jacobian<F>(parameters, words);
    this.parameters = parameters;
    this.bytes = (<usize>words) << 2;
    this.group = group;
    this.comb = new Comb<Jacobian<F>>(group, words << 5, teeth);
    this.sum = group.makePoint();
  }

  /**
   * False if it cannot decide: the sum may be infinity, or an addition met equal or opposite
   * points.
   */
  add(u1: usize, u2: usize): bool {
    const group = this.group;
    if (this.hasTables()) {
      const k = this.comb.digits(u1, group.words);
      const l = this.comb.digits(u2, group.words);
      this.comb.combine(this.sum, k, BASES[this.curve].current, l, this.table.current);
    } else {
      const own = heap.alloc(multiplesSize<Jacobian<F>>(group, WIDTH));
      makeMultiples<Jacobian<F>>(group, own, this.packed(this.point), WIDTH);
      combine<Jacobian<F>>(group, this.sum, u1, this.baseMultiples(), u2, own);
    }
    return !group.isZero(this.sum + 2 * group.size);
  }

  /** True if there are tables to use: the key's, which is made when due, and the base point's. */
  private hasTables(): bool {
    const own = this.table;
    const base = BASES[this.curve];
    if (!own.use() && !own.isDue) return false;
    if (!base.current) this.makeTable(base, this.packedBase());
    // Making one table may have released the other.
    if (!own.current) this.makeTable(own, this.packed(this.point));
    return own.current != 0 && base.current != 0;
  }

  private baseMultiples(): usize {
    const table = MULTIPLES[this.curve];
    if (table.current) return table.current;
    const group = this.group;
    const at = table.make(multiplesSize<Jacobian<F>>(group, BASE_WIDTH));
    makeMultiples<Jacobian<F>>(group, at, this.packedBase(), BASE_WIDTH);
    return at;
  }

  private makeTable(table: Table, point: usize): void {
    if (!this.comb.prepare(table.make(this.comb.tableSize), point)) table.drop();
  }

  private packed(point: usize): usize {
    const packed = heap.alloc(this.group.packedSize);
    this.group.packAffine(packed, point, point + this.bytes);
    return packed;
  }

  private packedBase(): usize {
    return this.packed(this.parameters + 3 * this.bytes);
  }

  /** True if x of the sum is r modulo n: x is r, or r + n if that is below p. */
  hasAbscissa(r: usize): bool {
    if (this.isAbscissa(r)) return true;
    const words = this.group.words;
    const other = heap.alloc(this.bytes);
    if (add(other, r, this.parameters + this.bytes, words)) return false;
    return compare(other, this.parameters, words) < 0 && this.isAbscissa(other);
  }

  /** X = x Z². */
  private isAbscissa(x: usize): bool {
    const f = changetype<F>(<usize>0);
    const group = this.group;
    const square = heap.alloc(2 * group.size);
    const wanted = square + group.size;
    f.square(square, this.sum + 2 * group.size);
    group.enter(wanted, x);
    f.multiply(wanted, wanted, square);
    f.subtract(wanted, wanted, this.sum);
    return group.isZero(wanted);
  }
}
