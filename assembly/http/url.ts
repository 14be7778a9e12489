/**
 * Absolute http and https URLs, strictly: what browsers, Go and the provider could read differently is refused.
 * No user information, no fragment, no backslash, no white space, no host that is written in two ways.
 */
import { Bytes } from "../text/bytes";
import { readHost } from "./host";

const HTTPS = "https://";
const HTTP = "http://";

@final
export class Url {
  private constructor(
    /** Scheme, host and port as written, as in `https://sso.example.com:8443`. */
    readonly origin: Bytes,
    /** Lower case, without the port. */
    readonly host: Bytes,
    readonly isSecure: bool,
    /** Path and query; at least `/`. */
    readonly target: Bytes,
  ) {}

  /** Null: it is none. */
  static parse(text: Bytes): Url | null {
    const scheme = schemeLength(text);
    if (scheme == 0 || !isPlain(text)) return null;
    let end = scheme;
    while (end < text.length && text.at(end) != 0x2f && text.at(end) != 0x3f) end++;
    const authority = text.slice(scheme, end);
    const host = readHost(authority);
    if (!host || !isAsBrowsersWriteIt(authority, scheme)) return null;
    const rest = text.slice(end);
    if (rest.length > 0 && rest.at(0) == 0x3f) return null;
    const target = rest.length > 0 ? rest : Bytes.of("/");
    return new Url(text.slice(0, end), host, scheme == HTTPS.length, target);
  }

  /** RFC 8252 §7.3: what is said to it never leaves the machine. */
  get isLoopback(): bool {
    const host = this.host;
    return host.is("localhost") || host.is("[::1]") || (host.hasAt(0, "127.") && isIPv4(host));
  }

  get path(): Bytes {
    const mark = this.target.indexOf(0x3f);
    return mark < 0 ? this.target : this.target.slice(0, mark);
  }
}

/** Bytes of `https://` or `http://`; 0: neither. */
function schemeLength(url: Bytes): i32 {
  if (url.startsWith(Bytes.of(HTTPS))) return HTTPS.length;
  return url.startsWith(Bytes.of(HTTP)) ? HTTP.length : 0;
}

/** Visible ASCII without what readers disagree about. */
function isPlain(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (c <= 0x20 || c >= 0x7f || c == 0x5c || c == 0x23 || c == 0x22 || c == 0x3c) return false;
    if (c == 0x3e) return false;
  }
  return true;
}

/** An origin is compared byte for byte with what browsers send, RFC 6454 §6.2. */
function isAsBrowsersWriteIt(authority: Bytes, scheme: i32): bool {
  for (let i = 0; i < authority.length; i++) if (<u32>authority.at(i) - 0x41 < 26) return false;
  const colon = authority.indexOf(0x3a);
  if (colon < 0 || authority.at(0) == 0x5b) return true;
  return !authority.slice(colon).is(scheme == HTTPS.length ? ":443" : ":80");
}

function isIPv4(host: Bytes): bool {
  for (let i = 0; i < host.length; i++) {
    const c = host.at(i);
    if (c != 0x2e && <u32>c - 0x30 > 9) return false;
  }
  return true;
}
