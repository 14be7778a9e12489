/** Bytes in hexadecimal digits. */
import { hexValue } from "./ascii";
import { Bytes } from "./bytes";

/** The bytes, or null when the text is not whole pairs of digits. */
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
