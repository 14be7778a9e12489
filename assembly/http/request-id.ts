/** Request ids: accepts a client's id that is fit for a log, or makes one. */
import { AROUND, nextView, PAIR, reserve } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/** The header that carries it. */
export const REQUEST_ID = Bytes.of("X-Request-Id");

const LENGTH = 128;
const DIGITS = 16;
/** From the character after `9` to `a`. */
const LETTERS: u8 = 0x61 - 0x3a;

/** True for visible ASCII without quotes and backslashes, at most LENGTH bytes. */
export function isSaneId(id: Bytes): bool {
  for (let i = 0; i < id.length; i++) {
    const c = id.at(i);
    if (c <= 0x20 || c >= 0x7f || c == Char.Quote || c == Char.Backslash) return false;
  }
  return id.length > 0 && id.length <= LENGTH;
}

/** An id made from the time. It is predictable, which does no harm. */
export function madeId(nanoseconds: i64): Bytes {
  reserve(AROUND + DIGITS);
  const view = nextView();
  // A lane for each half of the eight bytes, the highest first; then its digit.
  const bytes = i64x2.splat(nanoseconds);
  const low = v128.and(bytes, i8x16.splat(15));
  const high = v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15));
  const halves = i8x16.shuffle(high, low, 7, 23, 6, 22, 5, 21, 4, 20, 3, 19, 2, 18, 1, 17, 0, 16);
  const letters = v128.and(i8x16.gt_s(halves, i8x16.splat(9)), i8x16.splat(LETTERS));
  v128.store(view, i8x16.add(i8x16.add(halves, i8x16.splat(0x30)), letters), PAIR);
  return Bytes.filled(view, DIGITS);
}
