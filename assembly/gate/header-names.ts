/**
 * Sorts a request's headers into those that are read, removed or passed on. Clients send the same
 * names with each request, and the host lists them in order: the last two lists are kept, so most
 * requests cost one comparison (measured: a fifth of the guest's time on a request with a known
 * token).
 */
import { Settings } from "../config/settings";
import { canonicalName } from "../http/header";
import { HeaderNames, NO_NAMES, OwnedHeader, WantedHeader } from "../http/header-names";
import { Field, FIELD_NAMES, LATE, NO_FIELD } from "../http/request";
import { KNOWN_NAMES_BYTES } from "../limits";
import { mark, Region, release } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
import { isOwned } from "./strip-headers";

@final
export class KnownNames {
  /** The last request's list. */
  last: HeaderNames = NO_NAMES;
  private region: Region = new Region();
  /** The list before it, because programs and browsers take turns. */
  private other: HeaderNames | null = null;
  private otherRegion: Region = new Region();

  /** How many headers rules ask for. */
  readonly asked: i32;
  readonly usesClientIp: bool;

  constructor(private settings: Settings) {
    const vocabulary = settings.vocabulary;
    this.asked = vocabulary.headers.length;
    this.usesClientIp = vocabulary.usesClientIp;
  }

  /**
   * `text`: each name followed by a NUL, another list than the last request's. The result is valid
   * until the next request.
   */
  of(text: Bytes): HeaderNames {
    const last = this.last;
    if (text.length > KNOWN_NAMES_BYTES) return sortNames(text, this.settings);
    const region = this.otherRegion;
    let names = this.other;
    if (!names || !names.text.equals(text)) {
      // A trap in the middle must not leave half a list.
      this.other = null;
      region.clear();
      const active = region.enter();
      names = sortNames(text.copy(), this.settings);
      active.enter();
    }
    this.otherRegion = this.region;
    this.region = region;
    this.other = last;
    this.last = names;
    return names;
  }
}

/** From the last to the first, so that the chains have them in order. */
function sortNames(text: Bytes, settings: Settings): HeaderNames {
  const names = new HeaderNames(text);
  const isModeWanted = settings.wants(Field.FetchMode);
  let from = 0;
  for (let to = text.length - 1; to > 0; to = from - 1) {
    from = to;
    while (from > 0 && text.at(from - 1) != 0) from--;
    const before = mark();
    const name = text.slice(from, to);
    const owned = isOwned(name, settings);
    const isMode = isModeWanted && name.isInAnyCase(FIELD_NAMES[Field.FetchMode]);
    const field = fieldOf(name, settings);
    const asked = askedFor(name, settings.vocabulary.headers);
    const isWanted = field >= 0 || asked >= 0;
    if (!owned && !isMode && !isWanted) {
      release(before);
      continue;
    }
    const goName = canonicalName(name);
    const start = goName.start;
    const length = goName.length;
    if (owned) names.owned = new OwnedHeader(start, length, names.owned);
    if (isMode && !names.fetchMode) names.fetchMode = goName;
    if (!isWanted) continue;
    const place = field < 0 ? NO_FIELD : field;
    names.wanted = new WantedHeader(start, length, place, asked, names.wanted);
  }
  return names;
}

/** The wanted field that a header is, or -1. Sec-Fetch-Mode is left out: see `fetchMode`. */
function fieldOf(name: Bytes, settings: Settings): i32 {
  if (name.equalsInAnyCase(settings.tokenHeader)) return Field.Token;
  for (let field = 1; field < <i32>LATE; field++) {
    if (field == Field.FetchMode || !name.isInAnyCase(FIELD_NAMES[field])) continue;
    return settings.wants(field) ? field : -1;
  }
  return -1;
}

function askedFor(name: Bytes, names: Names): i32 {
  for (let i = 0; i < names.length; i++) if (name.equalsInAnyCase(names.at(i))) return i;
  return -1;
}
