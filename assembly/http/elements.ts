/**
 * Elements of a list field, RFC 9110 §5.6.1, from one header or several that the host joins by NUL.
 */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

@final
export class Elements {
  private at: i32 = 0;

  /** `values`: all values of the field, joined by NUL. */
  constructor(private values: Bytes) {}

  /** The next element, or null. */
  next(): Bytes | null {
    const values = this.values;
    while (this.at < values.length) {
      const from = this.at;
      const end = values.indexOfEither(Char.Comma, 0, from);
      this.at = end + 1;
      const element = values.slice(from, end).trim();
      if (element.length > 0) return element;
    }
    return null;
  }
}
