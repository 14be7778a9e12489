/**
 * HTML pages for people: what happened, what to do, and the request's id. No script, nothing from
 * elsewhere; what comes from outside is escaped (see escape.ts). Texts are in pages.yaml, their
 * form in page.html and page.css.
 */
import { Bytes } from "../text/bytes";
import { isKnownError } from "./provider-error";
import { isLink, writeAddress, writeText } from "./escape";
import { PageKind } from "./kind";
import { Language, LANGUAGES } from "./language";
import { Output } from "./output";
import { STATUS } from "./packed-table";
import { LINE_END, Slot } from "./slot";
import { Text, unpack } from "./unpack";

/** Bytes that most pages fit into. */
const ROOM = 4096;
/** Bytes of a user's name: a longer one is left out, because it helps no reader. */
const NAME_BYTES = 200;

/**
 * The values of a page (see PageKind). An empty one is left out, together with its sentence or
 * link.
 */
@final
export class Parameters {
  language: Language = Language.English;
  /** UTF-8, as the provider has it. */
  user: Bytes = Bytes.empty();
  /** The provider's error code. Only those of the specifications are shown. */
  error: Bytes = Bytes.empty();
  /**
   * A path of this origin, or absolute with http or https. The caller answers for where it leads.
   */
  link: Bytes = Bytes.empty();
  other: Bytes = Bytes.empty();

  constructor(language: Language) {
    this.language = language;
  }
}

export function statusOf(kind: PageKind): i32 {
  return <i32>load<u16>(STATUS + ((<usize>kind) << 1));
}

/** The page as UTF-8. */
export function page(kind: PageKind, requestId: Bytes, parameters: Parameters): Bytes {
  const lines = unpack(Text.Pages + kind * LANGUAGES + parameters.language);
  const out = new Output(ROOM);
  write(unpack(Text.Frame), lines, requestId, parameters, out);
  return out.all;
}

function write(text: Bytes, lines: Bytes, id: Bytes, parameters: Parameters, out: Output): void {
  for (let i = 0; i < text.length; i++) {
    const c = <i32>text.at(i);
    if (c >= Slot.Literal) out.byte(c);
    else if (c >= Slot.Line) write(line(lines, c - Slot.Line), lines, id, parameters, out);
    else if (c == Slot.Section) {
      const next = <i32>text.at(++i);
      if (!isFilled(next, parameters)) i = text.indexOf(<u8>Slot.End, i);
    } else if (c == Slot.User) writeText(parameters.user, out);
    else if (c == Slot.Error) writeText(parameters.error, out);
    else if (c == Slot.RequestId) writeText(id, out);
    else if (c == Slot.Link) writeAddress(parameters.link, out);
    else if (c == Slot.Other) writeAddress(parameters.other, out);
  }
}

function isFilled(slot: i32, parameters: Parameters): bool {
  if (slot == Slot.User) {
    return parameters.user.length > 0 && parameters.user.length <= NAME_BYTES;
  }
  if (slot == Slot.Error) return isKnownError(parameters.error);
  return isLink(slot == Slot.Link ? parameters.link : parameters.other);
}

/** A line of a page. */
function line(lines: Bytes, number: i32): Bytes {
  let from = 0;
  for (; number > 0; number--) from = lines.indexOf(LINE_END, from) + 1;
  const to = lines.indexOf(LINE_END, from);
  return lines.slice(from, to < 0 ? lines.length : to);
}
