/**
 * k P + l Q without tables that outlive the call: both scalars in non-adjacent form of width 5, the doublings shared
 * (Straus 1964). What a key's first uses run.
 */
import { bit } from "./integer";
import { Jacobian } from "./jacobian";

const WIDTH = 5;
/** The odd multiples 1, 3, … 15. */
const MULTIPLES: usize = 1 << (WIDTH - 2);

/** r = k P + l Q, of packed affine points and scalars in words. Z is 0 where an addition failed or the sum is infinity. */
export function combine<F>(
  group: Jacobian<F>,
  r: usize,
  k: usize,
  p: usize,
  l: usize,
  q: usize,
): void {
  const bits = group.words << 5;
  const first = oddMultiples<F>(group, p);
  const second = oddMultiples<F>(group, q);
  const firstDigits = digitsOf(k, bits);
  const secondDigits = digitsOf(l, bits);
  memory.fill(r, 0, 3 * group.size);
  let started = false;
  for (let i: usize = <usize>bits + 1; i-- > 0;) {
    if (started) group.double(r);
    const a = load<i8>(firstDigits + i);
    const b = load<i8>(secondDigits + i);
    if (a) started = addMultiple<F>(group, r, first, a, started);
    if (b) started = addMultiple<F>(group, r, second, b, started);
  }
}

function addMultiple<F>(
  group: Jacobian<F>,
  r: usize,
  table: usize,
  digit: i32,
  started: bool,
): bool {
  const index = <usize>((digit < 0 ? -digit : digit) >> 1);
  group.setEntry(table + index * group.size, digit < 0);
  if (started) group.add(r);
  else group.fromEntry(r);
  return true;
}

/** 1, 3, … 15 times a packed point, packed. */
function oddMultiples<F>(group: Jacobian<F>, point: usize): usize {
  const size = group.size;
  const table = heap.alloc((MULTIPLES + 1) * size);
  const twice = table + MULTIPLES * size;
  const points = heap.alloc(MULTIPLES * 3 * size);
  memory.copy(table, point, size);
  group.fromPacked(points, point);
  group.double(points);
  group.normalize(twice, points, 1);
  group.fromPacked(points, point);
  for (let i: usize = 1; i < MULTIPLES; i++) {
    const at = points + 3 * i * size;
    memory.copy(at, at - 3 * size, 3 * size);
    group.setEntry(twice, false);
    group.add(at);
  }
  group.normalize(table + size, points + 3 * size, <i32>MULTIPLES - 1);
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
