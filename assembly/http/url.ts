/**
 * Absolute http and https URLs, read strictly: a form that browsers, Go and the provider could read
 * differently is refused. No user information, no fragment, no backslash, no dot segment, no
 * character that must be percent-encoded and is not, and only one spelling of host and port.
 */
import { isAlphanumeric, isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { readAddress } from "./address";
import { escapedAt } from "./escape";
import { readHost } from "./host";

const HTTPS = "https://";
const HTTP = "http://";
/** Characters of a path besides letters, digits and percent-encodings, RFC 3986 §3.3. */
const MARKS = "-._~!$&'()*+,;=:@/";
/**
 * More characters of a query, some of which browsers leave as they are although the RFC does not
 * allow them.
 */
const QUERY_MARKS = "?[]{}|^`";

@final
export class Url {
  private constructor(
    readonly text: Bytes,
    /** Scheme, host and port as written, such as `https://sso.example.com:8443`. */
    readonly origin: Bytes,
    /** Lower case, without the port. */
    readonly host: Bytes,
    readonly isSecure: bool,
    /** Path and query; at least `/`. */
    readonly target: Bytes,
  ) {}

  /** Null: the text is not such a URL. */
  static parse(text: Bytes): Url | null {
    const scheme = schemeLength(text);
    if (scheme == 0) return null;
    const slash = text.indexOf(Char.Slash, scheme);
    const end = slash < 0 ? text.length : slash;
    const authority = text.slice(scheme, end);
    const isSecure = scheme == HTTPS.length;
    const host = readHost(authority);
    if (!host || !isAsBrowsersWriteIt(authority, host, isSecure)) return null;
    const target = slash < 0 ? Bytes.of("/") : text.rest(slash);
    return isTarget(target) ? new Url(text, text.slice(0, end), host, isSecure, target) : null;
  }

  /**
   * Reads a URL of a document or a configuration, where the host may have capitals or a trailing
   * dot and the default port may be written, and returns it in browsers' form. Null: it is still
   * not such a URL.
   */
  static normalize(text: Bytes): Url | null {
    const isSecure = text.hasAt(0, HTTPS);
    if (!isSecure && !text.hasAt(0, HTTP)) return null;
    const scheme = isSecure ? HTTPS : HTTP;
    const slash = text.indexOf(Char.Slash, scheme.length);
    const end = slash < 0 ? text.length : slash;
    const authority = text.slice(scheme.length, end);
    const host = readHost(authority);
    if (!host) return null;
    // The digits at the end are the port, if a colon precedes them.
    let colon = authority.length - 1;
    while (colon > 0 && isDigit(authority.at(colon))) colon--;
    const port = authority.at(colon) == Char.Colon ? authority.rest(colon + 1) : Bytes.empty();
    const isDefault = port.length == 0 || port.is(isSecure ? "443" : "80");
    let origin = Bytes.of(scheme).concat(host);
    if (!isDefault) origin = origin.concat(Bytes.of(":")).concat(port);
    return Url.parse(origin.concat(text.rest(end)));
  }

  /** RFC 8252 §7.3, RFC 6761 §6.3: what is sent there never leaves the machine. */
  get isLoopback(): bool {
    const host = this.host;
    if (host.is("localhost") || host.is("[::1]")) return true;
    const name = ".localhost";
    if (host.length > name.length && host.hasAt(host.length - name.length, name)) return true;
    const address = readAddress(host);
    return address !== null && address.at(12) == 127;
  }

  get path(): Bytes {
    const mark = this.target.indexOf(Char.Question);
    return mark < 0 ? this.target : this.target.slice(0, mark);
  }
}

/**
 * True for a path, with or without a query, that stays on its host: one leading slash, no dot
 * segments.
 */
export function isTarget(text: Bytes): bool {
  if (text.length == 0 || text.at(0) != Char.Slash) return false;
  if (text.length > 1 && text.at(1) == Char.Slash) return false;
  let inQuery = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (c == Char.Question) inQuery = true;
    else if (c == Char.Percent) {
      if (escapedAt(text, i) < 0) return false;
    } else if (!isAlphanumeric(c) && !has(MARKS, c) && !(inQuery && has(QUERY_MARKS, c))) {
      return false;
    }
    if (c == Char.Slash && !inQuery && isDotSegment(text, i + 1)) return false;
  }
  return true;
}

function has(marks: string, c: u32): bool {
  for (let i = 0; i < marks.length; i++) if (<u32>marks.charCodeAt(i) == c) return true;
  return false;
}

/** RFC 3986 §3.3: `.` or `..`, each dot plain or percent-encoded. */
function isDotSegment(text: Bytes, from: i32): bool {
  let at = from;
  let dots = 0;
  while (at < text.length && text.at(at) != Char.Slash && text.at(at) != Char.Question) {
    const length = text.at(at) == Char.Dot ? 1 : text.hasAt(at, "%2e") ? 3 : 0;
    if (length == 0) return false;
    at += length;
    dots++;
  }
  return dots == 1 || dots == 2;
}

/** Bytes of `https://` or `http://`; 0: neither. */
function schemeLength(url: Bytes): i32 {
  if (url.startsWith(Bytes.of(HTTPS))) return HTTPS.length;
  return url.startsWith(Bytes.of(HTTP)) ? HTTP.length : 0;
}

/**
 * An origin is compared byte for byte with what browsers send, RFC 6454 §6.2, and they have one
 * form for each.
 */
function isAsBrowsersWriteIt(authority: Bytes, host: Bytes, isSecure: bool): bool {
  if (!authority.startsWith(host)) return false;
  if (authority.length == host.length) return true;
  const port = authority.rest(host.length + 1);
  if (authority.at(host.length) != Char.Colon || port.length == 0 || port.length > 5) return false;
  if (port.at(0) == 0x30) return false;
  let number = 0;
  for (let i = 0; i < port.length; i++) number = number * 10 + (port.at(i) - 0x30);
  return number <= 65535 && number != (isSecure ? 443 : 80);
}
