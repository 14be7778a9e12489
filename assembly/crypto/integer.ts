/**
 * Big natural numbers as little-endian 32-bit words of a stated count; tests compare the fast
 * kernels with them. No bound on magnitudes can be wrong, and every carry is explicit. Reading,
 * writing, adding and subtracting are constant time; `compare` and `bit`, which decide something,
 * are for public values only.
 */
import { Bytes } from "../text/bytes";

/** Reads big-endian bytes. The caller has checked that they fit into `words`. */
export function readBytes(r: usize, words: i32, bytes: Bytes): void {
  const start = bytes.start;
  const end = r + ((<usize>words) << 2);
  let at = bytes.end;
  for (; at >= start + 4; r += 4) {
    at -= 4;
    store<u32>(r, bswap<u32>(load<u32>(at)));
  }
  if (r < end) memory.fill(r, 0, end - r);
  while (at > start) store<u8>(r++, load<u8>(--at));
}

/** Big-endian bytes of a number, four for each word. */
export function writeBytes(a: usize, words: i32): Bytes {
  const bytes = Bytes.make(words << 2);
  for (let i = 0; i < words; i++) {
    const word = load<u32>(a + ((<usize>(words - 1 - i)) << 2));
    store<u32>(bytes.start + ((<usize>i) << 2), bswap<u32>(word));
  }
  return bytes;
}

export function isZero(a: usize, words: i32): bool {
  let seen: u32 = 0;
  for (let i = 0; i < words; i++) seen |= load<u32>(a + ((<usize>i) << 2));
  return seen == 0;
}

/** -1, 0 or 1. */
export function compare(a: usize, b: usize, words: i32): i32 {
  for (let i = words - 1; i >= 0; i--) {
    const x = load<u32>(a + ((<usize>i) << 2));
    const y = load<u32>(b + ((<usize>i) << 2));
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** r = a + b, and returns the carry. */
export function add(r: usize, a: usize, b: usize, words: i32): u32 {
  let carry: u64 = 0;
  for (let i: usize = 0, end = (<usize>words) << 2; i < end; i += 4) {
    carry += <u64>load<u32>(a + i) + load<u32>(b + i);
    store<u32>(r + i, <u32>carry);
    carry >>= 32;
  }
  return <u32>carry;
}

/** r = a - b, and returns the borrow. */
export function subtract(r: usize, a: usize, b: usize, words: i32): u32 {
  let borrow: i64 = 0;
  for (let i: usize = 0, end = (<usize>words) << 2; i < end; i += 4) {
    borrow += <i64>load<u32>(a + i) - <i64>load<u32>(b + i);
    store<u32>(r + i, <u32>borrow);
    borrow >>= 32;
  }
  return <u32>-borrow;
}

/** a mod m, for a small m. */
export function remainder(a: usize, words: i32, m: u32): u32 {
  let rest: u64 = 0;
  for (let i = words - 1; i >= 0; i--) rest = ((rest << 32) | load<u32>(a + ((<usize>i) << 2))) % m;
  return <u32>rest;
}

export function bit(a: usize, index: i32): bool {
  return ((load<u8>(a + (index >> 3)) >> (index & 7)) & 1) == 1;
}
