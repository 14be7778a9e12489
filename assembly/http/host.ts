/**
 * The canonical form of a request's host: lower case, without port and trailing dot, an address as
 * RFC 5952 writes it. Servers and routers read other forms differently (Go strips any brackets,
 * browsers and Node read `127.1` and `0x7f.1` as addresses), so a text that some do not take for a
 * host is refused.
 */
import { hexValue, isAlphanumeric, isDigit, lower } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { readAddress, writeIPv6 } from "./address";

/** The canonical host of a Host header's value, RFC 9110 §7.2, or null. */
export function readHost(value: Bytes): Bytes | null {
  const isLiteral = value.length > 0 && value.at(0) == Char.OpenBracket;
  const found = isLiteral ? value.indexOf(Char.CloseBracket) + 1 : value.indexOf(Char.Colon);
  const end = found < 0 ? value.length : found;
  if (end < value.length) {
    if (value.at(end) != Char.Colon) return null;
    for (let i = end + 1; i < value.length; i++) if (!isDigit(value.at(i))) return null;
  }
  // The closing bracket is there: without it `end` is 0, where `[` is not a colon, and was refused
  // above.
  if (isLiteral) return readLiteral(value.slice(1, end - 1));
  return readName(value.slice(0, end > 0 && value.at(end - 1) == Char.Dot ? end - 1 : end));
}

/**
 * The content of brackets, RFC 3986 §3.2.2: an IPv6 address. A zone is refused, because it has a
 * meaning only on the machine itself.
 */
function readLiteral(text: Bytes): Bytes | null {
  const address = readAddress(text);
  if (!address || text.indexOf(Char.Colon) < 0) return null;
  return Bytes.of("[").concat(writeIPv6(address)).concat(Bytes.of("]"));
}

function readName(name: Bytes): Bytes | null {
  const host = Bytes.room(name.length);
  let before: u32 = Char.Dot;
  let label = 0;
  for (let i = 0; i < name.length; i++) {
    const c = <u32>name.at(i);
    if (c == Char.Dot) {
      // `admin..example.com` is no host name, but some applications treat it as a host with its own
      // rules.
      if (before == Char.Dot) return null;
      label = i + 1;
    } else if (!isAlphanumeric(c) && c != Char.Hyphen && c != Char.Underscore) return null;
    host.set(i, <u8>lower(c));
    before = c;
  }
  if (before == Char.Dot) return null;
  return isNumber(host.slice(label)) && !readAddress(host) ? null : host;
}

/**
 * The URL standard reads a name as an IPv4 address when its last label is a number in any spelling.
 */
function isNumber(label: Bytes): bool {
  const isHex = label.hasAt(0, "0x");
  for (let i = isHex ? 2 : 0; i < label.length; i++) {
    if (isHex ? hexValue(label.at(i)) < 0 : !isDigit(label.at(i))) return false;
  }
  return true;
}
