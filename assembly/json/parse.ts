/**
 * Strict JSON, RFC 8259: UTF-8 without a byte order mark, no duplicate name in an object (two readers of one
 * token must not see two values), no lone surrogate, bounded depth and members.
 */
import { JSON_DEPTH, JSON_MEMBERS } from "../limits";
import { hexValue, isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { encode, isUtf8 } from "../text/utf8";
import { Json, Kind } from "./value";

/** The document's value, or null when it is not strict JSON. */
export function parse(document: Bytes): Json | null {
  if (!isUtf8(document)) return null;
  const parser = new Parser(document.start, document.end);
  parser.space();
  const value = parser.value(0);
  parser.space();
  return value && parser.at == parser.end ? value : null;
}

@unmanaged
@final
class Parser {
  constructor(
    public at: usize,
    readonly end: usize,
  ) {}

  space(): void {
    while (this.at < this.end) {
      const c = load<u8>(this.at);
      if (c != 0x20 && c != 0x0a && c != 0x0d && c != 0x09) return;
      this.at++;
    }
  }

  peek(): u32 {
    return this.at < this.end ? load<u8>(this.at) : 0;
  }

  take(c: u32): bool {
    if (this.peek() != c) return false;
    this.at++;
    return true;
  }

  value(depth: i32): Json | null {
    const c = this.peek();
    if (c == 0x22) {
      const text = this.string();
      return text ? new Json(Kind.String, text) : null;
    }
    if (c == 0x7b) return this.object(depth + 1);
    if (c == 0x5b) return this.array(depth + 1);
    if (c == 0x2d || isDigit(c)) return this.number();
    if (c == 0x74) return this.word("true", Kind.Boolean);
    if (c == 0x66) return this.word("false", Kind.Boolean);
    if (c == 0x6e) return this.word("null", Kind.Null);
    return null;
  }

  word(word: string, kind: Kind): Json | null {
    if (this.at + word.length > this.end) return null;
    const text = new Bytes(this.at, word.length);
    if (!text.is(word)) return null;
    this.at += word.length;
    return new Json(kind, text);
  }

  digits(): bool {
    const start = this.at;
    while (isDigit(this.peek())) this.at++;
    return this.at > start;
  }

  number(): Json | null {
    const start = this.at;
    this.take(0x2d);
    if (!this.take(0x30) && !this.digits()) return null;
    if (this.take(0x2e) && !this.digits()) return null;
    if (this.take(0x65) || this.take(0x45)) {
      if (!this.take(0x2b)) this.take(0x2d);
      if (!this.digits()) return null;
    }
    return new Json(Kind.Number, new Bytes(start, <i32>(this.at - start)));
  }

  array(depth: i32): Json | null {
    this.at++;
    const list = new Json(Kind.Array, Bytes.empty());
    this.space();
    if (depth > JSON_DEPTH) return null;
    if (this.take(0x5d)) return list;
    let last: Json | null = null;
    do {
      this.space();
      const element = this.value(depth);
      if (!element) return null;
      if (last) last.next = element;
      else list.first = element;
      last = element;
      list.count++;
      this.space();
    } while (this.take(0x2c));
    return this.take(0x5d) ? list : null;
  }

  object(depth: i32): Json | null {
    this.at++;
    const object = new Json(Kind.Object, Bytes.empty());
    this.space();
    if (depth > JSON_DEPTH) return null;
    if (this.take(0x7d)) return object;
    let last: Json | null = null;
    do {
      this.space();
      const name = this.peek() == 0x22 ? this.string() : null;
      if (!name || object.get(name) || object.count == JSON_MEMBERS) return null;
      this.space();
      if (!this.take(0x3a)) return null;
      this.space();
      const member = this.value(depth);
      if (!member) return null;
      member.name = name;
      if (last) last.next = member;
      else object.first = member;
      last = member;
      object.count++;
      this.space();
    } while (this.take(0x2c));
    return this.take(0x7d) ? object : null;
  }

  /** A string's characters: a view when nothing is escaped, else a decoded copy. */
  string(): Bytes | null {
    const start = ++this.at;
    while (this.at < this.end) {
      const c = load<u8>(this.at);
      if (c == 0x22) return new Bytes(start, <i32>(this.at++ - start));
      if (c == 0x5c) return this.escaped(start);
      if (c < 0x20) return null;
      this.at++;
    }
    return null;
  }

  escaped(start: usize): Bytes | null {
    let close = this.at;
    while (close < this.end && load<u8>(close) != 0x22) close += load<u8>(close) == 0x5c ? 2 : 1;
    if (close >= this.end) return null;
    // No escape is longer decoded than written.
    const copy = heap.alloc(close - start);
    let out = this.at - start;
    memory.copy(copy, start, out);
    while (this.at < close) {
      const c = load<u8>(this.at++);
      if (c < 0x20) return null;
      if (c != 0x5c) store<u8>(copy + out++, c);
      else {
        const code = this.escape();
        if (code < 0) return null;
        out += encode(code, copy + out);
      }
    }
    this.at++;
    return new Bytes(copy, <i32>out);
  }

  /** The code point of the escape after a backslash, or -1. */
  escape(): i32 {
    const c = load<u8>(this.at++);
    if (c == 0x22 || c == 0x5c || c == 0x2f) return c;
    if (c == 0x62) return 0x08;
    if (c == 0x66) return 0x0c;
    if (c == 0x6e) return 0x0a;
    if (c == 0x72) return 0x0d;
    if (c == 0x74) return 0x09;
    if (c != 0x75) return -1;
    const high = this.unit();
    if (high < 0xd800 || high > 0xdfff) return high;
    if (high > 0xdbff || !this.take(0x5c) || !this.take(0x75)) return -1;
    const low = this.unit();
    return low < 0xdc00 || low > 0xdfff ? -1 : 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }

  unit(): i32 {
    let unit = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexValue(this.peek());
      if (digit < 0) return -1;
      unit = (unit << 4) | digit;
      this.at++;
    }
    return unit;
  }
}
