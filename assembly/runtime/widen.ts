/**
 * Puts the constant texts into memory. They are UTF-16 there, as the compiler wants them, but
 * tools/narrow-texts.mjs keeps them in the module with one byte a character and no header, where
 * the heap begins. This is the first thing that a guest does, before anything is allocated.
 */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

/** In place of a length: a distance follows, in words of four bytes; 0 is the end. */
const DISTANCE: u32 = 255;
const WORD: usize = 4;

/** Writes the texts that are described at `from`; the first goes to `to`. */
// @ts-ignore: decorator
@unsafe @global
export function __widen(from: usize, to: usize): void {
  for (;;) {
    const length = load<u8>(from++);
    if (length == DISTANCE) {
      const words: usize = load<u16>(from);
      if (words == 0) return;
      from += 2;
      to += words * WORD;
      continue;
    }
    store<u32>(to, idof<String>());
    store<u32>(to, <u32>length << 1, 4);
    to += 8;
    for (const end = from + length; from < end; from++, to += 2) store<u16>(to, load<u8>(from));
    to = (to + WORD - 1) & ~(WORD - 1);
  }
}
