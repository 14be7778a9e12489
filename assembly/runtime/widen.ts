/**
 * Puts the constants into memory. tools/constants.mjs keeps them in the module where the heap
 * begins, texts with one byte a character and no header. This is the first thing that a guest does,
 * before anything is allocated.
 */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

/** In place of a text's length: the number of bytes follows, and the bytes. */
const RAW: u32 = 254;
/** The same: how far the next constant is from the end of the last one; 0 is the end of all. */
const DISTANCE: u32 = 255;
const ALIGN: usize = 2;
/** Bytes of a vector, and characters. */
const RAW_STEP: usize = 16;
const STEP: usize = 8;
/** A text's size, before its characters. */
const HEADER: usize = 4;

/** Writes the constants that are described at `from`. */
// @ts-ignore: decorator
@unsafe @global
export function __widen(from: usize): void {
  let to: usize = 0;
  for (;;) {
    const kind = load<u8>(from++);
    if (kind == DISTANCE) {
      const distance = load<i16>(from);
      if (distance == 0) return;
      from += 2;
      to += <usize>distance;
      continue;
    }
    if (kind == RAW) {
      const length: usize = load<u16>(from);
      from += 2;
      for (let i: usize = 0; i < length; i += RAW_STEP) v128.store(to + i, v128.load(from + i));
      from += length;
      to += length;
    } else {
      store<u32>(to, kind << 1);
      to += HEADER;
      for (let i: usize = 0; i < kind; i += STEP)
        v128.store(to + 2 * i, v128.load_ext<u8>(from + i));
      from += kind;
      to += <usize>kind << 1;
    }
    // The last step wrote beyond the constant, where nothing is yet but zeros.
    v128.store(to, i64x2.splat(0));
    to = (to + ALIGN - 1) & ~(ALIGN - 1);
  }
}
