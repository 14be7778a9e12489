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
  const first = oddMultiples<G>(group, p);
  const second = oddMultiples<G>(group, q);
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

/** 1, 3, … 15 times a packed point, packed. */
function oddMultiples<G>(group: G, point: usize): usize {
  const size = group.packedSize;
  const table = heap.alloc((MULTIPLES + 1) * size);
  const twice = table + MULTIPLES * size;
  const step = group.pointSize;
  const points = heap.alloc(MULTIPLES * step);
  memory.copy(table, point, size);
  group.fromPacked(points, point);
  group.double(points);
  group.normalize(twice, points, 1);
  group.fromPacked(points, point);
  for (let i: usize = 1; i < MULTIPLES; i++) {
    const at = points + i * step;
    memory.copy(at, at - step, step);
    group.setEntry(twice, false);
    group.add(at);
  }
  group.normalize(table + size, points + step, <i32>MULTIPLES - 1);
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
