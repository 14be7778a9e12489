/**
 * The parts of a path that a rule's match captured with `{name}`; they replace `{name}` in its
 * values.
 */
import { CAPTURE_BYTES } from "../limits";
import { isAlphanumeric, isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

@final
export class Captures {
  /**
   * Name and value of each capture as addresses and lengths, because patterns try more captures
   * than they keep.
   */
  private ranges: Array<u64> = [];

  get length(): i32 {
    return this.ranges.length >> 1;
  }

  /**
   * Adds a capture without making a view, because each failed try would leave one behind (measured:
   * 111 pages of memory for one long path).
   */
  add(name: usize, nameLength: i32, value: usize, valueLength: i32): void {
    this.ranges.push(rangeOf(name, nameLength));
    this.ranges.push(rangeOf(value, valueLength));
  }

  /** Drops all but the first `length` captures: the pattern behind the others did not match. */
  takeBack(length: i32): void {
    this.ranges.length = length << 1;
  }

  private find(name: Bytes): Bytes {
    for (let i = 0; i < this.ranges.length; i += 2) {
      if (bytesOf(this.ranges[i]).equals(name)) return bytesOf(this.ranges[i + 1]);
    }
    return Bytes.empty();
  }

  /** The template with every `{name}` replaced. */
  expand(template: Bytes): Bytes {
    let length = template.length;
    for (let i = 1; i < this.ranges.length; i += 2) length += <i32>(this.ranges[i] >> 32);
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

function rangeOf(start: usize, length: i32): u64 {
  return ((<u64>length) << 32) | (<u64>start);
}

function bytesOf(range: u64): Bytes {
  return new Bytes(<usize>(<u32>range), <i32>(range >> 32));
}

/** True if the text may be a name between braces. */
export function isName(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (!isAlphanumeric(c) && c != Char.Underscore) return false;
  }
  return text.length > 0 && !isDigit(text.at(0));
}

/**
 * Position of the closing brace of the `{name}` that begins at `from`, or -1 when no name begins
 * there.
 */
function nameEnd(template: Bytes, from: i32): i32 {
  if (template.at(from) != Char.OpenBrace) return -1;
  // Looks no further than a name can reach, because a template may consist of braces.
  const most = template.slice(from, min(from + CAPTURE_BYTES + 2, template.length));
  const length = most.indexOf(Char.CloseBrace);
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
