/**
 * A query's parameters, decoded as in forms (`+` is a space). Servers differ on broken escapes and
 * on `;`, so `broken` reports both. Traefik has already turned `;` into `&` (measured); in mode
 * auth another proxy has not.
 */
import { mark, release } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { escapedAt } from "./escape";

@final
export class Parameters {
  private at: i32;
  /** The current pair as sent. */
  raw: Bytes = Bytes.empty();
  name: Bytes = Bytes.empty();
  value: Bytes = Bytes.empty();
  /**
   * The pair has a `%` that begins no escape, or a `;` beside it that another reader keeps in its
   * value.
   */
  broken: bool = false;

  /** `query` with or without its question mark. */
  constructor(private query: Bytes) {
    this.at = query.length > 0 && query.at(0) == Char.Question ? 1 : 0;
  }

  /** Moves to the next pair; false at the end. */
  next(): bool {
    const query = this.query;
    while (this.at < query.length) {
      let to = this.at;
      while (to < query.length && query.at(to) != Char.Ampersand && query.at(to) != Char.Semicolon)
        to++;
      const follows = this.at > 0 && query.at(this.at - 1) == Char.Semicolon;
      this.raw = query.slice(this.at, to);
      this.at = to + 1;
      if (this.raw.length == 0) continue;
      const equals = this.raw.indexOf(Char.Equals);
      this.broken = follows || (to < query.length && query.at(to) == Char.Semicolon);
      this.name = this.decode(equals < 0 ? this.raw : this.raw.slice(0, equals));
      this.value = equals < 0 ? Bytes.empty() : this.decode(this.raw.rest(equals + 1));
      return true;
    }
    return false;
  }

  private decode(text: Bytes): Bytes {
    if (text.indexOf(Char.Percent) < 0 && text.indexOf(Char.Plus) < 0) return text;
    const decoded = Bytes.make(text.length);
    let length = 0;
    for (let i = 0; i < text.length; i++) {
      let c = <u32>text.at(i);
      if (c == Char.Plus) c = 0x20;
      else if (c == Char.Percent) {
        const byte = escapedAt(text, i);
        if (byte < 0) this.broken = true;
        else {
          c = byte;
          i += 2;
        }
      }
      decoded.set(length++, <u8>c);
    }
    return decoded.slice(0, length);
  }
}

/**
 * The query, with its question mark, without the parameters of that name; empty when no other is
 * left.
 */
export function withoutParameter(query: Bytes, name: Bytes): Bytes {
  const rest = Bytes.make(query.length + 1);
  let length = 0;
  const parameters = new Parameters(query);
  for (let before = mark(); parameters.next(); before = mark()) {
    if (!parameters.name.equals(name)) {
      rest.set(length, length == 0 ? Char.Question : Char.Ampersand);
      memory.copy(rest.start + length + 1, parameters.raw.start, parameters.raw.length);
      length += parameters.raw.length + 1;
    }
    release(before);
  }
  return rest.slice(0, length);
}
