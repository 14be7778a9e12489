/**
 * Multiples of a fixed point by a signed comb (Lim and Lee 1994; all digits ±1, Hedabou et al.
 * 2005): a scalar's bits in rows, the teeth, each row cut into blocks. A table for each block holds
 * the sums of one column's rows: with 8 teeth a product of 256 bits takes 32 additions and 15
 * doublings, and two products share the doublings.
 */
// @ts-nocheck: AssemblyScript looks at a type parameter when the type is known.
import { BATCH } from "./batch";
import { bit } from "./integer";

const BLOCKS = 2;

/** For a curve whose scalars have at most `bits` bits. Each further tooth doubles the tables. */
@unmanaged
@final
export class Comb<G> {
  /** Columns of a block, and of all blocks. */
  private width: i32;
  private columns: i32;
  private entries: usize;

  constructor(
    private group: G,
    bits: i32,
    private teeth: i32,
  ) {
    this.width = (bits + teeth * BLOCKS - 1) / (teeth * BLOCKS);
    this.columns = this.width * BLOCKS;
    this.entries = 1 << (teeth - 1);
  }

  /** Bytes of a point's table. */
  get tableSize(): i32 {
    return (BLOCKS * <i32>this.entries + 1) * <i32>this.group.packedSize;
  }

  /**
   * Fills the table of a packed affine point. An entry is the sum of the rows' points, each with
   * the sign of its bit, the last one positive. False where a sum is infinity, which no point of
   * large prime order leads to.
   */
  prepare(table: usize, packed: usize): bool {
    const group = this.group;
    const size = group.packedSize;
    const point = group.pointSize;
    // For each row of each block its point, and twice that, ordered by their places in a scalar.
    const count = <usize>(this.teeth * BLOCKS * 2);
    const rows = heap.alloc(count * size);
    const chain = heap.alloc(count * point);
    const p = group.makePoint();
    group.fromPacked(p, packed);
    let position = 0;
    for (let i: usize = 0; i < count; i += 2) {
      for (; position < <i32>(i >> 1) * this.width; position++) group.double(p);
      memory.copy(chain + i * point, p, point);
      group.double(p);
      position++;
      memory.copy(chain + (i + 1) * point, p, point);
    }
    for (let i: usize = 0; i < count; i += BATCH) {
      const batch = min(BATCH, count - i);
      if (!group.normalize(rows + i * size, chain + i * point, <i32>batch)) return false;
    }
    // The point itself, for even scalars.
    memory.copy(table + <usize>BLOCKS * this.entries * size, packed, size);
    for (let block: usize = 0; block < <usize>BLOCKS; block++) {
      const at = table + block * this.entries * size;
      if (!this.prepareBlock(at, rows + 2 * block * size, chain)) return false;
    }
    return true;
  }

  private prepareBlock(table: usize, rows: usize, chain: usize): bool {
    const group = this.group;
    const size = group.packedSize;
    const point = group.pointSize;
    const step = <usize>(2 * BLOCKS) * size;
    const last = <usize>(this.teeth - 1);
    // All signs negative but the last.
    group.fromPacked(chain, rows + last * step);
    for (let tooth: usize = 0; tooth < last; tooth++) {
      group.setEntry(rows + tooth * step, true);
      group.add(chain);
    }
    if (!group.normalize(table, chain, 1)) return false;
    // Turning a sign adds the row's point twice.
    for (let tooth: usize = 0; tooth < last; tooth++) {
      const known: usize = 1 << tooth;
      for (let first: usize = 0; first < known; first += BATCH) {
        const batch = min(BATCH, known - first);
        for (let i: usize = 0; i < batch; i++) {
          const p = chain + i * point;
          group.fromPacked(p, table + (first + i) * size);
          group.setEntry(rows + tooth * step + size, false);
          group.add(p);
        }
        if (!group.normalize(table + (known + first) * size, chain, <i32>batch)) return false;
      }
    }
    return true;
  }

  /** r = k P + l Q, by the tables of P and Q. The group reports a failed addition. */
  combine(r: usize, k: Digits, p: usize, l: Digits, q: usize): void {
    const group = this.group;
    const blockSize = this.entries * group.packedSize;
    const last = <usize>BLOCKS * blockSize;
    for (let i = this.width - 1; i >= 0; i--) {
      const isFirst = i == this.width - 1;
      if (!isFirst) group.double(r);
      for (let block = 0; block < BLOCKS; block++) {
        const column = block * this.width + i;
        this.take(p + <usize>block * blockSize, k, column);
        if (isFirst && block == 0) group.fromEntry(r);
        else group.add(r);
        this.take(q + <usize>block * blockSize, l, column);
        group.add(r);
      }
    }
    if (k.isOneMore) {
      group.setEntry(p + last, true);
      group.add(r);
    }
    if (l.isOneMore) {
      group.setEntry(q + last, true);
      group.add(r);
    }
  }

  /** The entry of a column: the bit of the last row is the sign of all. */
  private take(table: usize, digits: Digits, column: i32): void {
    let index: i32 = 0;
    for (let tooth = this.teeth - 1; tooth >= 0; tooth--) {
      index = (index << 1) | i32(bit(digits.bits, column + tooth * this.columns));
    }
    const negative = index < <i32>this.entries;
    if (negative) index = ~index;
    index &= <i32>this.entries - 1;
    this.group.setEntry(table + <usize>index * this.group.packedSize, negative);
  }

  /** A scalar in words, below 2^bits - 1, as digits. */
  digits(scalar: usize, words: i32): Digits {
    return new Digits(scalar, words, this.columns * this.teeth);
  }
}

/** A scalar as digits ±1: bit b means 2b - 1. */
@unmanaged
@final
export class Digits {
  readonly bits: usize;
  /** True if the digits are those of scalar + 1, because only odd numbers have such digits. */
  readonly isOneMore: bool;

  constructor(scalar: usize, words: i32, count: i32) {
    const size = (<usize>((count + 31) >> 5)) << 2;
    const bits = heap.alloc(size + 4);
    memory.fill(bits, 0, size + 4);
    memory.copy(bits, scalar, words << 2);
    this.isOneMore = (load<u8>(scalar) & 1) == 0;
    // k = Σ (2 b_i - 1) 2^i over `count` digits means Σ b_i 2^i = (k + 2^count - 1) / 2: for an odd
    // k its upper bits and one at the top. The even number below has the same upper bits.
    for (let i: usize = 0; i < size; i += 4) {
      store<u32>(bits + i, (load<u32>(bits + i) >> 1) | (load<u32>(bits + i, 4) << 31));
    }
    const top = bits + ((count - 1) >> 3);
    store<u8>(top, <u8>((<u32>load<u8>(top)) | ((<u32>1) << ((count - 1) & 7))));
    this.bits = bits;
  }
}
