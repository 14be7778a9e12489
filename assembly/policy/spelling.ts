/**
 * The spelling of patterns: what is wrong with one, and the form in which it is matched. In that
 * form control characters replace `*`, `{` and `}`: no path has them, so a literal `*` (`%2A`) is
 * never taken for a wildcard.
 */
import { CAPTURE_BYTES } from "../limits";
import { mark, release } from "../runtime/arena";
import { isAlphanumeric } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { isName } from "./captures";

export const SLASH: u8 = 0x2f;
/** `*`. */
export const ANY: u8 = 0x01;
/** `{` and `}` around a capture's name. */
export const OPEN: u8 = 0x02;
export const CLOSE: u8 = 0x03;

/** Characters that stay encoded in a canonical path (see http/path.ts). */
const KEPT: StaticArray<string> = ["%2F", "%5C", "%3F", "%23", "%3B", "%25"];
/** Characters with a meaning in patterns or in regular expressions: encoded, they are literal. */
const ESCAPED: StaticArray<string> = [
  "%2A",
  "%7B",
  "%7D",
  "%24",
  "%28",
  "%29",
  "%2B",
  "%2E",
  "%5B",
  "%5D",
  "%5E",
  "%7C",
];
const ESCAPED_CHARACTERS = "*{}$()+.[]^|";

const CAPTURE =
  "`{name}` is a whole segment, and its name has letters, digits and `_`; a brace as such is %7B or %7D";
const CAPTURE_OF_TRAEFIK_2 =
  "`{name:regexp}` is of Traefik 2: there are no regular expressions; write `{name}` for any segment, or its values one by one";
const REGULAR_EXPRESSION =
  "there are no regular expressions, which Traefik 2 had in paths: `*` is one segment or part of one, `**` for any number; a character as such is percent-encoded, as in %2E, %5B or %24";

/** What is wrong with a pattern, or an empty string. */
export function problemOf(pattern: Bytes): string {
  if (pattern.length == 0 || pattern.at(0) != SLASH) return "a path starts with `/`";
  let from = 1;
  const before = mark();
  for (let i = 1; i <= pattern.length; i++) {
    if (i < pattern.length && pattern.at(i) != SLASH) continue;
    const problem = segmentProblem(pattern.slice(from, i), i == pattern.length);
    // The problem's text may be what was allocated last.
    if (problem.length > 0) return problem;
    from = i + 1;
  }
  release(before);
  return "";
}

function segmentProblem(segment: Bytes, last: bool): string {
  if (segment.length == 0)
    return last ? "" : "an empty segment matches no path that is let through";
  if (isPlain(segment)) return "";
  if (isDots(segment)) return "a dot segment matches no path that is let through";
  const opens = segment.indexOf(Char.OpenBrace);
  if (opens >= 0 && segment.indexOf(Char.Colon, opens) >= 0) return CAPTURE_OF_TRAEFIK_2;
  if (opens >= 0 || segment.indexOf(Char.CloseBrace) >= 0) {
    const end = segment.length - 1;
    const isCapture = opens == 0 && end > 0 && segment.at(end) == Char.CloseBrace;
    if (!isCapture || !isName(segment.slice(1, end))) return CAPTURE;
    if (segment.length > CAPTURE_BYTES + 2)
      return `a name in braces has at most ${CAPTURE_BYTES} bytes; this one should be shorter`;
  }
  for (let i = 0; i < segment.length; i++) {
    const c = segment.at(i);
    if (isOfRegularExpression(segment, i)) return REGULAR_EXPRESSION;
    if (c == Char.Question || c == Char.Hash) return "a query or fragment is no part of a path";
    if (c < 0x20 || c == 0x7f) return "a path that is let through holds no such character";
    if (c == Char.Percent && !isOneOf(KEPT, segment, i) && !isOneOf(ESCAPED, segment, i)) {
      return "patterns are written decoded; only %2F %5C %3F %23 %3B %25 stay as they are, and %2A %7B %7D for `*` and braces as such";
    }
    if (c == Char.Asterisk && i > 0 && segment.at(i - 1) == Char.Asterisk && segment.length != 2) {
      return "`**` matches whole segments";
    }
  }
  return "";
}

/** True if it has only characters that mean nothing else anywhere: most segments. */
function isPlain(segment: Bytes): bool {
  const length = segment.length;
  for (let i = 0; i < length; i++) {
    const c = segment.at(i);
    if (!isAlphanumeric(c) && c != Char.Hyphen && c != Char.Underscore) return false;
  }
  return true;
}

/** True for one or two dots, plain or encoded. */
function isDots(segment: Bytes): bool {
  let dots = 0;
  for (let i = 0; i < segment.length; dots++) {
    const length = segment.at(i) == Char.Dot ? 1 : segment.hasAt(i, "%2E") ? 3 : 0;
    if (length == 0) return false;
    i += length;
  }
  return dots <= 2;
}

/**
 * True if the character is rare in paths and common in regular expressions: `.*`, `.+`, `(?`, `)+`,
 * `[`, `$` at the end.
 */
function isOfRegularExpression(segment: Bytes, at: i32): bool {
  const isLast = at + 1 == segment.length;
  const next: u32 = isLast ? 0 : segment.at(at + 1);
  const isRepeated = next == Char.Asterisk || next == Char.Plus;
  const c = segment.at(at);
  // [ \ ] ^ |
  if ((c >= 0x5b && c <= 0x5e) || c == Char.Pipe) return true;
  if (c == Char.OpenParenthesis) return next == Char.Question;
  if (c == Char.CloseParenthesis) return isRepeated || next == Char.Question;
  if (c == Char.Dot) return isRepeated;
  return c == Char.Dollar && isLast;
}

function isOneOf(escapes: StaticArray<string>, segment: Bytes, at: i32): bool {
  return indexIn(escapes, segment, at) >= 0;
}

function indexIn(escapes: StaticArray<string>, text: Bytes, at: i32): i32 {
  for (let i = 0; i < escapes.length; i++) {
    if (at + 3 <= text.length && text.slice(at, at + 3).is(escapes[i])) return i;
  }
  return -1;
}

/**
 * The form in which a valid pattern is matched. A text that is already in this form is not copied.
 */
export function compile(text: Bytes): Bytes {
  let isCompiled = text.indexOf(Char.Asterisk) < 0 && text.indexOf(Char.OpenBrace) < 0;
  let percent = text.indexOf(Char.Percent);
  while (percent >= 0 && isCompiled) {
    isCompiled = indexIn(ESCAPED, text, percent) < 0;
    percent = text.indexOf(Char.Percent, percent + 1);
  }
  if (isCompiled) return text;
  const pattern = Bytes.room(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    const escape = c == Char.Percent ? indexIn(ESCAPED, text, i) : -1;
    if (escape >= 0) i += 2;
    const form: u8 =
      escape >= 0
        ? <u8>ESCAPED_CHARACTERS.charCodeAt(escape)
        : c == Char.Asterisk
          ? ANY
          : c == Char.OpenBrace
            ? OPEN
            : c == Char.CloseBrace
              ? CLOSE
              : c;
    pattern.set(length++, form);
  }
  return pattern.slice(0, length);
}
