/** UTF-8, RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
import { Bytes } from "./bytes";

export function isUtf8(text: Bytes): bool {
  const end = text.end;
  let at = text.start;
  while (at < end) {
    if (at + 16 <= end && i8x16.bitmask(v128.load(at)) == 0) {
      at += 16;
      continue;
    }
    const length = sequence(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

/** The first `most` bytes of a text, without half a character at the end. */
export function cut(text: Bytes, most: i32): Bytes {
  let length = min(text.length, most);
  while (length > 0 && length < text.length && (text.at(length) & 0xc0) == 0x80) length--;
  return text.slice(0, length);
}

/** Number of bytes of the character at `at`, or 0 when it is malformed. */
function sequence(at: usize, end: usize): usize {
  const lead = <u32>load<u8>(at);
  if (lead < 0x80) return 1;
  const length: usize = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || at + length > end) return 0;
  for (let i: usize = 1; i < length; i++) {
    if ((load<u8>(at + i) & 0xc0) != 0x80) return 0;
  }
  const second = <u32>load<u8>(at, 1);
  // The first continuation byte shows that a form of three or four bytes is overlong, a surrogate
  // or too large.
  if (lead == 0xe0 && second < 0xa0) return 0;
  if (lead == 0xed && second > 0x9f) return 0;
  if (lead == 0xf0 && second < 0x90) return 0;
  if (lead == 0xf4 && second > 0x8f) return 0;
  return length;
}

/** Writes a code point at `at`, and returns its number of bytes. */
export function encode(code: u32, at: usize): i32 {
  if (code < 0x80) {
    store<u8>(at, <u8>code);
    return 1;
  }
  if (code < 0x800) {
    store<u8>(at, <u8>(0xc0 | (code >> 6)));
    store<u8>(at, <u8>(0x80 | (code & 0x3f)), 1);
    return 2;
  }
  if (code < 0x10000) {
    store<u8>(at, <u8>(0xe0 | (code >> 12)));
    store<u8>(at, <u8>(0x80 | ((code >> 6) & 0x3f)), 1);
    store<u8>(at, <u8>(0x80 | (code & 0x3f)), 2);
    return 3;
  }
  store<u8>(at, <u8>(0xf0 | (code >> 18)));
  store<u8>(at, <u8>(0x80 | ((code >> 12) & 0x3f)), 1);
  store<u8>(at, <u8>(0x80 | ((code >> 6) & 0x3f)), 2);
  store<u8>(at, <u8>(0x80 | (code & 0x3f)), 3);
  return 4;
}
