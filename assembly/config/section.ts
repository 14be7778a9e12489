/**
 * One object of the configuration, read option by option in the forms that Traefik delivers: its
 * file provider and labels turn every scalar outside a list into a text, and an empty list or map
 * into `""` (measured). Texts are returned as copies, so that the document can be released.
 */
import { LIST_TEXTS } from "../limits";
import { Json, Kind } from "../json/value";
import { toInteger } from "../json/number";
import { request } from "../runtime/arena";
import { characterOf } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { foldedKeyOf } from "../text/names";
import { nearest } from "../text/nearest";
import { lengthOf } from "../text/sixteen";
import { Report } from "./report";

@unmanaged
@final
export class Section {
  /** Marks of its names, for a first look: most options are absent. */
  private names: u64 = 0;
  /** A bit for each of its first 64 members that was asked for, so is an option. */
  private asked: u64 = 0;

  constructor(
    private json: Json | null,
    /** Path of the object, or of the list for an element; empty for the whole configuration. */
    private base: string,
    readonly report: Report,
    /** Position in a list, or -1. */
    private index: i32 = -1,
  ) {
    let names: u64 = 0;
    for (let it = json ? json.first : null; it; it = it!.next) {
      const name = it.name!;
      if (name.length > 0) names |= markOf(name.at(name.length - 1), name.length);
    }
    this.names = names;
  }

  get path(): string {
    return this.index < 0 ? this.base : this.base + "[" + this.index.toString() + "]";
  }

  pathOf(key: string): string {
    const path = this.path;
    return path.length > 0 ? `${path}.${key}` : key;
  }

  error(key: string, code: string, message: string): void {
    this.report.error(this.pathOf(key), code, message);
  }

  /** The value of an option, in any case; null when it is absent. */
  value(key: string): Json | null {
    const length = lengthOf(key);
    const json = this.json;
    if (!json || !(this.names & markOf(characterOf(key, length - 1), length))) return null;
    const folded = foldedKeyOf(key);
    let found: Json | null = null;
    let bit: u64 = 1;
    for (let it = json.first; it; it = it!.next, bit <<= 1) {
      if (!it.isCalled(key, folded)) continue;
      if (found) this.error(key, "duplicate_key", "occurs twice, in different case; keep one");
      found = it;
      this.asked |= bit;
    }
    return found && found.kind == Kind.Null ? null : found;
  }

  /** The value of an option by its path, as in `login.userinfo`. */
  valueAt(path: string): Json | null {
    const dot = path.indexOf(".");
    if (dot < 0) return this.value(path);
    return this.section(path.slice(0, dot)).valueAt(path.slice(dot + 1));
  }

  /** True if the option is there and is null. */
  isNull(key: string): bool {
    const json = this.json;
    for (let it = json ? json.first : null; it; it = it!.next) {
      if (it.kind == Kind.Null && it.name!.isInAnyCase(key)) return true;
    }
    return false;
  }

  has(key: string): bool {
    return this.value(key) !== null;
  }

  /** A text that is not empty; null when the key is absent or wrong. */
  text(key: string): Bytes | null {
    const value = this.value(key);
    return value ? this.textOf(key, value) : null;
  }

  /** The same; an empty text counts as absent, because examples write defaults so. */
  optional(key: string): Bytes | null {
    const value = this.value(key);
    const isEmpty = value !== null && value.kind == Kind.String && value.text.length == 0;
    return value && !isEmpty ? this.textOf(key, value) : null;
  }

  /** The same for a value that was found under `key`. */
  textOf(key: string, value: Json): Bytes | null {
    if (value.kind == Kind.String || value.kind == Kind.Number) {
      if (value.text.length > 0 && !isPlaceholder(value.text)) return value.text.copy();
      if (value.text.length > 0) this.placeholder(key);
      else this.error(key, "empty", "is empty; give it a value or leave it out");
    } else this.wrongType(key, "a text");
    return null;
  }

  /** Positions of the given words in a table. Null: absent or wrong. */
  words(key: string, words: StaticArray<string>): Array<i32> | null {
    const texts = this.texts(key);
    if (!texts) return null;
    const found: Array<i32> = [];
    for (let i = 0; i < texts.length; i++) {
      const word = words.indexOf(texts[i].toString());
      if (word >= 0) found.push(word);
      else this.error(`${key}[${i}]`, "wrong_value", "expected " + words.join(" or "));
    }
    return found;
  }

  /** Position of the given word in a table; `absent` when the option is missing or wrong. */
  word(key: string, words: StaticArray<string>, absent: i32): i32 {
    const value = this.value(key);
    if (!value) return absent;
    for (let i = 0; i < words.length; i++) {
      if (value.kind <= Kind.String && value.text.is(words[i])) return i;
    }
    this.error(key, "wrong_value", "expected one of " + words.join(", "));
    return absent;
  }

  boolean(key: string, absent: bool): bool {
    const value = this.value(key);
    if (!value) return absent;
    if (value.kind == Kind.Boolean || value.kind == Kind.String) {
      if (value.text.is("true")) return true;
      if (value.text.is("false")) return false;
    }
    this.wrongType(key, "true or false");
    return absent;
  }

  /** Seconds: a whole number, or one with a unit s, m, h or d, as in `15m`. */
  seconds(key: string, absent: i32, least: i32, most: i32): i32 {
    const value = this.value(key);
    if (!value) return absent;
    let seconds: i64 = -1;
    if (value.kind == Kind.Number || value.kind == Kind.String) seconds = durationOf(value.text);
    if (seconds >= least && seconds <= most) return <i32>seconds;
    this.error(
      key,
      "wrong_value",
      `expected seconds or a duration such as 15m, from ${least} to ${most} s`,
    );
    return absent;
  }

  /**
   * A share of one, in per mille. Traefik writes 0.75 as "0.750000"; digits below a thousandth are
   * ignored.
   */
  share(key: string, absent: i32, least: i32, most: i32, range: string): i32 {
    const value = this.value(key);
    if (!value) return absent;
    const text = value.text;
    let share: i64 = -1;
    if ((value.kind == Kind.Number || value.kind == Kind.String) && text.hasAt(0, "0.")) {
      share = 0;
      for (let i = 2, unit = 100; i < text.length; i++, unit /= 10) {
        const digit = <u32>text.at(i) - 0x30;
        if (digit > 9) return this.wrongShare(key, absent, range);
        share += digit * unit;
      }
    }
    return share >= least && share <= most ? <i32>share : this.wrongShare(key, absent, range);
  }

  private wrongShare(key: string, absent: i32, range: string): i32 {
    this.error(key, "wrong_value", `expected a share from ${range}`);
    return absent;
  }

  /** A whole number from 0; -1: absent or wrong. */
  number(key: string): i64 {
    const text = this.text(key);
    if (!text) return -1;
    const number = toInteger(text);
    if (number < 0) this.error(key, "wrong_value", "expected a whole number from 0");
    return number;
  }

  /**
   * A list of texts; one text is a list of one, and is never split at commas. Null: absent or
   * wrong.
   */
  texts(key: string): Array<Bytes> | null {
    const value = this.value(key);
    return value ? this.textsOf(key, value) : null;
  }

  /** The same for a value that was found under `key`. */
  textsOf(key: string, value: Json): Array<Bytes> | null {
    const list: Array<Bytes> = [];
    if (value.kind == Kind.String) {
      if (value.text.length > 0) list.push(value.text.copy());
    } else if (value.isArray) {
      if (value.count > LIST_TEXTS) {
        this.error(key, "too_many", `more than ${LIST_TEXTS} texts`);
        return null;
      }
      for (let it = value.first; it; it = it!.next) {
        if (it.kind != Kind.String && it.kind != Kind.Number && it.kind != Kind.Boolean) {
          this.report.error(`${this.pathOf(key)}[${list.length}]`, "wrong_type", "expected a text");
          return null;
        }
        list.push(it.text.copy());
      }
    } else {
      this.wrongType(key, "a list of texts");
      return null;
    }
    for (let i = 0; i < list.length; i++) {
      if (list[i].length > 0 && !isPlaceholder(list[i])) continue;
      this.report.error(`${this.pathOf(key)}[${i}]`, "empty", "is empty or a placeholder");
      return null;
    }
    return list;
  }

  /** A list of objects. Null: absent or wrong. */
  sections(key: string): Array<Section> | null {
    const value = this.value(key);
    if (!value) return null;
    if (!value.isArray && !(value.kind == Kind.String && value.text.length == 0)) {
      this.wrongType(key, "a list of maps");
      return null;
    }
    const path = this.pathOf(key);
    // Nothing keeps sections, so they are not in the guest's region.
    const before = request.enter();
    const list: Array<Section> = [];
    for (let it = value.first; it; it = it!.next) {
      list.push(new Section(it.isObject ? it : null, path, this.report, list.length));
    }
    before.enter();
    let i = 0;
    for (let it = value.first; it; it = it!.next, i++) {
      if (!it.isObject) this.report.error(list[i].path, "wrong_type", "expected a map");
    }
    return list;
  }

  /** An object with options of its own; an empty one when it is absent or wrong. */
  section(key: string): Section {
    const json = this.object(key);
    const path = this.pathOf(key);
    const before = request.enter();
    const section = new Section(json, path, this.report);
    before.enter();
    return section;
  }

  /** An object whose keys are names of the user's choice. Null: absent, empty or wrong. */
  map(key: string): Json | null {
    const map = this.object(key);
    if (map) this.refuseTwins(key, map);
    return map;
  }

  private object(key: string): Json | null {
    const value = this.value(key);
    if (!value) return null;
    if (value.isObject) return value;
    if (value.kind != Kind.String || value.text.length > 0) this.wrongType(key, "a map");
    return null;
  }

  /** Traefik's labels merge two keys that differ only in case. */
  private refuseTwins(key: string, map: Json): void {
    for (let it = map.first; it; it = it!.next) {
      for (let other = it.next; other; other = other!.next) {
        if (!it.name!.equalsInAnyCase(other.name!)) continue;
        const path = `${this.pathOf(key)}.${it.name!.toString()}`;
        this.report.error(path, "duplicate_key", "occurs twice, in different case; keep one");
      }
    }
  }

  /** Reports every option that is not in `keys`. */
  refuseOthers(keys: StaticArray<string>): void {
    const json = this.json;
    if (!json) return;
    let bit: u64 = 1;
    for (let it = json.first; it; it = it!.next, bit <<= 1) {
      if ((this.asked & bit) != 0 || isOneOf(it.name!, keys)) continue;
      const name = it.name!.toString();
      const near = nearest(name, keys);
      const hint = near.length > 0 ? `; did you mean ${this.pathOf(near)}?` : "";
      this.report.error(this.pathOf(name), "unknown_key", "unknown key" + hint);
    }
  }

  private wrongType(key: string, expected: string): void {
    this.error(key, "wrong_type", "expected " + expected);
  }

  private placeholder(key: string): void {
    this.error(key, "placeholder", "is a placeholder; put your own value here");
  }
}

/** A list of texts, the default of an absent option. */
export function bytesOf(texts: StaticArray<string>): Array<Bytes> {
  const list: Array<Bytes> = [];
  for (let i = 0; i < texts.length; i++) list.push(Bytes.of(texts[i]));
  return list;
}

function isOneOf(name: Bytes, keys: StaticArray<string>): bool {
  let at = changetype<usize>(keys);
  for (const end = at + (keys.length << alignof<string>()); at < end; at += sizeof<string>()) {
    if (name.isInAnyCase(load<string>(at))) return true;
  }
  return false;
}

/** One of 64 bits, by a name's last letter in any case and its length. */
function markOf(last: u32, length: i32): u64 {
  return (<u64>1) << ((last | 0x20) + 8 * length);
}

function isPlaceholder(text: Bytes): bool {
  if (text.isInAnyCase("change-me") || text.isInAnyCase("changeme")) return true;
  return text.at(0) == Char.Less && text.at(text.length - 1) == Char.Greater;
}

/** A duration in seconds, or -1. */
function durationOf(text: Bytes): i64 {
  if (text.length == 0) return -1;
  const last = text.at(text.length - 1);
  const unit =
    last == 0x73 ? 1 : last == 0x6d ? 60 : last == 0x68 ? 3600 : last == 0x64 ? 86400 : 0;
  if (unit == 0) return toInteger(text);
  const count = toInteger(text.slice(0, text.length - 1));
  return count < 0 || count > 1_000_000_000 ? -1 : count * unit;
}
