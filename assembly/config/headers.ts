/** Header names in the configuration: the identity headers, and the token's header. */
import { HeaderSource, IdentityHeader } from "../claims/header";
import { ClaimPath } from "../claims/path";
import { fold, isToken } from "../http/header";
import { OWNED_HEADERS } from "../limits";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { PREFIX, writePacked } from "../text/packed";
import { TokenOptions } from "./options";
import { Section } from "./section";
import { Issuer, Settings } from "./settings";

/**
 * Folded names with a meaning to the connection, the browser or the body, RFC 9110 §7.6.1 and
 * others.
 */
const RESERVED: StaticArray<string> = [
  "connection",
  "cookie",
  "expect",
  "forwarded",
  "host",
  "keep-alive",
  "origin",
  "proxy-connection",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
const RESERVED_PREFIXES: StaticArray<string> = ["content-", "proxy-", "sec-"];

/** The claim that counts only when the provider has verified it. */
const EMAIL = "email";
const ROLES = "@roles";
const API_KEY_NAME = "@apiKey";

/** The headers' names, packed. */
export function namesOf(headers: Array<IdentityHeader>): Bytes {
  let size = 0;
  for (let i = 0; i < headers.length; i++) size += PREFIX + headers[i].name.length;
  const packed = Bytes.room(size);
  let at = packed.start;
  for (let i = 0; i < headers.length; i++) at = writePacked(at, headers[i].name);
  return packed;
}

export function readForwardHeaders(
  section: Section,
  issuer: Issuer,
  settings: Settings,
): Array<IdentityHeader> {
  const headers: Array<IdentityHeader> = [];
  const map = section.map("forwardHeaders");
  if (!map) return headers;
  const claims = section.section("forwardHeaders");
  const seen: Array<Bytes> = [];
  for (let it = map.first; it; it = it!.next) {
    const name = it.name!.copy();
    const key = name.toString();
    const claim = claims.textOf(key, it);
    const problem = nameProblem(name);
    if (problem.length > 0) claims.error(key, "wrong_name", problem);
    const folded = fold(name);
    if (contains(seen, folded)) {
      claims.error(key, "duplicate", "is the same header to an application as another one here");
    }
    if (folded.is("authorization")) {
      claims.error(key, "wrong_name", "carries credentials; use forwardAuthorization");
    }
    seen.push(folded);
    const slot = own(folded, settings);
    if (!claim) continue;
    const header = readHeader(name, slot, claim, issuer);
    if (header) headers.push(header);
    else {
      claims.error(
        key,
        "wrong_value",
        "expected a claim path, as in preferred_username, which may be between texts in backticks, such a text alone, or @roles or @apiKey",
      );
    }
  }
  if (settings.owned.length > OWNED_HEADERS) {
    section.error("forwardHeaders", "too_many", `more than ${OWNED_HEADERS} headers`);
  }
  return headers;
}

/** Null: the value is not valid. */
function readHeader(name: Bytes, slot: i32, value: Bytes, issuer: Issuer): IdentityHeader | null {
  const none = Bytes.empty();
  if (value.is(ROLES)) return plainHeader(name, slot, HeaderSource.Roles, none);
  if (value.is(API_KEY_NAME)) return plainHeader(name, slot, HeaderSource.ApiKey, none);
  let prefix = none;
  let suffix = none;
  let claim = value;
  if (claim.at(0) == Char.Backtick) {
    const end = claim.indexOf(Char.Backtick, 1);
    if (end < 2) return null;
    prefix = claim.slice(1, end).copy();
    claim = claim.rest(end + 1).trim();
    if (claim.length == 0) {
      return prefix.trim().length > 0 ? plainHeader(name, slot, HeaderSource.Text, prefix) : null;
    }
  }
  if (claim.at(claim.length - 1) == Char.Backtick) {
    const from = claim.indexOf(Char.Backtick);
    if (claim.indexOf(Char.Backtick, from + 1) != claim.length - 1) return null;
    suffix = claim.slice(from + 1, claim.length - 1).copy();
    claim = claim.slice(0, from).trim();
    if (suffix.length == 0) return null;
  }
  if (claim.length == 0 || claim.at(0) == Char.At || claim.indexOf(Char.Backtick) >= 0) return null;
  const path = ClaimPath.parse(claim, issuer.clientId);
  if (!path) return null;
  const isEmail = claim.is(EMAIL) && !issuer.emailUnverified;
  return new IdentityHeader(name, slot, HeaderSource.Claim, prefix, path, suffix, isEmail);
}

function plainHeader(name: Bytes, slot: i32, source: HeaderSource, text: Bytes): IdentityHeader {
  return new IdentityHeader(name, slot, source, text, null, Bytes.empty(), false);
}

/**
 * `token.header`: an empty text means no header, because the application uses Authorization itself.
 */
export function readTokenHeader(section: Section, settings: Settings): void {
  const value = section.value("header");
  if (value && value.isString && value.text.length == 0) {
    settings.tokenHeader = Bytes.empty();
    return;
  }
  const name = TokenOptions.header(section);
  const problem = nameProblem(name);
  if (problem.length > 0) section.error("header", "wrong_name", problem);
  else settings.tokenHeader = name;
}

/** Makes the header the plugin's own. Returns its position in the list of owned headers. */
export function own(folded: Bytes, settings: Settings): i32 {
  const owned = settings.owned;
  for (let i = 0; i < owned.length; i++) if (owned[i].equals(folded)) return i;
  return owned.push(folded) - 1;
}

function nameProblem(name: Bytes): string {
  if (!isToken(name)) return "is no header name";
  const folded = fold(name);
  for (let i = 0; i < RESERVED.length; i++) {
    if (folded.is(RESERVED[i])) return "is a header with a meaning of its own; choose another name";
  }
  for (let i = 0; i < RESERVED_PREFIXES.length; i++) {
    if (folded.hasAt(0, RESERVED_PREFIXES[i])) {
      return "is a header with a meaning of its own; choose another name";
    }
  }
  return "";
}

function contains(list: Array<Bytes>, item: Bytes): bool {
  for (let i = 0; i < list.length; i++) if (list[i].equals(item)) return true;
  return false;
}
