/**
 * k P + l Q by odd multiples of P and Q: both scalars in non-adjacent form, with shared doublings
 * (Straus 1964). A key's first uses run this: the curve's base point keeps its multiples from the
 * first signature on, a key makes its own anew.
 */
// @ts-nocheck: AssemblyScript looks at a type parameter when the type is known.
import { BATCH } from "./batch";

/** Window widths: for a point with per-call multiples, and for the base point. */
export const WIDTH: i32 = 5;
export const BASE_WIDTH: i32 = 7;

/** Number of odd multiples that digits of a width need: 1, 3, … 2^(width - 1) - 1. */
function countOf(width: i32): usize {
  return 1 << (width - 2);
}

/** Bytes of a point's odd multiples. */
export function multiplesSize<G>(group: G, width: i32): i32 {
  return <i32>(countOf(width) * group.packedSize);
}

/**
 * r = k P + l Q, of the multiples of both and scalars in words. Z is 0 where an addition failed or
 * the sum is infinity.
 */
export function combine<G>(group: G, r: usize, k: usize, p: usize, l: usize, q: usize): void {
  const bits = group.words << 5;
  const firstDigits = digitsOf(k, bits, BASE_WIDTH);
  const secondDigits = digitsOf(l, bits, WIDTH);
  group.setNeutral(r);
  let started: bool = false;
  for (let i: usize = <usize>bits + 1; i-- > 0;) {
    if (started) group.double(r);
    const a = load<i8>(firstDigits + i);
    const b = load<i8>(secondDigits + i);
    if (a) started = addMultiple<G>(group, r, p, a, started);
    if (b) started = addMultiple<G>(group, r, q, b, started);
  }
}

function addMultiple<G>(group: G, r: usize, table: usize, digit: i32, started: bool): bool {
  const index = <usize>((digit < 0 ? -digit : digit) >> 1);
  group.setEntry(table + index * group.packedSize, digit < 0);
  if (started) group.add(r);
  else group.fromEntry(r);
  return true;
}

/** Fills a table with the odd multiples of a packed point, packed. */
export function makeMultiples<G>(group: G, table: usize, packed: usize, width: i32): void {
  const size = group.packedSize;
  const step = group.pointSize;
  const points = heap.alloc(BATCH * step);
  const double = heap.alloc(size);
  group.fromPacked(points, packed);
  group.double(points);
  group.normalize(double, points, 1);
  memory.copy(table, packed, size);
  const point = group.makePoint();
  group.fromPacked(point, packed);
  const count = countOf(width);
  for (let done: usize = 1; done < count; done += BATCH) {
    const batch = min(BATCH, count - done);
    for (let i: usize = 0; i < batch; i++) {
      group.setEntry(double, false);
      group.add(point);
      memory.copy(points + i * step, point, step);
    }
    group.normalize(table + done * size, points, <i32>batch);
  }
}

/**
 * The digits, one a byte: 0, or odd and below 2^(width - 1) with at least `width - 1` zeros after
 * it.
 */
function digitsOf(scalar: usize, bits: i32, width: i32): usize {
  const digits = heap.alloc(bits + 1);
  memory.fill(digits, 0, bits + 1);
  let carry: u32 = 0;
  for (let i = 0; i <= bits;) {
    const next = window(scalar, i, bits);
    if ((next & 1) == carry) {
      // Bits equal to the carry are digits 0; up to a word of them at a time.
      const same = (<u64>(next ^ (0 - carry))) | ((<u64>1) << 32);
      i += <i32>ctz(same);
      continue;
    }
    const digit = <i32>((next & ((1 << width) - 1)) + carry);
    carry = (<u32>(digit >> (width - 1))) & 1;
    store<i8>(digits + i, <i8>(digit - ((<i32>carry) << width)));
    i += width;
  }
  return digits;
}

/** The 32 bits from `index` on, 0 beyond the number's end. */
function window(a: usize, index: i32, bits: i32): u32 {
  const at = a + (((<usize>index) >> 5) << 2);
  const low: u64 = index < bits ? load<u32>(at) : 0;
  const high: u64 = (index | 31) + 1 < bits ? load<u32>(at, 4) : 0;
  return <u32>((low | (high << 32)) >> (index & 31));
}
