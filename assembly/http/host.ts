/**
 * The host a request is for, in one form: lower case, without port and trailing dot, an address as RFC 5952 writes it.
 * Servers and routers differ in what they make of the rest (Go takes brackets off whatever stands in them, browsers and
 * Node read `127.1` and `0x7f.1` as addresses), so what is no host to all of them is refused.
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
  // Without a closing bracket the opening one is no colon, and was refused.
  if (isLiteral) return readLiteral(value.slice(1, end - 1));
  return readName(value.slice(0, end > 0 && value.at(end - 1) == Char.Dot ? end - 1 : end));
}

/** What stands in brackets, RFC 3986 §3.2.2: an IPv6 address. A zone is nobody's business but the machine's. */
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
      // `admin..example.com` is no name, but some applications take it for one that has rules of its own.
      if (before == Char.Dot) return null;
      label = i + 1;
    } else if (!isAlphanumeric(c) && c != Char.Hyphen && c != Char.Underscore) return null;
    host.set(i, <u8>lower(c));
    before = c;
  }
  if (before == Char.Dot) return null;
  return isNumber(host.slice(label)) && !readAddress(host) ? null : host;
}

/** The URL standard takes a name whose last label is one for an IPv4 address, in any of that's spellings. */
function isNumber(label: Bytes): bool {
  const isHex = label.hasAt(0, "0x");
  for (let i = isHex ? 2 : 0; i < label.length; i++) {
    if (isHex ? hexValue(label.at(i)) < 0 : !isDigit(label.at(i))) return false;
  }
  return true;
}
