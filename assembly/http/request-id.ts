/** Request ids: accepts a client's id that is fit for a log, or makes one. */
import { hexDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

const LENGTH = 128;
const DIGITS = 16;

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
  const id = Bytes.room(DIGITS);
  for (let i = 0; i < DIGITS; i++) {
    const digit = (<u32>(nanoseconds >> (4 * (DIGITS - 1 - i)))) & 15;
    id.set(i, <u8>(hexDigit(digit) | (digit > 9 ? Char.Space : 0)));
  }
  return id;
}
