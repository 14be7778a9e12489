/**
 * Sorts a request's headers into those that are read, removed or passed on. Clients send the same
 * names with each request, and the host lists them in order: the last list is kept, so most
 * requests cost one comparison (measured: a fifth of the guest's time on a request with a known
 * token).
 */
import { Settings } from "../config/settings";
import { HeaderNames, WantedHeader } from "../http/header-names";
import { Field, FIELD_NAMES, LATE } from "../http/request";
import { KNOWN_NAMES_BYTES } from "../limits";
import { Pair } from "../runtime/pair";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
import { isOwned } from "./strip-headers";

@final
export class KnownNames {
  private regions: Pair = new Pair();
  private last: HeaderNames | null = null;

  constructor(private settings: Settings) {}

  /** `text`: each name followed by a NUL. The result is valid until the next request. */
  of(text: Bytes): HeaderNames {
    const last = this.last;
    if (last && last.text.equals(text)) return last;
    if (text.length > KNOWN_NAMES_BYTES) return sortNames(text, this.settings);
    const active = this.regions.enter();
    const names = sortNames(text.copy(), this.settings);
    active.enter();
    this.regions.swap();
    this.last = names;
    return names;
  }
}

function sortNames(text: Bytes, settings: Settings): HeaderNames {
  const names = new HeaderNames(text);
  const isModeWanted = settings.wants(Field.FetchMode);
  for (let i = 0; i < names.all.length; i++) {
    const name = names.all[i];
    if (isOwned(name, settings)) names.owned.push(name);
    if (isModeWanted && name.isInAnyCase(FIELD_NAMES[Field.FetchMode])) names.fetchMode = name;
    const field = fieldOf(name, settings);
    const asked = askedFor(name, settings.vocabulary.headers);
    if (field >= 0 || asked >= 0) names.wanted.push(new WantedHeader(name, field, asked));
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
