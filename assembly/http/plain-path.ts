/**
 * Recognises plain paths, which most are: letters, digits, `-`, `_`, and between them `/` or `.`,
 * never two of these together. Such a path is its own text and its own encoding, and has no empty
 * segment and no dot segment, so nothing needs to be read in it.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { bitsOf, kindsIn } from "../text/sixteen";

/** Characters that are looked at together. */
const MANY = 32;

/** True only if `readPath` would leave the path as it is. It begins with a slash. */
export function isPlain(path: Bytes): bool {
  const length = path.length;
  return length > 0 && plainLength(path) == length;
}

/**
 * The length of the path in a request target, if it is plain; otherwise -1. The last characters may
 * be looked at twice, together with those before them or before the path.
 */
export function plainLength(target: Bytes): i32 {
  const length = target.length;
  const start = target.start;
  if (length == 0 || load<u8>(start) != Char.Slash) return -1;
  // 1: the character before was a slash or dot.
  let before: u32 = 0;
  for (let i = 0; i < length; i += MANY) {
    const seen = max(MANY - (length - i), 0);
    const at = start + i - seen;
    const second = kindsIn(v128.load(at, 16));
    const first = kindsIn(v128.load(at));
    const none = i8x16.splat(0);
    const others = bitsOf(i8x16.eq(first, none), i8x16.eq(second, none)) >> seen;
    const separators = bitsOf(first, second) >> seen;
    const beside = separators & ((separators << 1) | before);
    if (others != 0) {
      const end = ctz(others);
      const isQuery = load<u8>(start + i + end) == Char.Question;
      return isQuery && beside << (MANY - 1 - end) == 0 ? i + end : -1;
    }
    if (beside != 0) return -1;
    before = separators >> (MANY - 1);
  }
  return length;
}
