/** Questions about sixteen characters at once. They are in line, so they are written only here. */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.
import { Char } from "./char";

const FIRST_VISIBLE: u8 = 0x21;
/** The last visible one, counted from the first; those before it become large. */
const VISIBLE: u8 = 0x7e - FIRST_VISIBLE;

/** Not zero where the two differ. */
// @ts-ignore: decorator
@inline
export function difference(a: usize, b: usize): v128 {
  return v128.xor(v128.load(a), v128.load(b));
}

/**
 * Not zero if two runs of sixty-four differ. The last first: wazero then knows that those before
 * them are in the memory, too.
 */
// @ts-ignore: decorator
@inline
export function differenceOf64(a: usize, b: usize): v128 {
  const fourth = v128.xor(v128.load(a, 48), v128.load(b, 48));
  const third = v128.xor(v128.load(a, 32), v128.load(b, 32));
  const second = v128.xor(v128.load(a, 16), v128.load(b, 16));
  return v128.or(v128.or(fourth, third), v128.or(second, difference(a, b)));
}

/** Not zero where it is not visible. */
// @ts-ignore: decorator
@inline
export function invisible(at: usize): v128 {
  return i8x16.gt_u(i8x16.sub(v128.load(at), i8x16.splat(FIRST_VISIBLE)), i8x16.splat(VISIBLE));
}

/** Not zero if two runs of two hundred and fifty-six differ. The last first, as above. */
// @ts-ignore: decorator
@inline
export function differenceOf256(a: usize, b: usize): v128 {
  const sixteenth = v128.xor(v128.load(a, 240), v128.load(b, 240));
  const fifteenth = v128.xor(v128.load(a, 224), v128.load(b, 224));
  const fourteenth = v128.xor(v128.load(a, 208), v128.load(b, 208));
  const thirteenth = v128.xor(v128.load(a, 192), v128.load(b, 192));
  const last = v128.or(v128.or(sixteenth, fifteenth), v128.or(fourteenth, thirteenth));
  const twelfth = v128.xor(v128.load(a, 176), v128.load(b, 176));
  const eleventh = v128.xor(v128.load(a, 160), v128.load(b, 160));
  const tenth = v128.xor(v128.load(a, 144), v128.load(b, 144));
  const ninth = v128.xor(v128.load(a, 128), v128.load(b, 128));
  const third = v128.or(v128.or(twelfth, eleventh), v128.or(tenth, ninth));
  const eighth = v128.xor(v128.load(a, 112), v128.load(b, 112));
  const seventh = v128.xor(v128.load(a, 96), v128.load(b, 96));
  const sixth = v128.xor(v128.load(a, 80), v128.load(b, 80));
  const fifth = v128.xor(v128.load(a, 64), v128.load(b, 64));
  const second = v128.or(v128.or(eighth, seventh), v128.or(sixth, fifth));
  return v128.or(v128.or(last, third), v128.or(second, differenceOf64(a, b)));
}

/** Not zero where it is one of the two that fill `one` and `other`. */
// @ts-ignore: decorator
@inline
export function eitherIn(part: v128, one: v128, other: v128): v128 {
  return v128.or(i8x16.eq(part, one), i8x16.eq(part, other));
}

/** The eight characters of an ASCII text that are at an address, as bytes. */
// @ts-ignore: decorator
@inline
export function narrowed(at: usize): v128 {
  const text = v128.load(at);
  return i8x16.narrow_i16x8_u(text, text);
}

/** Not zero where one of eight characters of a text is not ASCII. */
// @ts-ignore: decorator
@inline
export function nonAscii(part: v128): v128 {
  return i16x8.gt_u(part, i16x8.splat(0x7f));
}

/** The same in lower case. */
// @ts-ignore: decorator
@inline
export function lowered(part: v128): v128 {
  const isCapital = i8x16.lt_u(i8x16.sub(part, i8x16.splat(0x41)), i8x16.splat(26));
  return v128.or(part, v128.and(isCapital, i8x16.splat(0x20)));
}

/** A text's length. The standard library's is a call. */
// @ts-ignore: decorator
@inline
export function lengthOf(text: string): i32 {
  return load<i32>(changetype<usize>(text) - 4) >> 1;
}

/** Letters and digits. */
// @ts-ignore: decorator
@inline
export function alphanumericIn(part: v128): v128 {
  const letter = i8x16.sub(v128.or(part, i8x16.splat(0x20)), i8x16.splat(0x61));
  const digit = i8x16.sub(part, i8x16.splat(0x30));
  return v128.or(i8x16.lt_u(letter, i8x16.splat(26)), i8x16.lt_u(digit, i8x16.splat(10)));
}

/** Not zero where it is not printed as it is in a JSON string of ASCII. */
// @ts-ignore: decorator
@inline
export function escapedIn(part: v128): v128 {
  const printed = i8x16.lt_u(i8x16.sub(part, i8x16.splat(Char.Space)), i8x16.splat(0x5f));
  return v128.or(v128.not(printed), specialIn(part));
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

/**
 * The kind of each character of a path: 0 for one that is in no plain path, a negative number for a
 * slash or dot, and a small number for any other. A character is two halves of four bits; each half
 * has a set of kinds, and the character's kind is in both. (`-` is 1, digits are 2, letters 4 and
 * 8, `_` is 16.)
 */
// @ts-ignore: decorator
@inline
export function kindsIn(part: v128): v128 {
  const half = i8x16.splat(15);
  const ofHigh = i8x16(0, 0, -127, 2, 4, 24, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0);
  const ofLow = i8x16(10, 14, 14, 14, 14, 14, 14, 14, 14, 14, 12, 4, 4, 5, -124, -108);
  const high = i8x16.swizzle(ofHigh, v128.and(i16x8.shr_u(part, 4), half));
  return v128.and(high, i8x16.swizzle(ofLow, v128.and(part, half)));
}

/** The highest bit of each of thirty-two. */
// @ts-ignore: decorator
@inline
export function bitsOf(first: v128, second: v128): u32 {
  return <u32>i8x16.bitmask(first) | ((<u32>i8x16.bitmask(second)) << 16);
}

/** Not zero where it is in no host name: not a letter, digit, `-`, `_` or dot. */
// @ts-ignore: decorator
@inline
export function notInNames(part: v128): v128 {
  const isSlash = i8x16.eq(part, i8x16.splat(Char.Slash));
  return v128.or(isSlash, i8x16.eq(kindsIn(part), i8x16.splat(0)));
}
