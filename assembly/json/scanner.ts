/**
 * Splits strict JSON, RFC 8259, into tokens and allocates nothing; the caller builds values from
 * them, or only searches. The caller has checked that the text is UTF-8 (see text/utf8.ts).
 */
import { hexValue, isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { specialIn } from "../text/sixteen";
import { encode } from "../text/utf8";
import { Kind } from "./value";

@unmanaged
@final
export class Scanner {
  /**
   * The string read last: its characters as written, without quotes, and whether any is escaped.
   */
  start: usize = 0;
  length: i32 = 0;
  escaped: bool = false;

  constructor(
    public at: usize,
    readonly end: usize,
  ) {}

  /** Most documents have no white space, so it is looked for without a call. */
  // @ts-ignore: decorator
  @inline
  space(): void {
    if (this.at < this.end && load<u8>(this.at) <= Char.Space) this.skip();
  }

  private skip(): void {
    while (this.at < this.end) {
      const c = load<u8>(this.at);
      if (c != Char.Space && c != Char.LineFeed && c != Char.CarriageReturn && c != Char.Tab)
        return;
      this.at++;
    }
  }

  /** The next byte, or 0 at the end. */
  peek(): u32 {
    return this.at < this.end ? load<u8>(this.at) : 0;
  }

  take(c: u32): bool {
    return this.takeNow(c);
  }

  /** The same, after white space; most documents have none. */
  takeNext(c: u32): bool {
    if (this.takeNow(c)) return true;
    this.space();
    return this.takeNow(c);
  }

  /** The same without a call, for where it is used once for each value. */
  // @ts-ignore: decorator
  @inline
  takeNow(c: u32): bool {
    if (this.at == this.end || load<u8>(this.at) != c) return false;
    this.at++;
    return true;
  }

  private word(word: string): bool {
    if (this.at + word.length > this.end) return false;
    for (let i = 0; i < word.length; i++) {
      if (<i32>load<u8>(this.at + i) != word.charCodeAt(i)) return false;
    }
    this.at += word.length;
    return true;
  }

  private digits(): bool {
    const start = this.at;
    while (isDigit(this.peek())) this.at++;
    return this.at > start;
  }

  private number(): bool {
    this.take(0x2d);
    if (!this.take(0x30) && !this.digits()) return false;
    if (this.take(0x2e) && !this.digits()) return false;
    if (!this.take(0x65) && !this.take(0x45)) return true;
    if (!this.take(0x2b)) this.take(0x2d);
    return this.digits();
  }

  /**
   * Reads a number, `true`, `false` or `null`. Returns its kind, or -1 when it is none of these.
   */
  scalar(): i32 {
    const c = this.peek();
    if (c == Char.Hyphen || isDigit(c)) return this.number() ? Kind.Number : -1;
    if (c == 0x74) return this.word("true") ? Kind.Boolean : -1;
    if (c == 0x66) return this.word("false") ? Kind.Boolean : -1;
    return this.word("null") ? Kind.Null : -1;
  }

  /** Reads a string, from its opening quote on. */
  string(): bool {
    if (!this.takeNow(0x22)) return false;
    const start = this.at;
    const end = this.end;
    this.start = start;
    this.escaped = false;
    let at = plainEnd(start, end);
    while (at < end) {
      const c = load<u8>(at++);
      if (c == Char.Quote) {
        this.at = at;
        this.length = <i32>(at - start) - 1;
        return true;
      }
      if (c != Char.Backslash) return false;
      this.escaped = true;
      this.at = at;
      if (this.escape() < 0) return false;
      at = plainEnd(this.at, end);
    }
    return false;
  }

  /** The code point of the escape after a backslash, or -1. */
  private escape(): i32 {
    const c = this.peek();
    this.at++;
    if (c != 0x75) {
      if (c == Char.Quote || c == Char.Backslash || c == Char.Slash) return c;
      if (c == 0x62) return 0x08;
      if (c == 0x66) return 0x0c;
      if (c == 0x6e) return 0x0a;
      if (c == 0x72) return 0x0d;
      return c == 0x74 ? 0x09 : -1;
    }
    const high = this.unit();
    if (high < 0xd800 || high > 0xdfff) return high;
    if (high > 0xdbff || !this.take(0x5c) || !this.take(0x75)) return -1;
    const low = this.unit();
    return low < 0xdc00 || low > 0xdfff ? -1 : 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }

  private unit(): i32 {
    const at = this.at;
    this.at = at + 4;
    if (this.at > this.end) return -1;
    let unit = 0;
    // Traefik escapes `&`, `<` and `>`, which begin with two zeros.
    for (let i: usize = load<u16>(at) == 0x3030 ? 2 : 0; i < 4; i++) {
      const digit = hexValue(load<u8>(at + i));
      if (digit < 0) return -1;
      unit = (unit << 4) | digit;
    }
    return unit;
  }

  /**
   * The characters of the string read last: a view when nothing is escaped, else a decoded copy.
   */
  text(): Bytes {
    if (!this.escaped) return new Bytes(this.start, this.length);
    // An escape is never longer decoded than written.
    const copy = heap.alloc(this.length);
    const before = this.at;
    let length = 0;
    let at = this.start;
    const end = at + this.length;
    while (at < end) {
      const plain = plainEnd(at, end);
      const count = <i32>(plain - at);
      memory.copy(copy + length, at, count);
      length += count;
      if (plain == end) break;
      // A backslash: nothing else in a string is special.
      this.at = plain + 1;
      length += encode(this.escape(), copy + length);
      at = this.at;
    }
    this.at = before;
    return new Bytes(copy, length);
  }
}

/**
 * The first position of a special byte (a quote, a backslash, a control character), or `end`. Looks
 * at sixteen bytes at a time, because texts in bodies are long.
 */
function plainEnd(from: usize, end: usize): usize {
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const found = i8x16.bitmask(specialIn(v128.load(at)));
    if (found != 0) return at + ctz(found);
  }
  if (at == end) return end;
  // The last sixteen, of which some have been looked at, or are before the text.
  const found = i8x16.bitmask(specialIn(v128.load(end - 16))) >> (16 - <i32>(end - at));
  return found != 0 ? at + ctz(found) : end;
}
