/** What a rule's match took out of the path by `{name}`, and where its values put it in. */
import { CAPTURE_BYTES } from "../limits";
import { Bytes } from "../text/bytes";

@final
export class Captures {
  private names: Array<Bytes> = [];
  private values: Array<Bytes> = [];

  /** A later capture of the same name stands. */
  add(name: Bytes, value: Bytes): void {
    this.names.push(name);
    this.values.push(value);
  }

  private find(name: Bytes): Bytes {
    for (let i = this.names.length - 1; i >= 0; i--) {
      if (this.names[i].equals(name)) return this.values[i];
    }
    return Bytes.empty();
  }

  /** The template with every `{name}` replaced. */
  expand(template: Bytes): Bytes {
    let length = template.length;
    for (let i = 0; i < this.values.length; i++) length += this.values[i].length;
    const text = Bytes.make(length * (1 + countNames(template)));
    let at = 0;
    let from = 0;
    while (from < template.length) {
      const end = nameEnd(template, from);
      const value =
        end < 0 ? template.slice(from, from + 1) : this.find(template.slice(from + 1, end));
      memory.copy(text.start + at, value.start, value.length);
      at += value.length;
      from = end < 0 ? from + 1 : end + 1;
    }
    return text.slice(0, at);
  }
}

/** Where the `{name}` that begins at `from` has its closing brace, or -1 when none begins there. */
function nameEnd(template: Bytes, from: i32): i32 {
  if (template.at(from) != 0x7b) return -1;
  // No further than a name can be long: a template may be one of braces.
  const most = template.slice(from, min(from + CAPTURE_BYTES + 2, template.length));
  const length = most.indexOf(0x7d);
  return length > 1 ? from + length : -1;
}

function countNames(template: Bytes): i32 {
  let count = 0;
  for (let i = 0; i < template.length; i++) if (nameEnd(template, i) >= 0) count++;
  return count;
}

export function hasNames(template: Bytes): bool {
  return countNames(template) > 0;
}

export function collectNames(template: Bytes, names: Array<Bytes>): void {
  for (let i = 0; i < template.length; i++) {
    const end = nameEnd(template, i);
    if (end >= 0) names.push(template.slice(i + 1, end));
  }
}
