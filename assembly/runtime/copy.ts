/**
 * Copies and fills memory, 16 bytes at a time. The standard library's `memory.copy` and
 * `memory.fill`, and all that copies by them, call these functions: tools/own-copies.mjs puts them
 * in place of its loops over single bytes.
 *
 * WebAssembly has instructions for both, but the guest must not use them: wazero 1.8.0, which
 * Traefik links, turns them into a call of Go's memmove and does not save a register that memmove
 * changes since Go 1.24 (docs/rationale.md).
 */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

const VECTOR: usize = 16;

/** Copies `length` bytes; source and target may overlap. */
// @ts-ignore: decorator
@unsafe @global
export function __copy(to: usize, from: usize, length: usize): void {
  if (length < VECTOR) return copyFew(to, from, length);
  const rest = length - VECTOR;
  // The distance wraps around: it is small only if `to` is after `from` and the two overlap.
  if (to - from < length) {
    const first = v128.load(from);
    for (let end = length; end > VECTOR; end -= VECTOR) {
      v128.store(to + end - VECTOR, v128.load(from + end - VECTOR));
    }
    v128.store(to, first);
    return;
  }
  const last = v128.load(from + rest);
  for (let at: usize = 0; at < rest; at += VECTOR) v128.store(to + at, v128.load(from + at));
  v128.store(to + rest, last);
}

/**
 * Copies fewer than 16 bytes. Both ends are read before either is written, so an overlap does no
 * harm.
 */
function copyFew(to: usize, from: usize, length: usize): void {
  if (length >= 8) {
    const last = load<u64>(from + length - 8);
    store<u64>(to, load<u64>(from));
    store<u64>(to + length - 8, last);
  } else if (length >= 4) {
    const last = load<u32>(from + length - 4);
    store<u32>(to, load<u32>(from));
    store<u32>(to + length - 4, last);
  } else if (length >= 2) {
    const last = load<u16>(from + length - 2);
    store<u16>(to, load<u16>(from));
    store<u16>(to + length - 2, last);
  } else if (length == 1) {
    store<u8>(to, load<u8>(from));
  }
}

/** Writes one byte `length` times. */
// @ts-ignore: decorator
@unsafe @global
export function __fill(to: usize, byte: u8, length: usize): void {
  if (length < VECTOR) {
    const end = to + length;
    for (; to + 4 <= end; to += 4) store<u32>(to, <u32>byte * 0x01010101);
    for (; to < end; to++) store<u8>(to, byte);
    return;
  }
  const vector = i8x16.splat(byte);
  const rest = length - VECTOR;
  for (let at: usize = 0; at < rest; at += VECTOR) v128.store(to + at, vector);
  v128.store(to + rest, vector);
}
