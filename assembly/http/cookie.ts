/**
 * Cookies of a request, RFC 6265 §4.2, from one or several Cookie headers that the host joins by
 * NUL.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/**
 * Iterates over the pairs of a Cookie header. There may be thousands, so a pair is allocated only
 * on request.
 */
@final
export class Cookies {
  private at: i32 = 0;
  private from: i32 = 0;
  private to: i32 = 0;
  private equals: i32 = -1;

  constructor(private header: Bytes) {}

  /** Moves to the next pair; false at the end. A pair without `=` is a value without a name. */
  next(): bool {
    const header = this.header;
    while (this.at < header.length) {
      let to = header.indexOfEither(Char.Semicolon, 0, this.at);
      this.from = this.at;
      this.at = to + 1;
      while (this.from < to && isSpace(header.at(this.from))) this.from++;
      while (to > this.from && isSpace(header.at(to - 1))) to--;
      if (to == this.from) continue;
      this.to = to;
      this.equals = this.from;
      while (this.equals < to && header.at(this.equals) != Char.Equals) this.equals++;
      return true;
    }
    return false;
  }

  /** True if the current pair has that name. */
  isNamed(name: Bytes): bool {
    let end = this.equals;
    if (end == this.to) return name.length == 0;
    while (end > this.from && isSpace(this.header.at(end - 1))) end--;
    const start = this.header.start + this.from;
    return end - this.from == name.length && memory.compare(start, name.start, name.length) == 0;
  }

  /** The current pair's name. */
  get name(): Bytes {
    let end = this.equals;
    if (end == this.to) return Bytes.empty();
    while (end > this.from && isSpace(this.header.at(end - 1))) end--;
    return this.header.slice(this.from, end);
  }

  private get valueStart(): i32 {
    let from = this.equals == this.to ? this.from : this.equals + 1;
    while (from < this.to && isSpace(this.header.at(from))) from++;
    return from;
  }

  /** True if the current pair's value is empty. */
  get isEmpty(): bool {
    return this.valueStart == this.to;
  }

  /** The current pair's value. */
  get value(): Bytes {
    return this.header.slice(this.valueStart, this.to);
  }

  /** Bytes of the current pair as sent. */
  get length(): i32 {
    return this.to - this.from;
  }

  /** Appends the current pair to a buffer at a position, and returns the position after it. */
  appendTo(out: Bytes, at: i32): i32 {
    memory.copy(out.start + at, this.header.start + this.from, this.to - this.from);
    return at + this.to - this.from;
  }
}

/**
 * The header without the cookies of that name and those of a family (see `isOf`); null when nothing
 * is left. An empty name or family removes nothing.
 */
export function without(header: Bytes, name: Bytes, family: Bytes): Bytes | null {
  let room = 0;
  for (const cookies = new Cookies(header); cookies.next();) {
    if (!isUnwanted(cookies, name, family)) room += cookies.length + SEPARATOR;
  }
  if (room == 0) return null;
  const rest = Bytes.room(room);
  let length = 0;
  for (const cookies = new Cookies(header); cookies.next();) {
    if (isUnwanted(cookies, name, family)) continue;
    length = cookies.appendTo(rest, length);
    rest.set(length++, Char.Semicolon);
    rest.set(length++, Char.Space);
  }
  return rest.slice(0, length - SEPARATOR);
}

function isUnwanted(cookies: Cookies, name: Bytes, family: Bytes): bool {
  if (name.length > 0 && cookies.isNamed(name)) return true;
  return family.length > 0 && isOf(cookies.name, family);
}

/** RFC 6265bis §4.1.3. */
const PREFIXES: StaticArray<string> = ["__Host-", "__Secure-"];

/**
 * True if a cookie belongs to a family: it has its name, or the name followed by `.` or `-` and
 * more, with any prefix.
 */
export function isOf(name: Bytes, family: Bytes): bool {
  let rest = name;
  for (let i = 0; i < PREFIXES.length; i++) {
    if (name.hasAt(0, PREFIXES[i])) rest = name.slice(PREFIXES[i].length);
  }
  if (rest.length < family.length || !rest.slice(0, family.length).equals(family)) return false;
  if (rest.length == family.length) return true;
  const next = rest.at(family.length);
  return next == Char.Dot || next == Char.Hyphen;
}

/** `; ` */
const SEPARATOR = 2;

function isSpace(c: u32): bool {
  return c == Char.Space || c == Char.Tab;
}
