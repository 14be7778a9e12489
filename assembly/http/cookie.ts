/**
 * Cookies of a request, RFC 6265 §4.2, from one or several Cookie headers that the host joins by
 * NUL.
 */
import { within } from "../runtime/within";
import { Bytes, findEither, isSame } from "../text/bytes";
import { Char } from "../text/char";

/**
 * Iterates over the pairs of a Cookie header. There may be thousands, so a pair is allocated only
 * on request.
 */
@final
export class Cookies {
  /** Where the next pair begins, and where all of them end. */
  private at: usize;
  private end: usize;
  // The current pair, from its first byte to its last; where its name and its value are.
  private from: usize = 0;
  private to: usize = 0;
  private nameEnd: usize = 0;
  private valueFrom: usize = 0;

  constructor(header: Bytes) {
    this.at = header.start;
    this.end = header.end;
  }

  /** Moves to the next pair; false at the end. A pair without `=` is a value without a name. */
  next(): bool {
    const end = this.end;
    let at = this.at;
    while (at < end) {
      let to = findEither(Char.Semicolon, 0, at, end);
      const from = afterSpace(at, to);
      at = to + 1;
      to = beforeSpace(from, to);
      if (to == from) continue;
      const equals = findEither(Char.Equals, Char.Equals, from, to);
      const hasName = equals < to;
      const nameEnd = hasName ? beforeSpace(from, equals) : from;
      const valueFrom = hasName ? afterSpace(equals + 1, to) : from;
      within(this);
      this.at = at;
      this.from = from;
      this.to = to;
      this.nameEnd = nameEnd;
      this.valueFrom = valueFrom;
      return true;
    }
    return false;
  }

  /** True if the current pair has that name. */
  isNamed(name: Bytes): bool {
    return this.nameLength == name.length && this.begins(name);
  }

  /** True if the current pair's name, which is not shorter, begins with that. */
  begins(name: Bytes): bool {
    return isSame(this.from, name.start, name.length);
  }

  get nameLength(): i32 {
    return <i32>(this.nameEnd - this.from);
  }

  /** The current pair's name. */
  get name(): Bytes {
    return Bytes.view(this.from, this.nameLength);
  }

  /** True if the current pair's value is empty. */
  get isEmpty(): bool {
    return this.valueFrom == this.to;
  }

  /** The current pair's value. */
  get value(): Bytes {
    return Bytes.view(this.valueFrom, <i32>(this.to - this.valueFrom));
  }

  /** Bytes of the current pair as sent. */
  get length(): i32 {
    return <i32>(this.to - this.from);
  }

  /** Appends the current pair to a buffer at a position, and returns the position after it. */
  appendTo(out: Bytes, at: i32): i32 {
    memory.copy(out.start + at, this.from, this.length);
    return at + this.length;
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
  if (name.length < family.length) return false;
  let rest = name;
  // Each begins with it, and few names do.
  for (let i = 0; i < PREFIXES.length && name.at(0) == Char.Underscore; i++) {
    const prefix = unchecked(PREFIXES[i]);
    if (name.hasAt(0, prefix)) rest = name.rest(prefix.length);
  }
  if (rest.length < family.length || !rest.slice(0, family.length).equals(family)) return false;
  if (rest.length == family.length) return true;
  const next = rest.at(family.length);
  return next == Char.Dot || next == Char.Hyphen;
}

/** `; ` */
const SEPARATOR = 2;

function afterSpace(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isSpace(load<u8>(at))) at++;
  return at;
}

function beforeSpace(from: usize, to: usize): usize {
  let at = to;
  while (at > from && isSpace(load<u8>(at - 1))) at--;
  return at;
}

function isSpace(c: u32): bool {
  return c == Char.Space || c == Char.Tab;
}
