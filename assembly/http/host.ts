/** The host a request is for: lower case, without port and trailing dot. Refuses what is no host. */
import { isAlphanumeric, isDigit, lower } from "../text/ascii";
import { Bytes } from "../text/bytes";

const DOT: u32 = 0x2e;

/** The canonical host of a Host header's value, RFC 9110 §7.2, or null. */
export function readHost(value: Bytes): Bytes | null {
  const literal = value.length > 0 && value.at(0) == 0x5b;
  const nameEnd = literal ? value.indexOf(0x5d) + 1 : value.indexOf(0x3a);
  const end = nameEnd < 0 ? value.length : nameEnd;
  if (end < value.length) {
    if (value.at(end) != 0x3a) return null;
    for (let i = end + 1; i < value.length; i++) if (!isDigit(value.at(i))) return null;
  }
  const name = value.slice(0, !literal && end > 0 && value.at(end - 1) == DOT ? end - 1 : end);
  const host = Bytes.room(name.length);
  let before = DOT;
  for (let i = 0; i < name.length; i++) {
    const c = <u32>name.at(i);
    // `admin..example.com` is no name, but some applications take it for one that has rules of its own.
    if (c == DOT && before == DOT) return null;
    const part = isAlphanumeric(c) || c == 0x2d || c == DOT || c == 0x5f;
    if (!part && !(literal && (c == 0x3a || c == 0x5b || c == 0x5d))) return null;
    host.set(i, <u8>lower(c));
    before = c;
  }
  return before == DOT ? null : host;
}
