/**
 * Recognises plain paths, which most are: letters, digits, `-`, `_`, and between them `/` or `.`,
 * never two of these together. Such a path is its own text and its own encoding, and has no empty
 * segment and no dot segment, so nothing needs to be read in it.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { kindsIn } from "../text/sixteen";

/**
 * True only if `readPath` would leave the path as it is. It begins with a slash. Sixteen characters
 * at a time; the last sixteen may overlap those before them, or begin before the path.
 */
export function isPlain(path: Bytes): bool {
  const length = path.length;
  const start = path.start;
  if (length == 0 || load<u8>(start) != Char.Slash) return false;
  // 1: the character before was a slash or dot.
  let before = 0;
  for (let i = 0; i < length; i += 16) {
    const seen = max(16 - (length - i), 0);
    const kinds = kindsIn(v128.load(start + i - seen));
    const others = i8x16.bitmask(i8x16.eq(kinds, i8x16.splat(0)));
    const separators = i8x16.bitmask(kinds) >> seen;
    if (others >> seen) return false;
    if (separators & ((separators << 1) | before)) return false;
    before = separators >> 15;
  }
  return true;
}
