/**
 * Base64url, RFC 7515 §2 and RFC 4648 §5, strictly: no padding, no white space, no stray bits.
 * Otherwise one token would have many spellings, and the signed text would differ from the decoded
 * one.
 */
import { Bytes } from "./bytes";

/** Values by character; 0xff: not in the alphabet. */
const VALUES = memory.data(256);
/** Characters by value: zeros before the first use. */
const CHARACTERS = memory.data(64);

function prepare(): void {
  if (load<u8>(CHARACTERS) != 0) return;
  memory.fill(VALUES, 0xff, 256);
  for (let i = 0; i < 26; i++) {
    pair(0x41 + i, i);
    pair(0x61 + i, 26 + i);
  }
  for (let i = 0; i < 10; i++) pair(0x30 + i, 52 + i);
  pair(0x2d, 62);
  pair(0x5f, 63);
}

function pair(character: i32, value: i32): void {
  store<u8>(VALUES + character, <u8>value);
  store<u8>(CHARACTERS + value, <u8>character);
}

function value(at: usize): u32 {
  return load<u8>(VALUES + load<u8>(at));
}

/** Characters that are decoded at once. */
const WIDE = 16;

/** The decoded bytes, or null. */
export function decode(text: Bytes): Bytes | null {
  prepare();
  const rest = text.length & 3;
  if (rest == 1) return null;
  const whole = text.start + (text.length - rest);
  const start = heap.alloc((text.length * 3) / 4 + 4);
  const wide = text.length & -WIDE;
  if (!decodeWide(start, text.start, wide)) return null;
  let out = start + (wide / 4) * 3;
  // The value of a character outside the alphabet has high bits set: one check at the end finds
  // them all.
  let seen: u32 = 0;
  let at = text.start + wide;
  for (; at < whole; at += 4) {
    const a = value(at);
    const b = value(at + 1);
    const c = value(at + 2);
    const d = value(at + 3);
    seen |= a | b | c | d;
    const bits = (a << 18) | (b << 12) | (c << 6) | d;
    store<u32>(out, bswap<u32>(bits << 8));
    out += 3;
  }
  if (rest != 0) {
    const a = value(at);
    const b = value(at + 1);
    seen |= a | b;
    store<u8>(out++, <u8>((a << 2) | (b >> 4)));
    if (rest == 2) {
      if (b & 0x0f) return null;
    } else {
      const c = value(at + 2);
      seen |= c;
      if (c & 0x03) return null;
      store<u8>(out++, <u8>((b << 4) | (c >> 2)));
    }
  }
  return seen & 0xc0 ? null : new Bytes(start, <i32>(out - start));
}

/**
 * Decodes a multiple of 16 characters, 16 at a time, of which the last ones leave four bytes more
 * than they mean. False if one is not in the alphabet.
 *
 * The high half of a character chooses what is added to make it its value, and a bit; the low half
 * chooses the bits of all high halves with which it would be outside of the alphabet.
 */
function decodeWide(out: usize, at: usize, length: i32): bool {
  // By high half: 2 is `-`, 3 are digits, 4 and 5 capitals and `_`, 6 and 7 small letters.
  const added = i8x16(0, 0, 17, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
  const kinds = i8x16(32, 32, 1, 2, 4, 8, 4, 16, 32, 32, 32, 32, 32, 32, 32, 32);
  const wrong = i8x16(37, 33, 33, 33, 33, 33, 33, 33, 33, 33, 35, 59, 59, 58, 59, 51);
  const half = i8x16.splat(0x0f);
  const underscore = i8x16.splat(0x5f);
  const more = i8x16.splat(33);
  const first = i16x8.splat(0x00ff);
  const pairs = i16x8(4096, 1, 4096, 1, 4096, 1, 4096, 1);
  const order = i8x16(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  let seen = i8x16.splat(0);
  for (const end = at + length; at < end; at += WIDE, out += 12) {
    const text = v128.load(at);
    const high = v128.and(i16x8.shr_u(text, 4), half);
    const low = v128.and(text, half);
    seen = v128.or(seen, v128.and(i8x16.swizzle(kinds, high), i8x16.swizzle(wrong, low)));
    let values = i8x16.add(text, i8x16.swizzle(added, high));
    values = i8x16.add(values, v128.and(i8x16.eq(text, underscore), more));
    // Two characters of 6 bits make 12, and two of those 24.
    const twelve = v128.or(i16x8.shl(v128.and(values, first), 6), i16x8.shr_u(values, 8));
    v128.store(out, i8x16.swizzle(i32x4.dot_i16x8_s(twelve, pairs), order));
  }
  return !v128.any_true(seen);
}

/** Encodes bytes without padding. */
export function encode(bytes: Bytes): Bytes {
  prepare();
  const length = (bytes.length * 4 + 2) / 3;
  // Room for the whole last group; what is beyond the text is not used.
  const start = heap.alloc(length + 3);
  let out = start;
  let at = bytes.start;
  for (const whole = at + (bytes.length / 3) * 3; at < whole; at += 3, out += 4) {
    write(out, ((<u32>load<u8>(at)) << 16) | ((<u32>load<u8>(at, 1)) << 8) | load<u8>(at, 2));
  }
  const rest = <i32>(bytes.end - at);
  if (rest == 1) write(out, (<u32>load<u8>(at)) << 16);
  if (rest == 2) write(out, ((<u32>load<u8>(at)) << 16) | ((<u32>load<u8>(at, 1)) << 8));
  return new Bytes(start, length);
}

/** Writes the four characters of 24 bits. */
function write(out: usize, bits: u32): void {
  store<u8>(out, load<u8>(CHARACTERS + (bits >> 18)));
  store<u8>(out, load<u8>(CHARACTERS + ((bits >> 12) & 63)), 1);
  store<u8>(out, load<u8>(CHARACTERS + ((bits >> 6) & 63)), 2);
  store<u8>(out, load<u8>(CHARACTERS + (bits & 63)), 3);
}

/** Decodes base64 with padding, RFC 4648 §4, as strictly; null when it is not. */
export function decodeBase64(text: Bytes): Bytes | null {
  if ((text.length & 3) != 0) return null;
  for (let i = 0; i < text.length; i++) if (text.at(i) == 0x2d || text.at(i) == 0x5f) return null;
  return decodeEither(text);
}

/** Decodes either alphabet, with or without padding; null when it is neither. */
export function decodeEither(text: Bytes): Bytes | null {
  const strict = decode(text);
  if (strict) return strict;
  let length = text.length;
  while (length > 0 && length > text.length - 2 && text.at(length - 1) == 0x3d) length--;
  const url = text.slice(0, length).copy();
  for (let i = 0; i < length; i++) {
    const c = url.at(i);
    if (c == 0x2b) url.set(i, 0x2d);
    else if (c == 0x2f) url.set(i, 0x5f);
  }
  return decode(url);
}

/** Encodes bytes as base64 with padding. */
export function encodeBase64(bytes: Bytes): Bytes {
  const url = encode(bytes);
  const text = Bytes.make((url.length + 3) & ~3);
  memory.fill(text.start, 0x3d, text.length);
  for (let i = 0; i < url.length; i++) {
    const c = url.at(i);
    text.set(i, c == 0x2d ? 0x2b : c == 0x5f ? 0x2f : c);
  }
  return text;
}
