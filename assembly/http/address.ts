/**
 * Internet addresses and ranges. An IPv4 address is stored in its IPv4-mapped IPv6 form, RFC 4291
 * §2.5.5.2.
 */
import { hexValue, isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { hexOf } from "../text/hex";

const SIZE = 16;
const MAPPED_BITS = 96;

/** The 16 bytes of an address in text form, or null. */
export function readAddress(text: Bytes): Bytes | null {
  const address = Bytes.make(SIZE);
  if (text.indexOf(Char.Colon) >= 0) return readIPv6(text, address) ? address : null;
  address.set(10, 0xff);
  address.set(11, 0xff);
  return readIPv4(text, address, 12) ? address : null;
}

function readIPv4(text: Bytes, to: Bytes, at: i32): bool {
  let parts = 0;
  let value = -1;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? <u32>text.at(i) : Char.Dot;
    if (c == Char.Dot) {
      if (value < 0 || parts == 4) return false;
      to.set(at + parts++, <u8>value);
      value = -1;
    } else {
      // Some readers take a leading zero for octal.
      if (!isDigit(c) || value == 0) return false;
      value = (value < 0 ? 0 : value * 10) + (c - 0x30);
      if (value > 255) return false;
    }
  }
  return parts == 4;
}

/** RFC 4291 §2.2, with at most one `::` and an IPv4 address at the end. */
function readIPv6(text: Bytes, to: Bytes): bool {
  let length = 0;
  let gap = -1;
  let i = 0;
  if (text.length > 1 && text.at(0) == Char.Colon && text.at(1) == Char.Colon) {
    gap = 0;
    i = 2;
  }
  while (i < text.length) {
    const colon = text.indexOf(Char.Colon, i);
    const end = colon < 0 ? text.length : colon;
    const group = text.slice(i, end);
    if (colon < 0 && group.indexOf(Char.Dot) >= 0) {
      if (length > SIZE - 4 || !readIPv4(group, to, length)) return false;
      length += 4;
      i = end;
      break;
    }
    if (group.length == 0 || group.length > 4 || length == SIZE) return false;
    let value = 0;
    for (let k = 0; k < group.length; k++) {
      const digit = hexValue(group.at(k));
      if (digit < 0) return false;
      value = (value << 4) | digit;
    }
    to.set(length++, <u8>(value >> 8));
    to.set(length++, <u8>value);
    i = end;
    if (colon < 0) break;
    i++;
    if (i == text.length) return false;
    if (text.at(i) == Char.Colon) {
      if (gap >= 0) return false;
      gap = length;
      i++;
    }
  }
  if (gap < 0) return length == SIZE;
  if (length == SIZE) return false;
  memory.copy(to.start + gap + SIZE - length, to.start + gap, length - gap);
  memory.fill(to.start + gap, 0, SIZE - length);
  return true;
}

/**
 * An address in the form that browsers write in URLs, RFC 5952 §4: the longest run of zeros is left
 * out, but not a single one.
 */
export function writeIPv6(address: Bytes): Bytes {
  let gap = -1;
  let gapEnd = -1;
  for (let from = 0; from < SIZE;) {
    let to = from;
    while (to < SIZE && address.at(to) == 0 && address.at(to + 1) == 0) to += 2;
    if (to - from > max(gapEnd - gap, 2)) {
      gap = from;
      gapEnd = to;
    }
    from = to + 2;
  }
  let text = "";
  for (let i = 0; i < SIZE; i += 2) {
    if (i == gap) {
      text += "::";
      i = gapEnd - 2;
      continue;
    }
    if (i > 0 && i != gapEnd) text += ":";
    text += hexOf(((<u32>address.at(i)) << 8) | address.at(i + 1), 1);
  }
  return Bytes.of(text);
}

/**
 * A range such as `192.0.2.0/24`, or one address: 16 bytes, then the number of significant bits.
 * Null: neither.
 */
export function readRange(text: Bytes): Bytes | null {
  const slash = text.indexOf(Char.Slash);
  const address = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return null;
  const isIPv4 = text.indexOf(Char.Colon) < 0;
  const most = isIPv4 ? 32 : 128;
  let bits = most;
  if (slash >= 0) {
    const digits = text.rest(slash + 1);
    if (digits.length == 0 || digits.length > 3) return null;
    bits = 0;
    for (let i = 0; i < digits.length; i++) {
      if (!isDigit(digits.at(i))) return null;
      bits = bits * 10 + (digits.at(i) - 0x30);
    }
    if (bits > most) return null;
  }
  const range = Bytes.make(SIZE + 1);
  memory.copy(range.start, address.start, SIZE);
  range.set(SIZE, <u8>(isIPv4 ? bits + MAPPED_BITS : bits));
  return range;
}

/** True if it is an IPv4 address. */
function isMapped(address: Bytes): bool {
  return load<u64>(address.start) == 0 && load<u32>(address.start + 8) == 0xffff0000;
}

export function isInRange(address: Bytes, range: Bytes): bool {
  const bits = <i32>range.at(SIZE);
  // A range of IPv6 contains no IPv4 address unless it says so: `::/0` does not mean everyone.
  if (bits < MAPPED_BITS && isMapped(address)) return false;
  const whole = bits >> 3;
  if (memory.compare(address.start, range.start, whole) != 0) return false;
  const rest = bits & 7;
  return rest == 0 || (<u32>(address.at(whole) ^ range.at(whole))) >> (8 - rest) == 0;
}

/**
 * The address of `host:port` or `[host]:port`, as Go writes a connection's; null when it is
 * neither.
 */
export function addressOfPeer(text: Bytes): Bytes | null {
  const host = hostOfPeer(text);
  return host ? readAddress(host) : null;
}

/** The same as text, without a zone. */
export function hostOfPeer(text: Bytes): Bytes | null {
  let colon = text.length - 1;
  while (colon >= 0 && text.at(colon) != Char.Colon) colon--;
  if (colon < 0) return null;
  const bracketed = text.at(0) == Char.OpenBracket && text.at(colon - 1) == Char.CloseBracket;
  const host = bracketed ? text.slice(1, colon - 1) : text.slice(0, colon);
  const zone = host.indexOf(Char.Percent);
  return zone < 0 ? host : host.slice(0, zone);
}

/** The network that one customer usually has: an IPv6 /48, or a single IPv4 address. */
export function networkOf(address: Bytes): Bytes {
  for (let i = 0; i < 10; i++) if (address.at(i) != 0) return address.slice(0, 6);
  return address;
}
