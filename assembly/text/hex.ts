/** Hexadecimal digits. */
import { hexValue } from "./ascii";
import { Bytes } from "./bytes";

/** Hexadecimal digits of a number. */
const MOST = 8;

/** Decodes pairs of digits; null when the text is anything else. */
export function decodeHex(text: Bytes): Bytes | null {
  if ((text.length & 1) != 0) return null;
  const bytes = Bytes.make(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexValue(text.at(2 * i));
    const low = hexValue(text.at(2 * i + 1));
    if (high < 0 || low < 0) return null;
    bytes.set(i, <u8>((high << 4) | low));
  }
  return bytes;
}

/** Encodes each byte as two lower-case digits. */
export function encodeHex(bytes: Bytes): Bytes {
  const text = Bytes.make(2 * bytes.length);
  for (let i = 0; i < text.length; i++) {
    text.set(i, digitOf(bytes.at(i >> 1) >> ((i & 1) == 0 ? 4 : 0)));
  }
  return text;
}

/** A number's digits, with zeros before them up to `least`. */
export function hexOf(value: u32, least: i32): string {
  const text = Bytes.make(MOST);
  let at = MOST;
  while (value != 0 || MOST - at < least) {
    text.set(--at, digitOf(value));
    value >>= 4;
  }
  return text.rest(at).toString();
}

function digitOf(value: u32): u8 {
  const digit = value & 15;
  return <u8>(digit < 10 ? 0x30 + digit : 0x57 + digit);
}
