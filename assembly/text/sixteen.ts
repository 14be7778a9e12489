/** Questions about sixteen characters at once. They are in line, so they are written only here. */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.
import { Char } from "./char";

const FIRST_VISIBLE: u8 = 0x21;
/** The last visible one, counted from the first. */
export const VISIBLE: u8 = 0x7e - FIRST_VISIBLE;

/** Not zero where the two differ. */
// @ts-ignore: decorator
@inline
export function difference(a: usize, b: usize): v128 {
  return v128.xor(v128.load(a), v128.load(b));
}

/** Counted from the first visible character; those before it become large. */
// @ts-ignore: decorator
@inline
export function fromVisible(at: usize): v128 {
  return i8x16.sub(v128.load(at), i8x16.splat(FIRST_VISIBLE));
}

/** True if all of these are visible. */
// @ts-ignore: decorator
@inline
export function areVisible(counted: v128): bool {
  return !v128.any_true(i8x16.gt_u(counted, i8x16.splat(VISIBLE)));
}

/** The eight characters of an ASCII text that are at an address, as bytes. */
// @ts-ignore: decorator
@inline
export function narrowed(at: usize): v128 {
  const text = v128.load(at);
  return i8x16.narrow_i16x8_u(text, text);
}

/** A text's length. The standard library's is a call. */
// @ts-ignore: decorator
@inline
export function lengthOf(text: string): i32 {
  return load<i32>(changetype<usize>(text) - 4) >> 1;
}

/** Slashes and dots. */
// @ts-ignore: decorator
@inline
export function separatorsIn(part: v128): v128 {
  return v128.or(i8x16.eq(part, i8x16.splat(Char.Slash)), i8x16.eq(part, i8x16.splat(Char.Dot)));
}

/** Letters and digits. */
// @ts-ignore: decorator
@inline
export function alphanumericIn(part: v128): v128 {
  const letter = i8x16.sub(v128.or(part, i8x16.splat(0x20)), i8x16.splat(0x61));
  const digit = i8x16.sub(part, i8x16.splat(0x30));
  return v128.or(i8x16.lt_u(letter, i8x16.splat(26)), i8x16.lt_u(digit, i8x16.splat(10)));
}

/** What ends the plain part of a JSON string: quotes, backslashes, control characters. */
// @ts-ignore: decorator
@inline
export function specialIn(part: v128): v128 {
  const delimiter = v128.or(
    i8x16.eq(part, i8x16.splat(Char.Quote)),
    i8x16.eq(part, i8x16.splat(Char.Backslash)),
  );
  return v128.or(delimiter, i8x16.lt_u(part, i8x16.splat(Char.Space)));
}

/** Letters, digits, `-` and `_`. */
// @ts-ignore: decorator
@inline
export function wordsIn(part: v128): v128 {
  return v128.or(
    alphanumericIn(part),
    v128.or(
      i8x16.eq(part, i8x16.splat(Char.Hyphen)),
      i8x16.eq(part, i8x16.splat(Char.Underscore)),
    ),
  );
}
