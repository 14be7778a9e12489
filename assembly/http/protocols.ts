/**
 * `Sec-WebSocket-Protocol`, RFC 6455 §11.3.4: the only header that a page can set on a browser's
 * WebSocket. A page offers `bearer` and its token as two protocols.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { Elements } from "./elements";

const BEARER = "bearer";

@final
export class Protocols {
  /** The protocol after `bearer`, or null. */
  token: Bytes | null = null;
  /** A different protocol after a later `bearer`, or null: the application could use that one. */
  other: Bytes | null = null;
  /** The offer without all of these; empty when nothing is left. */
  rest: Bytes = Bytes.empty();

  /** `values`: all values of the header, joined by NUL. */
  constructor(values: Bytes) {
    const rest = Bytes.make(values.length * 2);
    let length = 0;
    let afterBearer = false;
    const offered = new Elements(values);
    for (let protocol = offered.next(); protocol; protocol = offered.next()) {
      if (afterBearer) {
        this.offer(protocol);
        afterBearer = false;
      } else if (protocol.isInAnyCase(BEARER)) afterBearer = true;
      else {
        if (length > 0) {
          rest.set(length++, Char.Comma);
          rest.set(length++, Char.Space);
        }
        memory.copy(rest.start + length, protocol.start, protocol.length);
        length += protocol.length;
      }
    }
    this.rest = rest.slice(0, length);
  }

  private offer(token: Bytes): void {
    const first = this.token;
    if (!first) this.token = token;
    else if (!first.equals(token)) this.other = token;
  }
}
