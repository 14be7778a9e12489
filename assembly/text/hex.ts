/** Hexadecimal digits. */
import { hexValue } from "./ascii";
import { Bytes } from "./bytes";

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
    const digit = (bytes.at(i >> 1) >> ((i & 1) == 0 ? 4 : 0)) & 15;
    text.set(i, <u8>(digit < 10 ? 0x30 + digit : 0x57 + digit));
  }
  return text;
}
