/**
 * Percent-encoding, RFC 3986 §2.1 and §2.3: reads escapes, and encodes values for a query or a
 * form.
 */
import { hexDigit, hexValue, isUnreserved } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

/**
 * The byte of the escape at a position; -1: the `%` there is not followed by two hexadecimal
 * digits.
 */
export function escapedAt(text: Bytes, at: i32): i32 {
  if (at + 2 >= text.length) return -1;
  const high = hexValue(text.at(at + 1));
  const low = hexValue(text.at(at + 2));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

/** Escapes all but unreserved characters. */
export function escaped(text: Bytes): Bytes {
  const out = Bytes.make(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const c = <u32>text.at(i);
    if (isUnreserved(c)) out.set(length++, <u8>c);
    else {
      out.set(length++, Char.Percent);
      out.set(length++, <u8>hexDigit(c >> 4));
      out.set(length++, <u8>hexDigit(c & 15));
    }
  }
  return out.slice(0, length);
}

/** `name=value` pairs joined by `&`: a query without its question mark, or a form. */
@final
export class Pairs {
  private text: string = "";

  add(name: string, value: Bytes): this {
    return this.addEscaped(Bytes.of(name), value);
  }

  /** Adds a pair whose name may have any characters. */
  addEscaped(name: Bytes, value: Bytes): this {
    const separator = this.text.length > 0 ? "&" : "";
    this.text += `${separator}${escaped(name).toString()}=${escaped(value).toString()}`;
    return this;
  }

  /** The URL with the pairs appended to its query. */
  after(url: Bytes): Bytes {
    const separator = url.indexOf(Char.Question) < 0 ? "?" : "&";
    return url.concat(Bytes.of(separator)).concat(this.bytes);
  }

  get bytes(): Bytes {
    return Bytes.of(this.text);
  }
}
