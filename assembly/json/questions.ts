/**
 * Answers questions about keys of one JSON document in one pass. Every occurrence counts,
 * duplicates too, because an application may take the first, the last or any of them. A loose
 * question also counts keys that other parsers would read as its key (see text/loose-name.ts), keys
 * in lists, and keys in `__proto__`, which `Object.assign` turns into properties.
 */
import { JSON_DEPTH } from "../limits";
import { mark, release } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { LooseName, looseForm } from "../text/loose-name";
import { isUtf8 } from "../text/utf8";
import { Scanner } from "./scanner";
import { Kind } from "./value";

/** One of the values that an occurrence may have. */
@final
export class Literal {
  constructor(
    readonly kind: Kind,
    /** A string's characters; a number, `true`, `false` or `null` as written. */
    readonly text: Bytes,
  ) {}
}

@final
export class Question {
  /** For the document read last: all occurrences, and those with one of the values. */
  count: i32 = 0;
  matching: i32 = 0;

  constructor(
    /** Names from the outermost object inward. */
    readonly path: Array<Bytes>,
    readonly values: Array<Literal>,
    readonly isLoose: bool,
  ) {}

  /** True if an occurrence has one of the values; without values, if there is an occurrence. */
  get some(): bool {
    return (this.values.length > 0 ? this.matching : this.count) > 0;
  }

  /** True if every occurrence has one of the values. */
  get only(): bool {
    return this.matching == this.count;
  }

  /** True if the rest of the document cannot change the answer. */
  get isSettled(): bool {
    return this.isLoose ? !this.only : this.some;
  }

  take(kind: Kind, text: Bytes): void {
    this.count++;
    for (let i = 0; i < this.values.length; i++) {
      const value = this.values[i];
      if (value.kind != kind || !value.text.equals(text)) continue;
      this.matching++;
      return;
    }
  }

  isSame(other: Question): bool {
    if (this.isLoose != other.isLoose || !areSame(this.path, other.path)) return false;
    if (this.values.length != other.values.length) return false;
    for (let i = 0; i < this.values.length; i++) {
      const value = this.values[i];
      if (value.kind != other.values[i].kind || !value.text.equals(other.values[i].text)) {
        return false;
      }
    }
    return true;
  }
}

function areSame(a: Array<Bytes>, b: Array<Bytes>): bool {
  if (a.length != b.length) return false;
  for (let i = 0; i < a.length; i++) if (!a[i].equals(b[i])) return false;
  return true;
}

/**
 * The place that some names, from the outermost object inward, lead to. Names with one form share a
 * place.
 */
@final
class Place {
  /** The questions about this place. */
  questions: Array<Question> = [];
  /**
   * Forms of the names that lead further, their hashes and places; and the length of the longest
   * form.
   */
  forms: Array<Bytes> = [];
  hashes: Array<u32> = [];
  next: Array<Place> = [];
  longest: i32 = 0;

  /** The place that a name leads to; it is made when there is none. */
  reach(name: Bytes): Place {
    const form = looseForm(name);
    const it = new LooseName(form, form.length);
    it.next();
    const known = this.find(it);
    if (known) return known;
    const place = new Place();
    this.forms.push(form);
    this.hashes.push(it.hash);
    this.next.push(place);
    this.longest = max(this.longest, form.length);
    return place;
  }

  find(name: LooseName): Place | null {
    const hash = name.hash;
    for (let i = 0; i < this.hashes.length; i++) {
      if (this.hashes[i] == hash && name.text.equals(this.forms[i])) return this.next[i];
    }
    return null;
  }

  /**
   * Marks the loose questions below this name: it occurs with parts, so its value cannot be read
   * for certain.
   */
  spoil(): void {
    for (let i = 0; i < this.questions.length; i++) {
      if (this.questions[i].isLoose) this.questions[i].count++;
    }
    for (let i = 0; i < this.next.length; i++) this.next[i].spoil();
  }
}

@final
export class Questions {
  private root: Place = new Place();
  private all: Array<Question> = [];
  /** The names on the way to the current value, as written. */
  private names: StaticArray<Bytes> = new StaticArray<Bytes>(JSON_DEPTH + 1);

  /** Adds the question; returns the equal one that was added before, if there is one. */
  add(question: Question): Question {
    let place = this.root;
    const path = question.path;
    for (let i = 0; i < path.length; i++) place = place.reach(path[i]);
    for (let i = 0; i < place.questions.length; i++) {
      if (place.questions[i].isSame(question)) return place.questions[i];
    }
    place.questions.push(question);
    this.all.push(question);
    return question;
  }

  /**
   * Answers all questions for a document. False: it is not strict JSON, and the answers mean
   * nothing.
   */
  read(document: Bytes): bool {
    this.clear();
    if (!isUtf8(document)) return false;
    const scanner = new Scanner(document.start, document.end);
    scanner.space();
    if (!this.value(scanner, 0, this.root, 0)) return false;
    scanner.space();
    return scanner.at == scanner.end;
  }

  /** Answers all questions as for a document without any key. */
  clear(): void {
    for (let i = 0; i < this.all.length; i++) {
      this.all[i].count = 0;
      this.all[i].matching = 0;
    }
  }

  /**
   * `place` is where the names on the way lead; null: nowhere. `level` counts those names, or is -1
   * when they lead there for loose questions only.
   */
  private value(scanner: Scanner, depth: i32, place: Place | null, level: i32): bool {
    const start = scanner.at;
    const c = scanner.peek();
    if (c == Char.OpenBrace || c == Char.OpenBracket) {
      if (place)
        this.take(place, level, c == Char.OpenBrace ? Kind.Object : Kind.Array, Bytes.empty());
      return c == Char.OpenBrace
        ? this.object(scanner, depth + 1, place, level)
        : this.array(scanner, depth + 1, place);
    }
    if (c == Char.Quote) {
      if (!scanner.string()) return false;
      if (!place || place.questions.length == 0) return true;
      const before = mark();
      this.take(place, level, Kind.String, scanner.text());
      release(before);
      return true;
    }
    const kind = scanner.scalar();
    if (place && kind >= 0) {
      this.take(place, level, kind, new Bytes(start, <i32>(scanner.at - start)));
    }
    return kind >= 0;
  }

  private take(place: Place, level: i32, kind: Kind, text: Bytes): void {
    for (let i = 0; i < place.questions.length; i++) {
      const question = place.questions[i];
      if (question.isSettled || (!question.isLoose && !this.isExact(question, level))) continue;
      question.take(kind, text);
    }
  }

  private isExact(question: Question, level: i32): bool {
    const path = question.path;
    if (level != path.length) return false;
    for (let i = 0; i < level; i++) if (!path[i].equals(this.names[i])) return false;
    return true;
  }

  private array(scanner: Scanner, depth: i32, place: Place | null): bool {
    scanner.at++;
    if (depth > JSON_DEPTH) return false;
    scanner.space();
    if (scanner.take(0x5d)) return true;
    do {
      scanner.space();
      if (!this.value(scanner, depth, place, -1)) return false;
      scanner.space();
    } while (scanner.take(0x2c));
    return scanner.take(0x5d);
  }

  private object(scanner: Scanner, depth: i32, place: Place | null, level: i32): bool {
    scanner.at++;
    if (depth > JSON_DEPTH) return false;
    scanner.space();
    if (scanner.take(0x7d)) return true;
    const isAsked = place !== null && place.next.length > 0;
    do {
      scanner.space();
      if (!scanner.string()) return false;
      // A body may have a hundred thousand names.
      const before = mark();
      let to: Place | null = null;
      let toLevel = -1;
      if (isAsked) {
        const name = scanner.text();
        if (name.is("__proto__")) to = place;
        else {
          to = this.follow(place!, name);
          if (to && level >= 0) {
            this.names[level] = name;
            toLevel = level + 1;
          }
        }
      }
      scanner.space();
      if (!scanner.take(0x3a)) return false;
      scanner.space();
      if (!this.value(scanner, depth, to, toLevel)) return false;
      release(before);
      scanner.space();
    } while (scanner.take(0x2c));
    return scanner.take(0x7d);
  }

  /** The place that a name leads to; marks the places of which the name may be a part. */
  private follow(place: Place, name: Bytes): Place | null {
    const it = new LooseName(name, place.longest);
    while (it.next()) {
      const found = place.find(it);
      if (!found) continue;
      if (!it.hasPart) return found;
      found.spoil();
    }
    return null;
  }
}
