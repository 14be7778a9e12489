/** Classes of ASCII characters, for protocol text: no locale, no Unicode. */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

// @ts-ignore: decorator
@inline
export function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

// @ts-ignore: decorator
@inline
export function isLetter(c: u32): bool {
  return (c | 0x20) - 0x61 < 26;
}

// @ts-ignore: decorator
@inline
export function isAlphanumeric(c: u32): bool {
  return isDigit(c) || isLetter(c);
}

/** RFC 3986 §2.3. */
export function isUnreserved(c: u32): bool {
  return isAlphanumeric(c) || c == 0x2d || c == 0x2e || c == 0x5f || c == 0x7e;
}

// @ts-ignore: decorator
@inline
export function lower(c: u32): u32 {
  return c - 0x41 < 26 ? c | 0x20 : c;
}

/** The value of a hexadecimal digit, or -1. */
export function hexValue(c: u32): i32 {
  if (isDigit(c)) return c - 0x30;
  const letter = (c | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : -1;
}

/** The upper-case hexadecimal digit of a value below 16. */
export function hexDigit(value: u32): u32 {
  return value < 10 ? value + 0x30 : value + 0x37;
}

/** A character of a text, at an index below its length. The standard library's check is a call. */
// @ts-ignore: decorator
@inline
export function characterOf(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + (index << 1));
}

export function isOneOf(c: u32, characters: string): bool {
  for (let i = 0; i < characters.length; i++) if (<u32>characters.charCodeAt(i) == c) return true;
  return false;
}
