/** Cookies of a request, RFC 6265 §4.2, out of one or several Cookie headers joined by NUL, as the host gives them. */
import { Bytes } from "../text/bytes";

/** Goes over the pairs of a Cookie header. */
@final
export class Cookies {
  private at: i32 = 0;
  /** The current pair as it stands, its name and its value. */
  pair: Bytes = Bytes.empty();
  name: Bytes = Bytes.empty();
  value: Bytes = Bytes.empty();

  constructor(private header: Bytes) {}

  /** Moves to the next pair; false at the end. What has no `=` is a value without a name. */
  next(): bool {
    const header = this.header;
    while (this.at < header.length) {
      let to = this.at;
      while (to < header.length && header.at(to) != 0x3b && header.at(to) != 0) to++;
      this.pair = header.slice(this.at, to).trim();
      this.at = to + 1;
      if (this.pair.length == 0) continue;
      const equals = this.pair.indexOf(0x3d);
      this.name = equals < 0 ? Bytes.empty() : this.pair.slice(0, equals).trim();
      this.value = this.pair.slice(equals + 1).trim();
      return true;
    }
    return false;
  }
}

/** The header without the cookies of that name; null when nothing is left. */
export function without(header: Bytes, name: Bytes): Bytes | null {
  const rest = Bytes.make(header.length * 2);
  let length = 0;
  const cookies = new Cookies(header);
  while (cookies.next()) {
    if (cookies.name.equals(name)) continue;
    if (length > 0) {
      rest.set(length++, 0x3b);
      rest.set(length++, 0x20);
    }
    memory.copy(rest.start + length, cookies.pair.start, cookies.pair.length);
    length += cookies.pair.length;
  }
  return length == 0 ? null : rest.slice(0, length);
}
