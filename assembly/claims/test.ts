/**
 * Questions about one claim. The answer is false, never an error, when the claim is missing or of
 * another type.
 */
import { Json, Kind } from "../json/value";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { ClaimPath } from "./path";

/** Behind a group's path: it, and all that is below. */
export const BELOW = "/**";

export enum Question {
  Equals,
  Prefix,
  /** The claim is a list with that element. */
  Contains,
  /** The claim is a text with that part, when it is split. */
  SplitContains,
  OneOf,
  Exists,
  /**
   * The claim is a list with one of the elements, or is one of them itself. A path that ends in
   * `/**` also matches all below it.
   */
  Group,
  /** An address in one of the domains. */
  EmailDomain,
}

/** A claim's value, as far as rules can ask about it. */
@final
export class ClaimValue {
  constructor(
    /** True if the claim is present. */
    readonly exists: bool,
    readonly isList: bool,
    /** The list's texts, or the single text, number or boolean. */
    readonly texts: Array<Bytes>,
  ) {}

  static of(json: Json | null): ClaimValue {
    const texts: Array<Bytes> = [];
    if (!json || json.kind == Kind.Null) return new ClaimValue(false, false, texts);
    if (json.isArray) {
      for (let it = json.first; it; it = it!.next) if (isScalar(it)) texts.push(it.text);
    } else if (isScalar(json)) texts.push(json.text);
    return new ClaimValue(true, json.isArray, texts);
  }
}

function isScalar(json: Json): bool {
  return json.kind == Kind.String || json.kind == Kind.Number || json.kind == Kind.Boolean;
}

@final
export class ClaimTest {
  private undecided: bool = false;

  constructor(
    readonly question: Question,
    readonly path: ClaimPath,
    readonly separator: Bytes,
    /** May contain `{name}`, captured from the path. */
    readonly values: Array<Bytes>,
  ) {}

  /** True if this code has no answer for the question; checked when the configuration is read. */
  get isUnknown(): bool {
    this.undecided = false;
    this.holds(ClaimValue.of(null), []);
    return this.undecided;
  }

  /** `values`: the test's own values, with captures put in. */
  holds(claim: ClaimValue, values: Array<Bytes>): bool {
    const texts = claim.texts;
    const isOne = !claim.isList && texts.length == 1;
    switch (this.question) {
      case Question.Exists:
        return claim.exists;
      case Question.Contains:
        return claim.isList && meet(texts, values);
      case Question.Group:
        return meet(texts, values) || areBelow(texts, values);
      case Question.EmailDomain:
        return isOne && isInDomain(texts[0], values);
      case Question.Equals:
      case Question.OneOf:
        return isOne && meet(texts, values);
      case Question.Prefix:
        return isOne && texts[0].startsWith(values[0]);
      case Question.SplitContains:
        return isOne && hasPart(texts[0], this.separator, values[0]);
      default:
        this.undecided = true;
        return false;
    }
  }
}

function meet(texts: Array<Bytes>, values: Array<Bytes>): bool {
  for (let i = 0; i < texts.length; i++) {
    for (let j = 0; j < values.length; j++) if (texts[i].equals(values[j])) return true;
  }
  return false;
}

/**
 * True if a text is one of the paths that end in `/**`, or is below it: Keycloak's groups are such
 * paths.
 */
function areBelow(texts: Array<Bytes>, values: Array<Bytes>): bool {
  for (let j = 0; j < values.length; j++) {
    if (!values[j].endsWith(Bytes.of(BELOW))) continue;
    const path = values[j].slice(0, values[j].length - BELOW.length);
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i];
      if (!text.startsWith(path)) continue;
      if (text.length == path.length || text.at(path.length) == Char.Slash) return true;
    }
  }
  return false;
}

/**
 * Mail goes to the domain after the last `@`. An `@` before it is either in quotes (RFC 5321
 * §4.1.2), or the text is not an address but an attack.
 */
function isInDomain(address: Bytes, domains: Array<Bytes>): bool {
  let at = address.length - 1;
  while (at > 0 && address.at(at) != Char.At) at--;
  if (at < 1) return false;
  const local = address.slice(0, at);
  const isQuoted = at > 2 && local.at(0) == Char.Quote && local.at(at - 1) == Char.Quote;
  if (!isQuoted && local.indexOf(Char.At) >= 0) return false;
  const domain = address.rest(at + 1);
  for (let i = 0; i < domains.length; i++) if (domain.equalsInAnyCase(domains[i])) return true;
  return false;
}

function hasPart(text: Bytes, separator: Bytes, part: Bytes): bool {
  let from = 0;
  for (let to = 0; to + separator.length <= text.length;) {
    if (!text.rest(to).startsWith(separator)) {
      to++;
      continue;
    }
    if (text.slice(from, to).equals(part)) return true;
    to += separator.length;
    from = to;
  }
  return text.rest(from).equals(part);
}
