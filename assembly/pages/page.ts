/**
 * HTML pages for people: what happened, what to do, and the request's id. They have no script and
 * load nothing; outside values are escaped (see escape.ts). languages/ has the texts, pages.yaml
 * the parts of each page, page.html and page.css the form.
 */
import { Bytes } from "../text/bytes";
import { isKnownError } from "./provider-error";
import { isLink, writeAddress, writeText } from "./escape";
import { PageKind } from "./kind";
import { Language } from "./language";
import { Output } from "./output";
import { STATUS } from "./packed-table";
import { Slot, SLOTS, WORD } from "./slot";
import { Block, Line, lineOf, partOf, unpack } from "./unpack";

/** Bytes that most pages fit into. */
const ROOM = 4096;
/** Bytes of a user's name. A longer one is left out, because it does not help. */
const NAME_BYTES = 200;

/** The values of a page (see PageKind). An empty one is left out with its sentence or link. */
@final
export class Parameters {
  private values: StaticArray<Bytes> = new StaticArray<Bytes>(SLOTS);

  constructor(readonly language: Language) {
    for (let slot = 0; slot < SLOTS; slot++) this.values[slot] = Bytes.empty();
  }

  get(slot: Slot): Bytes {
    return this.values[slot];
  }

  put(slot: Slot, value: Bytes): void {
    this.values[slot] = value;
  }

  /** UTF-8, as the provider has it. */
  set user(name: Bytes) {
    this.put(Slot.User, name);
  }

  /** The provider's error code. Only those of the specifications are shown. */
  set error(code: Bytes) {
    this.put(Slot.Error, code);
  }

  /** A path of this origin, or an http or https URL. The caller answers for where it leads. */
  set link(address: Bytes) {
    this.put(Slot.Link, address);
  }

  set other(address: Bytes) {
    this.put(Slot.Other, address);
  }

  set account(address: Bytes) {
    this.put(Slot.Account, address);
  }

  has(slot: Slot): bool {
    const value = this.values[slot];
    if (slot == Slot.User) return value.length > 0 && value.length <= NAME_BYTES;
    if (slot == Slot.Error) return isKnownError(value);
    return isAddress(slot) ? isLink(value) : value.length > 0;
  }
}

function isAddress(slot: Slot): bool {
  return slot == Slot.Link || slot == Slot.Other || slot == Slot.Account;
}

export function statusOf(kind: PageKind): i32 {
  return <i32>load<u16>(STATUS + ((<usize>kind) << 1));
}

/** A page of one kind in one language, filled in. */
@final
export class Page {
  readonly common: Bytes = unpack(Block.Common);
  private words: Bytes = Bytes.empty();
  private parts: Bytes = Bytes.empty();

  constructor(
    readonly kind: PageKind,
    private parameters: Parameters,
  ) {
    this.words = unpack(Block.Languages + parameters.language);
    this.parts = lineOf(this.common, Line.Pages + kind);
  }

  /** As RFC 5646 writes it. */
  get languageTag(): Bytes {
    return lineOf(this.words, 0);
  }

  /** UTF-8. */
  get html(): Bytes {
    return this.filled(lineOf(this.common, Line.Frame));
  }

  filled(text: Bytes): Bytes {
    const out = new Output(ROOM);
    this.write(text, out);
    return out.all;
  }

  private write(text: Bytes, out: Output): void {
    for (let i = 0; i < text.length; i++) {
      const c = <i32>text.at(i);
      if (c >= Slot.Literal) out.byte(c);
      else if (c < Slot.Section) this.fill(c, out);
      else if (c == Slot.Section) {
        if (!this.parameters.has(<i32>text.at(++i))) i = text.indexOf(<u8>Slot.End, i);
      } else if (c != Slot.End) {
        const number = <i32>text.at(++i) - WORD;
        if (c == Slot.Word) this.write(lineOf(this.words, number), out);
        else this.write(partOf(this.parts, number, <u8>Slot.PartEnd), out);
      }
    }
  }

  private fill(slot: Slot, out: Output): void {
    const value = this.parameters.get(slot);
    if (isAddress(slot)) writeAddress(value, out);
    else if (slot <= Slot.Error) {
      // Isolated: a name in a right-to-left script, or with such marks, moves no other word.
      out.text("<strong><bdi>");
      writeText(value, out);
      out.text("</bdi></strong>");
    } else writeText(value, out);
  }
}
