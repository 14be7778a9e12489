/**
 * k P + l Q without tables that outlive the call: both scalars in non-adjacent form of width 5, the doublings shared
 * (Straus 1964). What a key's first uses run.
 */
import { bit } from "./integer";

const WIDTH = 5;
/** The odd multiples 1, 3, … 15. */
const MULTIPLES: usize = 1 << (WIDTH - 2);

/** r = k P + l Q, of packed affine points and scalars in words. Z is 0 where an addition failed or the sum is infinity. */
export function combine<G>(group: G, r: usize, k: usize, p: usize, l: usize, q: usize): void {
  const bits = group.words << 5;
  const first = oddMultiples<G>(group, p, q);
  const second = first + MULTIPLES * group.packedSize;
  const firstDigits = digitsOf(k, bits);
  const secondDigits = digitsOf(l, bits);
  group.setNeutral(r);
  let started = false;
  for (let i: usize = <usize>bits + 1; i-- > 0;) {
    if (started) group.double(r);
    const a = load<i8>(firstDigits + i);
    const b = load<i8>(secondDigits + i);
    if (a) started = addMultiple<G>(group, r, first, a, started);
    if (b) started = addMultiple<G>(group, r, second, b, started);
  }
}

function addMultiple<G>(group: G, r: usize, table: usize, digit: i32, started: bool): bool {
  const index = <usize>((digit < 0 ? -digit : digit) >> 1);
  group.setEntry(table + index * group.packedSize, digit < 0);
  if (started) group.add(r);
  else group.fromEntry(r);
  return true;
}

/** 1, 3, … 15 times a packed point, then the same of another, all packed. */
function oddMultiples<G>(group: G, p: usize, q: usize): usize {
  const size = group.packedSize;
  const step = group.pointSize;
  const table = heap.alloc((2 * MULTIPLES + 2) * size);
  const doubles = table + 2 * MULTIPLES * size;
  const points = heap.alloc(2 * MULTIPLES * step);
  for (let i: usize = 0; i < 2; i++) {
    group.fromPacked(points + i * step, i == 0 ? p : q);
    group.double(points + i * step);
  }
  group.normalize(doubles, points, 2);
  // Both points' multiples from 3 on, so that one inversion serves all.
  for (let i: usize = 0; i < 2; i++) {
    const own = points + i * (MULTIPLES - 1) * step;
    group.fromPacked(own, i == 0 ? p : q);
    for (let j: usize = 0; j < MULTIPLES - 1; j++) {
      const at = own + j * step;
      if (j > 0) memory.copy(at, at - step, step);
      group.setEntry(doubles + i * size, false);
      group.add(at);
    }
  }
  const multiples = <i32>MULTIPLES - 1;
  group.normalize(table + size, points, 2 * multiples);
  // The first point's 1 goes before its multiples, and the second's between the two.
  const middle = table + MULTIPLES * size;
  memory.copy(middle + size, middle, <usize>multiples * size);
  memory.copy(table, p, size);
  memory.copy(middle, q, size);
  return table;
}

/** The digits, one a byte: 0 or odd from -15 to 15, at least four zeros after each other one. */
function digitsOf(scalar: usize, bits: i32): usize {
  const digits = heap.alloc(bits + 1);
  memory.fill(digits, 0, bits + 1);
  let carry = 0;
  for (let i = 0; i <= bits;) {
    const next = i < bits ? i32(bit(scalar, i)) : 0;
    if (next == carry) {
      i++;
      continue;
    }
    let digit = carry;
    for (let j = 0; j < WIDTH && i + j < bits; j++) digit += i32(bit(scalar, i + j)) << j;
    carry = (digit >> (WIDTH - 1)) & 1;
    store<i8>(digits + i, <i8>(digit - (carry << WIDTH)));
    i += WIDTH;
  }
  return digits;
}
