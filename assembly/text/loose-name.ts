/**
 * Names as the most lenient parsers read them: only letters and digits count, in any case. Go's
 * encoding/json and ASP.NET ignore case; protobuf's JSON reads `aB` as `a_b`; PHP reads `a b` and
 * `a.b` as `a_b`, trims, and cuts at NUL; forms write `a[]`, `a[b]` and `a.b` for parts of `a`.
 */
import { isAlphanumeric, isLetter } from "./ascii";
import { Bytes } from "./bytes";
import { Char } from "./char";
import { FOLD, RANGES } from "./fold-table";
import { encode } from "./utf8";

const NUL: u32 = 0;
/** Bytes of the longest character. */
const CHARACTER = 4;

/** Walks over a UTF-8 name and halts wherever the part read so far may be the whole name. */
@unmanaged
@final
export class LooseName {
  private form: usize;
  private length: i32 = 0;
  /** FNV-1a hash of the form so far. */
  hash: u32 = 0x811c9dc5;
  private at: i32 = 0;
  /** Length of the form at the last halt, because a name may consist of brackets. */
  private halted: i32 = 0;
  /** True if the name continues: the part read so far has parts of its own, as in `a[0]`. */
  hasPart: bool = false;

  constructor(
    private name: Bytes,
    /** Bytes of the longest form that is searched for; a longer one cannot match. */
    private longest: i32,
  ) {
    this.form = heap.alloc(longest + CHARACTER);
  }

  /** The form so far. */
  get text(): Bytes {
    return new Bytes(this.form, this.length);
  }

  /** Moves to the next place where the name may end; false: there is none. */
  next(): bool {
    const name = this.name;
    while (this.at < name.length) {
      let c = <u32>name.at(this.at);
      if (c < 0x80) {
        this.at++;
        if (isAlphanumeric(c)) this.put(isLetter(c) ? c | 0x20 : c);
        else if (
          this.length > this.halted &&
          (c == NUL || c == Char.Dot || c == Char.OpenBracket)
        ) {
          this.halted = this.length;
          this.hasPart = true;
          return true;
        }
      } else {
        c = this.decode(c);
        if (!isBlank(c)) this.putCode(folded(c));
      }
      if (this.length > this.longest) return false;
    }
    const isEnd = this.at == name.length;
    this.at++;
    this.hasPart = false;
    return isEnd && this.length > 0;
  }

  private put(byte: u32): void {
    store<u8>(this.form + this.length++, <u8>byte);
    this.hash = (this.hash ^ byte) * 0x01000193;
  }

  private putCode(code: u32): void {
    const end = this.length + encode(code, this.form + this.length);
    while (this.length < end) this.put(load<u8>(this.form + this.length));
  }

  /** Decodes the character that begins with that byte. */
  private decode(lead: u32): u32 {
    const name = this.name;
    const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    let code = lead & (0x7f >> length);
    for (let i = 1; i < length; i++) code = (code << 6) | (name.at(this.at + i) & 0x3f);
    this.at += length;
    return code;
  }
}

/** The loose form of a UTF-8 name, for comparison; empty: it has no letter and no digit. */
export function looseForm(name: Bytes): Bytes {
  const it = new LooseName(name, name.length);
  while (it.next() && it.hasPart) {}
  return it.text;
}

/** White space and invisible characters beyond ASCII: some parsers trim them, others drop them. */
function isBlank(c: u32): bool {
  if (c <= 0xa0 || c == 0xad || c == 0x1680 || c == 0x180e) return true;
  return c - 0x2000 < 0x70 || c == 0x3000 || c == 0xfeff;
}

/** Simple case folding of a character beyond ASCII. */
function folded(c: u32): u32 {
  let from = 0;
  let to = RANGES;
  // The last range that does not begin after it.
  while (from < to) {
    const middle = (from + to) >> 1;
    if (load<u32>(FOLD + ((<usize>middle) << 3)) >> 8 <= c) from = middle + 1;
    else to = middle;
  }
  if (from == 0) return c;
  const range = FOLD + ((<usize>(from - 1)) << 3);
  const word = load<u32>(range);
  const how = load<i32>(range, 4);
  const distance = c - (word >> 8);
  if (distance > (word & 0xff) || distance & (<u32>(how & 1))) return c;
  return c + (how >> 1);
}
