/**
 * A visit: the browser's request to a path of ours, turned into a request of our own that Traefik carries to the
 * identity provider, whose answer is turned into one for the browser. Plain data; assembly/host/visit.ts does it.
 */
import { Bytes } from "../text/bytes";

/** Header fields in their order. A name may come more than once. */
@final
export class Fields {
  readonly names: Array<Bytes> = [];
  readonly values: Array<Bytes> = [];

  get length(): i32 {
    return this.names.length;
  }

  add(name: string, value: Bytes): void {
    this.names.push(Bytes.of(name));
    this.values.push(value);
  }
}

/** What goes to the provider: this and nothing of the browser's. */
@final
export class Outgoing {
  readonly headers: Fields = new Fields();
  body: Bytes = Bytes.empty();

  constructor(
    readonly method: Bytes,
    /** Escaped path with its query; a URL's own, for the host traps on what is none. */
    readonly uri: Bytes,
  ) {}

  header(name: string, value: Bytes): void {
    this.headers.add(name, value);
  }
}

/** What came back. */
@final
export class Incoming {
  constructor(
    /** The answer broke off, or none came. The status then says nothing: after an aborted one it reads 200 (measured). */
    readonly failed: bool,
    readonly status: i32,
    /** Its content type; null when there is none, or several, or one that is too long to be one. */
    readonly type: Bytes | null,
    /** Null when it is larger than was allowed. */
    readonly body: Bytes | null,
  ) {}
}

/** What the browser gets. */
@final
export class Response {
  readonly headers: Fields = new Fields();
  body: Bytes = Bytes.empty();

  constructor(readonly status: i32) {}

  header(name: string, value: Bytes): void {
    this.headers.add(name, value);
  }

  cookie(value: Bytes): void {
    this.headers.add("Set-Cookie", value);
  }
}
