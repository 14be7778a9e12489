/** Numbers from JSON for known members: times and counts. */
import { isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/** Digits of the largest number that is accepted: seconds past the year 33,000,000. */
const DIGITS = 15;
/** The least number with that many digits. */
const LIMIT: i64 = 100_000_000_000_000;

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

/** The largest exponent that is read; no date needs a larger one. */
const EXPONENT = 99;

/**
 * A NumericDate, RFC 7519 §2, from a JSON number: whole seconds, the fraction is dropped. Some
 * signers write all numbers with an exponent. -1 for a negative number, or one with more than 15
 * digits before the point.
 */
export function toSeconds(text: Bytes): i64 {
  let end = 0;
  while (end < text.length && (text.at(end) | 0x20) != 0x65) end++;
  const mantissa = text.slice(0, end);
  const dot = mantissa.indexOf(Char.Dot);
  const point = dot < 0 ? end : dot;
  const exponent = end < text.length ? exponentOf(text.rest(end + 1)) : 0;
  let value: i64 = 0;
  // The digits of the mantissa, then zeros if the exponent moves the point beyond them.
  for (let i = 0, digits = point + exponent; i < end || digits > 0; i++) {
    if (i == dot) continue;
    const c = i < end ? mantissa.at(i) : 0x30;
    if (!isDigit(c)) return -1;
    if (digits-- <= 0) continue;
    if (value >= LIMIT) return -1;
    value = value * 10 + (c - 0x30);
  }
  return point > 0 ? value : -1;
}

/**
 * The exponent after `e`, limited to 99 in both directions. A malformed one makes the NumericDate
 * too large.
 */
function exponentOf(text: Bytes): i32 {
  const sign = text.length > 0 ? text.at(0) : 0;
  const isNegative = sign == Char.Hyphen;
  let value = 0;
  for (let i = isNegative || sign == Char.Plus ? 1 : 0; i < text.length; i++) {
    if (!isDigit(text.at(i))) return EXPONENT;
    value = min(value * 10 + (text.at(i) - 0x30), EXPONENT);
  }
  return isNegative ? -value : value;
}
