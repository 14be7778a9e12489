/** A response of Rolegate's own: plain data, which the shell carries out. */
import { Bytes } from "../text/bytes";

/** Header fields in order. A name may occur more than once. */
@final
export class HeaderFields {
  readonly names: Array<Bytes> = [];
  readonly values: Array<Bytes> = [];

  get length(): i32 {
    return this.names.length;
  }

  add(name: string, value: Bytes): void {
    this.names.push(Bytes.of(name));
    this.values.push(value);
  }

  /** Replaces all values of a name by one. */
  replace(name: string, value: Bytes): void {
    for (let i = 0; i < this.names.length; i++) {
      if (!this.names[i].isInAnyCase(name)) continue;
      this.values[i] = value;
      return;
    }
    this.add(name, value);
  }
}

@final
export class Response {
  readonly headers: HeaderFields = new HeaderFields();
  body: Bytes = Bytes.empty();

  constructor(public status: i32) {}

  header(name: string, value: Bytes): void {
    this.headers.add(name, value);
  }

  text(name: string, value: string): void {
    this.headers.add(name, Bytes.of(value));
  }

  cookie(value: Bytes): void {
    this.headers.add("Set-Cookie", value);
  }

  cookies(values: Array<Bytes>): void {
    for (let i = 0; i < values.length; i++) this.cookie(values[i]);
  }
}
