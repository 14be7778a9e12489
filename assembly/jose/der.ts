/**
 * DER, ITU-T X.690 §10: definite lengths in their shortest form, tags below 31, nothing after the
 * end.
 */
import { Bytes } from "../text/bytes";

export const INTEGER: u32 = 0x02;
const BIT_STRING: u32 = 0x03;
export const OCTET_STRING: u32 = 0x04;
export const NULL: u32 = 0x05;
export const OBJECT_IDENTIFIER: u32 = 0x06;
export const SEQUENCE: u32 = 0x30;

/** Reads the elements of one content, in order. After the first mistake it reads nothing more. */
@final
export class Der {
  private at: i32 = 0;

  constructor(private content: Bytes) {}

  get atEnd(): bool {
    return this.at == this.content.length;
  }

  /** True if the next element has that tag. */
  next(tag: u32): bool {
    return this.at < this.content.length && <u32>this.content.at(this.at) == tag;
  }

  /** The content of the next element, which must have that tag, or null. */
  read(tag: u32): Bytes | null {
    return this.next(tag) ? this.any() : null;
  }

  /** A reader of the next element's content, which must have that tag, or null. */
  enter(tag: u32): Der | null {
    const content = this.read(tag);
    return content ? new Der(content) : null;
  }

  /** The content of the next element, with any tag, or null. */
  any(): Bytes | null {
    const content = this.content;
    let at = this.at;
    if (at + 2 > content.length || (content.at(at) & 0x1f) == 0x1f) return null;
    let length: i32 = content.at(at + 1);
    at += 2;
    if (length >= 0x80) {
      // 0x80 is the indefinite form; a key file never needs four bytes of length.
      const count = length & 0x7f;
      if (count == 0 || count > 3 || at + count > content.length || content.at(at) == 0)
        return null;
      length = 0;
      for (let i = 0; i < count; i++) length = (length << 8) | content.at(at++);
      if (length < 0x80) return null;
    }
    if (length > content.length - at) return null;
    this.at = at + length;
    return content.slice(at, this.at);
  }

  /**
   * A natural number's bytes without leading zeros; null for a negative number or one that is not
   * minimal.
   */
  natural(): Bytes | null {
    const value = this.read(INTEGER);
    if (!value || value.length == 0 || value.at(0) >= 0x80) return null;
    if (value.length == 1 || value.at(0) != 0) return value;
    return value.at(1) >= 0x80 ? value.rest(1) : null;
  }

  /** The bytes of a BIT STRING of whole bytes, or null. */
  bits(): Bytes | null {
    const value = this.read(BIT_STRING);
    return value && value.length > 0 && value.at(0) == 0 ? value.rest(1) : null;
  }
}
