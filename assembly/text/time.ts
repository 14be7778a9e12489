/** Points in time in RFC 3339's form, in UTC. */
import { isDigit } from "./ascii";
import { Bytes } from "./bytes";
import { Char } from "./char";

/** Bytes after the year. */
const REST = 16;
const TIME: u8 = 0x54;
const UTC: u8 = 0x5a;

/** Writes what is before a number, and its two digits. */
function two(at: usize, before: u8, value: i64): void {
  const number = <u32>value;
  store<u8>(at, before);
  store<u8>(at, <u8>(0x30 + number / 10), 1);
  store<u8>(at, <u8>(0x30 + (number % 10)), 2);
}

/** For example `2026-11-24T08:45:14Z`. */
export function timestamp(seconds: i64): Bytes {
  const days = seconds / 86400;
  const second = seconds % 86400;
  // Days since 0000-03-01 in the Gregorian calendar, where the leap day is the last day of a year.
  const shifted = days + 719468;
  const era = shifted / 146097;
  const dayOfEra = shifted % 146097;
  const year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100);
  const month = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * month + 2) / 5 + 1;
  const calendarMonth = month < 10 ? month + 3 : month - 9;
  const calendarYear = year + era * 400 + (calendarMonth <= 2 ? 1 : 0);
  const digits = Bytes.of(calendarYear.toString());
  const text = Bytes.room(digits.length + REST);
  memory.copy(text.start, digits.start, digits.length);
  const rest = text.end - REST;
  two(rest, Char.Hyphen, calendarMonth);
  two(rest + 3, Char.Hyphen, day);
  two(rest + 6, TIME, second / 3600);
  two(rest + 9, Char.Colon, (second % 3600) / 60);
  two(rest + 12, Char.Colon, second % 60);
  store<u8>(rest, UTC, 15);
  return text;
}

/**
 * Seconds since 1970 of `2027-01-01T00:00:00Z`, or of the beginning of a date; -1 when it is
 * neither.
 */
export function parseTimestamp(text: Bytes): i64 {
  if (text.length != 10 && text.length != 20) return -1;
  const form = "dddd-dd-ddTdd:dd:ddZ";
  for (let i = 0; i < text.length; i++) {
    const isDigitPlace = form.charCodeAt(i) == 0x64;
    if (isDigitPlace ? !isDigit(text.at(i)) : <i32>text.at(i) != form.charCodeAt(i)) return -1;
  }
  const hasTime = text.length == 20;
  const year = number(text, 0, 4);
  const month = number(text, 5, 2);
  const day = number(text, 8, 2);
  const time = hasTime
    ? number(text, 11, 2) * 3600 + number(text, 14, 2) * 60 + number(text, 17, 2)
    : 0;
  if (year < 1970 || month < 1 || month > 12 || day < 1) return -1;
  const shifted = month < 3 ? year - 1 : year;
  const era = shifted / 400;
  const yearOfEra = shifted % 400;
  const dayOfYear = (153 * (month < 3 ? month + 9 : month - 3) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  const seconds = (era * 146097 + dayOfEra - 719468) * 86400 + time;
  // The 31st of February would be written as a day in March, and 25 o'clock as an hour of the next
  // day.
  const written = timestamp(seconds);
  return written.slice(0, text.length).equals(text) ? seconds : -1;
}

function number(text: Bytes, from: i32, digits: i32): i64 {
  let value: i64 = 0;
  for (let i = from; i < from + digits; i++) value = value * 10 + (text.at(i) - 0x30);
  return value;
}
