/**
 * Claim paths such as `resource_access.app.roles`: names joined by dots, `\.` for a dot in a name.
 */
import { Json } from "../json/value";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

@final
export class ClaimPath {
  private constructor(
    readonly text: Bytes,
    readonly names: Array<Bytes>,
  ) {}

  /** The path, or null when a name is empty. A name `{clientId}` is replaced by the client's id. */
  static parse(text: Bytes, clientId: Bytes | null): ClaimPath | null {
    const names: Array<Bytes> = [];
    const name = Bytes.make(text.length);
    let length = 0;
    let from = 0;
    for (let i = 0; i <= text.length; i++) {
      if (i == text.length || text.at(i) == Char.Dot) {
        if (length == from) return null;
        const part = name.slice(from, length);
        names.push(clientId && part.is("{clientId}") ? clientId : part);
        from = length;
      } else {
        if (text.at(i) == Char.Backslash && i + 1 < text.length && text.at(i + 1) == Char.Dot) i++;
        name.set(length++, text.at(i));
      }
    }
    return new ClaimPath(text, names);
  }

  /** The claim's value, or null when it is missing. */
  find(payload: Json): Json | null {
    let value: Json | null = payload;
    for (let i = 0; i < this.names.length && value; i++) value = value.get(this.names[i]);
    return value;
  }
}
