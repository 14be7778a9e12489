/**
 * Reads and writes the plugin's own cookies. Two cookies of one name, or whole and chunked ones
 * mixed, count as absent: a sibling host can set cookies too, and taking the first would let it
 * choose.
 */
import { Cookies } from "../http/cookie";
import { COOKIE_CHUNK_BYTES, COOKIE_CHUNKS } from "../limits";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/** The sealed text of a cookie, or of its chunks joined; null when it is absent or ambiguous. */
export function readSealed(header: Bytes | null, name: Bytes): Bytes | null {
  if (!header) return null;
  const parts = new StaticArray<Bytes | null>(COOKIE_CHUNKS + 1);
  let length = 0;
  let count = 0;
  for (const cookies = new Cookies(header); cookies.next();) {
    const index = partOf(cookies, name);
    if (index < 0) continue;
    if (parts[index]) return null;
    const value = cookies.value;
    parts[index] = value;
    length += value.length;
    count++;
  }
  if (count == 0) return null;
  const whole = parts[0];
  if (whole) return count == 1 ? whole : null;
  const joined = Bytes.make(length);
  length = 0;
  for (let i = 1; i <= count; i++) {
    const part = i <= COOKIE_CHUNKS ? parts[i] : null;
    if (!part) return null;
    memory.copy(joined.start + length, part.start, part.length);
    length += part.length;
  }
  return joined;
}

/** 0: the cookie itself; from 1: a chunk, as in `name.0`; -1: another cookie. */
function partOf(cookies: Cookies, name: Bytes): i32 {
  const more = cookies.nameLength - name.length;
  if ((more != 0 && more != 2) || !cookies.begins(name)) return -1;
  if (more == 0) return 0;
  const given = cookies.name;
  const digit = <u32>given.at(name.length + 1) - 0x30;
  return given.at(name.length) == Char.Dot && digit < <u32>COOKIE_CHUNKS ? <i32>digit + 1 : -1;
}

/** True if the current pair is that cookie, or a chunk of it. */
export function isPart(cookies: Cookies, name: Bytes): bool {
  return partOf(cookies, name) >= 0;
}

/** True if the request has that cookie or a chunk of it, once or more often. */
export function isPresent(header: Bytes | null, name: Bytes): bool {
  if (!header) return false;
  for (const cookies = new Cookies(header); cookies.next();) {
    if (isPart(cookies, name)) return true;
  }
  return false;
}

/** Attributes of a Set-Cookie header, RFC 6265bis §4.1. */
@final
export class Attributes {
  constructor(
    readonly path: Bytes,
    /** Empty: a host-only cookie. */
    readonly domain: Bytes,
    readonly isSecure: bool,
    /** `Lax`, `Strict` or `None`. */
    readonly sameSite: string,
    /** Seconds; 0: a cookie that ends with the browser. */
    readonly maxAge: i64,
  ) {}

  private text(): string {
    let text = `; Path=${this.path.toString()}; HttpOnly; SameSite=${this.sameSite}`;
    if (this.isSecure) text += "; Secure";
    if (this.domain.length > 0) text += `; Domain=${this.domain.toString()}`;
    return text;
  }

  /** A Set-Cookie value that sets the cookie. */
  set(name: Bytes, value: Bytes): Bytes {
    const age = this.maxAge > 0 ? `; Max-Age=${this.maxAge}` : "";
    return Bytes.of(`${name.toString()}=${value.toString()}${this.text()}${age}`);
  }

  /** A Set-Cookie value that expires the cookie. */
  clear(name: Bytes): Bytes {
    return Bytes.of(`${name.toString()}=${this.text()}; Max-Age=0`);
  }
}

/**
 * Set-Cookie values for a sealed text: one, or chunks, plus those that expire what the browser sent
 * in the other form. Null when the text is too large for cookies; it is never cut.
 */
export function writeSealed(
  header: Bytes | null,
  name: Bytes,
  sealed: Bytes,
  attributes: Attributes,
): Array<Bytes> | null {
  const count = (sealed.length + COOKIE_CHUNK_BYTES - 1) / COOKIE_CHUNK_BYTES;
  if (count > COOKIE_CHUNKS) return null;
  const cookies: Array<Bytes> = [];
  if (count <= 1) cookies.push(attributes.set(name, sealed));
  for (let i = 0; count > 1 && i < count; i++) {
    const from = i * COOKIE_CHUNK_BYTES;
    const to = min(from + COOKIE_CHUNK_BYTES, sealed.length);
    cookies.push(attributes.set(chunkName(name, i), sealed.slice(from, to)));
  }
  if (!header) return cookies;
  if (count > 1 && has(header, name)) cookies.push(attributes.clear(name));
  for (let i = count > 1 ? count : 0; i < COOKIE_CHUNKS; i++) {
    const chunk = chunkName(name, i);
    if (has(header, chunk)) cookies.push(attributes.clear(chunk));
  }
  return cookies;
}

/** Set-Cookie values that expire all that the browser sent under that name. */
export function clearSealed(
  header: Bytes | null,
  name: Bytes,
  attributes: Attributes,
): Array<Bytes> {
  const cookies: Array<Bytes> = [];
  if (!header) return cookies;
  if (has(header, name)) cookies.push(attributes.clear(name));
  for (let i = 0; i < COOKIE_CHUNKS; i++) {
    if (has(header, chunkName(name, i))) cookies.push(attributes.clear(chunkName(name, i)));
  }
  return cookies;
}

function chunkName(name: Bytes, index: i32): Bytes {
  return Bytes.of(`${name.toString()}.${index}`);
}

function has(header: Bytes, name: Bytes): bool {
  for (const cookies = new Cookies(header); cookies.next();) if (cookies.isNamed(name)) return true;
  return false;
}
