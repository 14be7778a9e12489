/**
 * Languages of the pages, in the order of pages.yaml, and the choice among them by Accept-Language,
 * RFC 9110 §12.5.4.
 */
import { isDigit } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";

export enum Language {
  English,
  German,
  Spanish,
  French,
  Portuguese,
  Japanese,
  Chinese,
}

/** Primary subtags of RFC 5646, two letters each. The first language is the default. */
const TAGS = "endeesfrptjazh";
const TAG = 2;
export const LANGUAGES = Language.Chinese + 1;

/** A weight of 1, RFC 9110 §12.4.2. */
const FULL = 1000;

/**
 * The preferred language; of two with equal weight the one named first. `header`: values of
 * Accept-Language, joined by NUL as the host gives them; empty: absent. Malformed ranges are
 * skipped.
 */
export function languageOf(header: Bytes): Language {
  let best: i32 = Language.English;
  let bestWeight = 0;
  let anyWeight = 0;
  let refused = 0;
  let from = 0;
  while (from < header.length) {
    const to = rangeEnd(header, from);
    const range = header.slice(from, to);
    from = to + 1;
    const mark = range.indexOf(Char.Semicolon);
    const name = (mark < 0 ? range : range.slice(0, mark)).trim();
    const weight = mark < 0 ? FULL : weightOf(range.rest(mark + 1).trim());
    if (name.is("*")) anyWeight = max(anyWeight, weight);
    const language = named(name);
    if (language < 0) continue;
    if (weight == 0) refused |= 1 << language;
    if (weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  if (anyWeight <= bestWeight) return best;
  // `*` means every language that is not named, so the first one that is not refused.
  for (let language = 0; language < LANGUAGES; language++) {
    if ((refused & (1 << language)) == 0) return language;
  }
  return best;
}

function rangeEnd(header: Bytes, from: i32): i32 {
  while (from < header.length && header.at(from) != Char.Comma && header.at(from) != 0) from++;
  return from;
}

/** The language of a range, by its primary subtag (`de-AT` is German; RFC 4647 §3.4), or -1. */
function named(range: Bytes): i32 {
  if (range.length < TAG || (range.length > TAG && range.at(TAG) != Char.Hyphen)) return -1;
  for (let language = 0; language < LANGUAGES; language++) {
    if (range.hasAt(0, TAGS.substr(language * TAG, TAG))) return language;
  }
  return -1;
}

/** Thousandths of a weight such as `q=0.5`; 0 when it is malformed. */
function weightOf(parameter: Bytes): i32 {
  if (!parameter.hasAt(0, "q=") || parameter.length < 3 || parameter.length > 7) return 0;
  const whole = <i32>parameter.at(2) - 0x30;
  if (whole < 0 || whole > 1) return 0;
  if (parameter.length > 3 && parameter.at(3) != Char.Dot) return 0;
  let weight = whole * FULL;
  let unit = FULL / 10;
  for (let i = 4; i < parameter.length; i++) {
    if (!isDigit(parameter.at(i))) return 0;
    weight += (<i32>parameter.at(i) - 0x30) * unit;
    unit /= 10;
  }
  return weight > FULL ? 0 : weight;
}
