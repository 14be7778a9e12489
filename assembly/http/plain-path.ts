/**
 * Recognises plain paths, which most are: letters, digits, `-`, `_`, and between them `/` or `.`,
 * never two of these together. Such a path is its own text and its own encoding, and has no empty
 * segment and no dot segment, so nothing needs to be read in it.
 */
import { isAlphanumeric } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { separatorsIn, wordsIn } from "../text/sixteen";

/** True only if `readPath` would leave the path as it is. It begins with a slash. */
export function isPlain(path: Bytes): bool {
  const start = path.start;
  const length = path.length;
  if (length == 0 || load<u8>(start) != Char.Slash) return false;
  // 1: the character before was a slash or dot.
  let before = 0;
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    const part = v128.load(start + i);
    const separators = i8x16.bitmask(separatorsIn(part));
    if (i8x16.bitmask(wordsIn(part)) != (separators ^ 0xffff)) return false;
    if (separators & ((separators << 1) | before)) return false;
    before = separators >> 15;
  }
  for (; i < length; i++) {
    const c = load<u8>(start + i);
    const isSeparator = c == Char.Slash || c == Char.Dot;
    if (isSeparator ? before != 0 : !isWord(c)) return false;
    before = isSeparator ? 1 : 0;
  }
  return true;
}

function isWord(c: u32): bool {
  return isAlphanumeric(c) || c == Char.Hyphen || c == Char.Underscore;
}
