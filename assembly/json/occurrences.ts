/**
 * Every occurrence of a key in a JSON document, duplicates included: an application may take the first, the last or
 * any of them. The document is checked strictly from end to end, and nothing is built, for bodies are large.
 */
import { JSON_DEPTH } from "../limits";
import { mark, release } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { isUtf8 } from "../text/utf8";
import { Scanner } from "./scanner";
import { Kind } from "./value";

/** Which values an occurrence may have; null: it is asked only whether there is one. */
@final
export class Literal {
  constructor(
    readonly kind: Kind,
    /** A string's characters; a number, `true`, `false` or `null` as written. */
    readonly text: Bytes,
  ) {}
}

@final
export class Occurrences {
  /** Occurrences in all, and those with one of the values. */
  count: i32 = 0;
  matching: i32 = 0;
  /** False: the document is not strict JSON, and the counts mean nothing. */
  valid: bool = false;

  constructor(
    /** Names from the outermost object inward. */
    private path: Array<Bytes>,
    private values: Array<Literal>,
  ) {}

  /** Goes over a document. */
  read(document: Bytes): void {
    this.valid = false;
    if (!isUtf8(document)) return;
    const scanner = new Scanner(document.start, document.end);
    scanner.space();
    if (!this.value(scanner, 0, 0)) return;
    scanner.space();
    this.valid = scanner.at == scanner.end;
  }

  /** `level`: how many names of the path led here, or -1 when others did. */
  private value(scanner: Scanner, depth: i32, level: i32): bool {
    const start = scanner.at;
    const c = scanner.peek();
    const found = level == this.path.length;
    if (found) this.count++;
    if (c == 0x7b) return this.object(scanner, depth + 1, found ? -1 : level);
    if (c == 0x5b) return this.array(scanner, depth + 1);
    if (c == 0x22) {
      if (!scanner.string()) return false;
      if (found) this.compare(Kind.String, scanner.text());
      return true;
    }
    const kind = scanner.scalar();
    if (found && kind >= 0) this.compare(kind, new Bytes(start, <i32>(scanner.at - start)));
    return kind >= 0;
  }

  private compare(kind: Kind, text: Bytes): void {
    for (let i = 0; i < this.values.length; i++) {
      const value = this.values[i];
      if (value.kind != kind || !value.text.equals(text)) continue;
      this.matching++;
      return;
    }
  }

  private array(scanner: Scanner, depth: i32): bool {
    scanner.at++;
    if (depth > JSON_DEPTH) return false;
    scanner.space();
    if (scanner.take(0x5d)) return true;
    do {
      scanner.space();
      if (!this.value(scanner, depth, -1)) return false;
      scanner.space();
    } while (scanner.take(0x2c));
    return scanner.take(0x5d);
  }

  private object(scanner: Scanner, depth: i32, level: i32): bool {
    scanner.at++;
    if (depth > JSON_DEPTH) return false;
    scanner.space();
    if (scanner.take(0x7d)) return true;
    do {
      scanner.space();
      if (!scanner.string()) return false;
      const wanted = level >= 0 && level < this.path.length && this.isNamed(scanner, level);
      scanner.space();
      if (!scanner.take(0x3a)) return false;
      scanner.space();
      if (!this.value(scanner, depth, wanted ? level + 1 : -1)) return false;
      scanner.space();
    } while (scanner.take(0x2c));
    return scanner.take(0x7d);
  }

  private isNamed(scanner: Scanner, level: i32): bool {
    const name = this.path[level];
    // Written out it is never shorter than the name.
    if (scanner.length < name.length) return false;
    // A body may have a hundred thousand names.
    const before = mark();
    const same = scanner.text().equals(name);
    release(before);
    return same;
  }
}
