/**
 * Texts in a row, each with its length before it in two bytes: they lie together in memory, and a
 * record with them is kept by copying.
 */
import { Bytes } from "./bytes";

/** The length of a missing text. */
export const ABSENT = 0xffff;
/** Bytes of a length. */
export const PREFIX = 2;

export function sizeOfPacked(texts: Array<Bytes | null>): i32 {
  let size = PREFIX * texts.length;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i];
    if (text) size += text.length;
  }
  return size;
}

/** Writes a text, and returns the address after it. */
export function writePacked(at: usize, text: Bytes | null): usize {
  store<u16>(at, <u16>(text ? text.length : ABSENT));
  if (!text) return at + PREFIX;
  memory.copy(at + PREFIX, text.start, text.length);
  return at + PREFIX + text.length;
}

/** Length of the text at an address, or ABSENT. The text is PREFIX bytes after it. */
export function lengthAt(at: usize): i32 {
  return load<u16>(at);
}
