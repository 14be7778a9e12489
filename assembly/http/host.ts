/**
 * The canonical form of a request's host: lower case, without port and trailing dot, an address as
 * RFC 5952 writes it. Servers and routers read other forms differently (Go strips any brackets,
 * browsers and Node read `127.1` and `0x7f.1` as addresses), so a text that some do not take for a
 * host is refused.
 */
import { hexValue, isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { lowered, notInNames } from "../text/sixteen";
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
  return readName(value.start, end > 0 && value.at(end - 1) == Char.Dot ? end - 1 : end);
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

/** Sixteen characters at a time; the last may be looked at twice, or with those before the name. */
function readName(start: usize, length: i32): Bytes | null {
  // Room for what is before a short name.
  const host = Bytes.view(heap.alloc(length + 16) + 16, length);
  // `admin..example.com` is no host name, but some applications treat it as a host with its own
  // rules. 1: the character before was a dot.
  let before = 1;
  for (let i = 0; i < length; i += 16) {
    const seen = max(16 - (length - i), 0);
    const part = v128.load(start + i - seen);
    const dots = i8x16.bitmask(i8x16.eq(part, i8x16.splat(Char.Dot))) >> seen;
    if (dots & ((dots << 1) | before)) return null;
    if (i8x16.bitmask(notInNames(part)) >> seen != 0) return null;
    before = dots >> 15;
    v128.store(host.start + i - seen, lowered(part));
  }
  let label = length;
  while (label > 0 && host.at(label - 1) != Char.Dot) label--;
  if (label == length) return null;
  // No number begins otherwise.
  if (!isDigit(host.at(label))) return host;
  return isNumber(host.slice(label, length)) && !readAddress(host) ? null : host;
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
