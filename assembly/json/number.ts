/** Numbers out of JSON, where the shape is known: times and counts. */
import { isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";

/** Digits of the largest number that is read: seconds past the year 33,000,000. */
const DIGITS = 15;

/** The value of an unsigned decimal integer of at most 15 digits, or -1. */
export function toInteger(text: Bytes): i64 {
  if (text.length == 0 || text.length > DIGITS) return -1;
  let value: i64 = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (!isDigit(c)) return -1;
    value = value * 10 + (c - 0x30);
  }
  return value;
}

/**
 * A NumericDate, RFC 7519 §2, in whole seconds: a fraction is dropped. -1 for what is negative, has an
 * exponent (nobody writes times so, and 1e400 is no time) or is too large.
 */
export function toSeconds(text: Bytes): i64 {
  const point = text.indexOf(0x2e);
  if (point < 0) return toInteger(text);
  for (let i = point + 1; i < text.length; i++) {
    if (!isDigit(text.at(i))) return -1;
  }
  return toInteger(text.slice(0, point));
}
