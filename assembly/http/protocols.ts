/**
 * `Sec-WebSocket-Protocol`, RFC 6455 §11.3.4: the one header that a browser's WebSocket lets a page set. A page puts
 * `bearer` and its token among the protocols that it offers.
 */
import { Bytes } from "../text/bytes";

const BEARER = "bearer";

@final
export class Protocols {
  /** What follows `bearer`, or null. */
  token: Bytes | null = null;
  /** What follows a later `bearer` and is another one, or null: the application could take that one. */
  other: Bytes | null = null;
  /** The offer without all of these; empty when nothing is left. */
  rest: Bytes = Bytes.empty();

  /** `values`: of all such headers, joined by NUL. */
  constructor(values: Bytes) {
    const rest = Bytes.make(values.length * 2);
    let length = 0;
    let from = 0;
    let afterBearer = false;
    for (let i = 0; i <= values.length; i++) {
      const c = i < values.length ? values.at(i) : 0;
      if (c != 0x2c && c != 0) continue;
      const protocol = values.slice(from, i).trim();
      from = i + 1;
      if (protocol.length == 0) continue;
      if (afterBearer) {
        this.offer(protocol);
        afterBearer = false;
      } else if (protocol.isInAnyCase(BEARER)) afterBearer = true;
      else {
        if (length > 0) {
          rest.set(length++, 0x2c);
          rest.set(length++, 0x20);
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
