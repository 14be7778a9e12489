/** Writes one JSON object into a growing buffer: a log line, a trace step, a response's body. */
import { hexDigit } from "../text/ascii";
import { Bytes, FEW, narrowTo } from "../text/bytes";
import { Char } from "../text/char";
import { escapedIn, lengthOf } from "../text/sixteen";
import { isUtf8 } from "../text/utf8";
import { Json } from "./value";

@final
export class Writer {
  private start: usize;
  private length: i32 = 0;
  private comma: bool = false;

  constructor(private capacity: i32 = 512) {
    this.start = heap.alloc(capacity);
  }

  private room(count: i32): usize {
    if (this.length + count > this.capacity) {
      this.capacity = max(this.capacity * 2, this.length + count);
      const start = heap.alloc(this.capacity);
      memory.copy(start, this.start, this.length);
      this.start = start;
    }
    return this.start + this.length;
  }

  private byte(c: u32): void {
    store<u8>(this.room(1), <u8>c);
    this.length++;
  }

  /** Writes ASCII. */
  private raw(text: string): void {
    const length = lengthOf(text);
    narrowTo(this.room(max(length, FEW)), text);
    this.length += length;
  }

  private copy(from: usize, length: i32): void {
    memory.copy(this.room(length), from, length);
    this.length += length;
  }

  private quoted(text: Bytes): void {
    this.comma = true;
    if (!isPrinted(text)) return this.escaped(text);
    const length = text.length;
    const at = this.room(length + 2);
    store<u8>(at, Char.Quote);
    memory.copy(at + 1, text.start, length);
    store<u8>(at + 1 + length, Char.Quote);
    this.length += length + 2;
  }

  /** The same for any text. */
  private escaped(text: Bytes): void {
    // A text that is not UTF-8 is written byte by byte, so a log line is valid JSON whatever a
    // client sends.
    const ascii = !isUtf8(text);
    this.byte(Char.Quote);
    for (let i = 0; i < text.length; i++) {
      const c = text.at(i);
      if (c == Char.Quote || c == Char.Backslash) {
        this.byte(Char.Backslash);
        this.byte(c);
      } else if (c < 0x20 || c == 0x7f || (ascii && c > 0x7f)) {
        this.raw("\\u00");
        this.byte(hexDigit(c >> 4));
        this.byte(hexDigit(c & 15));
      } else if (c == 0xc2 && text.at(i + 1) < 0xa0) {
        // C1 control characters move a terminal's cursor as well.
        this.raw("\\u00");
        this.byte(hexDigit(text.at(++i) >> 4));
        this.byte(hexDigit(text.at(i) & 15));
      } else if (c == 0xe2 && isLayout(text.at(i + 1), text.at(i + 2))) {
        const low = ((text.at(i + 1) & 1) << 6) | (text.at(i + 2) & 0x3f);
        this.raw("\\u20");
        this.byte(hexDigit(low >> 4));
        this.byte(hexDigit(low & 15));
        i += 2;
      } else this.byte(c);
    }
    this.byte(Char.Quote);
  }

  private separate(): void {
    if (this.comma) this.byte(Char.Comma);
    this.comma = false;
  }

  /** Names are the guest's own: letters, digits and underscores. */
  private key(name: string): void {
    const length = lengthOf(name);
    let at = this.room(max(length, FEW) + 4);
    if (this.comma) store<u8>(at++, Char.Comma);
    store<u8>(at++, Char.Quote);
    narrowTo(at, name);
    at += length;
    store<u8>(at, Char.Quote);
    store<u8>(at, Char.Colon, 1);
    this.length = <i32>(at - this.start) + 2;
    this.comma = false;
  }

  open(): this {
    this.separate();
    this.byte(Char.OpenBrace);
    return this;
  }

  close(): this {
    this.byte(Char.CloseBrace);
    this.comma = true;
    return this;
  }

  openObject(name: string): this {
    this.key(name);
    return this.open();
  }

  /** The whole text is a list. */
  openList(): this {
    this.byte(Char.OpenBracket);
    return this;
  }

  openArray(name: string): this {
    this.key(name);
    this.byte(Char.OpenBracket);
    return this;
  }

  element(text: Bytes): this {
    this.separate();
    this.quoted(text);
    return this;
  }

  closeArray(): this {
    this.byte(Char.CloseBracket);
    this.comma = true;
    return this;
  }

  /** A member whose value is UTF-8 bytes. */
  bytes(name: string, value: Bytes): this {
    this.key(name);
    this.quoted(value);
    return this;
  }

  text(name: string, value: string): this {
    return this.bytes(name, Bytes.of(value));
  }

  integer(name: string, value: i64): this {
    this.key(name);
    this.raw(value.toString());
    this.comma = true;
    return this;
  }

  boolean(name: string, value: bool): this {
    this.key(name);
    this.raw(value ? "true" : "false");
    this.comma = true;
    return this;
  }

  /** A value of a parsed document; numbers are written exactly as in the document. */
  json(value: Json): this {
    this.separate();
    if (value.isString) this.quoted(value.text);
    else if (!value.isArray && !value.isObject) this.copy(value.text.start, value.text.length);
    else {
      this.byte(value.isArray ? Char.OpenBracket : Char.OpenBrace);
      this.comma = false;
      for (let it = value.first; it; it = it!.next) {
        if (value.isObject) {
          this.separate();
          this.quoted(it.name!);
          this.byte(Char.Colon);
          this.comma = false;
        }
        this.json(it);
      }
      this.byte(value.isArray ? Char.CloseBracket : Char.CloseBrace);
    }
    this.comma = true;
    return this;
  }

  /** All that was written so far. */
  done(): Bytes {
    return new Bytes(this.start, this.length);
  }
}

/**
 * True for the last two bytes of a character that changes how the rest of a line is shown: the line
 * and paragraph separators, at which some readers end a line, and U+202A to U+202E and U+2066 to
 * U+2069, which turn its direction.
 */
function isLayout(second: u32, third: u32): bool {
  return second == 0x80 ? third - 0xa8 < 7 : second == 0x81 && third - 0xa6 < 4;
}

/**
 * True if no character needs an escape, as in most texts: it is ASCII, and sixteen are looked at
 * together. The last may be looked at twice, or with those before the text.
 */
export function isPrinted(text: Bytes): bool {
  const length = text.length;
  const start = text.start;
  for (let i = 0; i < length; i += 16) {
    const seen = max(16 - (length - i), 0);
    if (i8x16.bitmask(escapedIn(v128.load(start + i - seen))) >> seen != 0) return false;
  }
  return true;
}
