/**
 * Finds the request's credential. A request with two different ones, or with one sent twice, is
 * ambiguous and refused.
 */
import { looksLikeKey } from "../claims/api-key";
import { Identity } from "../claims/identity";
import { Settings } from "../config/settings";
import { Cookies } from "../http/cookie";
import { Protocols } from "../http/protocols";
import { Parameters } from "../http/query";
import { Field, Request } from "../http/request";
import { Reason } from "../outcome/reason";
import { mark, release } from "../runtime/arena";
import { within } from "../runtime/within";
import { readSealed } from "../session/cookies";
import { decodeBase64 } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { TokenCache } from "./cache";

/** Where a token was found, by the name that logs use. */
export enum Source {
  None,
  Header,
  Cookie,
  Query,
  WebSocketProtocol,
  /** An API key, sent as the password of `Basic`. */
  Basic,
  /** The sealed cookie of a session. */
  Session,
}

const SOURCE_NAMES: StaticArray<string> = [
  "none",
  "header",
  "cookie",
  "query",
  "websocket_protocol",
  "basic",
  "session",
];

@final
export class Credential {
  token: Bytes | null = null;
  source: Source = Source.None;
  /** The user name sent with Basic; may be empty. */
  user: Bytes = Bytes.empty();
  /** `Authorization` has a scheme that this configuration does not read. */
  isForeign: bool = false;
  /** Why there is no token. */
  reason: Reason = Reason.CredentialMissing;
  /** Why the request is refused, whatever its rule says. */
  ambiguous: Reason = Reason.None;
  /** The token was looked up in the cache, and whose it is there. */
  isSought: bool = false;
  known: Identity | null = null;

  /** Forgets the last request's. */
  begin(): void {
    within(this);
    this.token = null;
    this.source = Source.None;
    this.user = Bytes.empty();
    this.isForeign = false;
    this.reason = Reason.CredentialMissing;
    this.ambiguous = Reason.None;
    this.isSought = false;
    this.known = null;
  }

  get sourceName(): string {
    return SOURCE_NAMES[this.source];
  }

  /** True if the request has no credential for this plugin to check. */
  @inline get isAbsent(): bool {
    const reason = this.reason;
    const hasNone = !this.token;
    const isFine = reason == Reason.CredentialMissing || reason == Reason.SchemeUnsupported;
    return hasNone && isFine;
  }

  get isKey(): bool {
    const token = this.token;
    return token !== null && looksLikeKey(token);
  }

  /** True if the browser added the credential by itself, whichever page made the request. */
  get isAmbient(): bool {
    return this.source == Source.Cookie || this.source == Source.Session;
  }

  /**
   * Takes a token that was found. A second, different token makes the credential ambiguous; the
   * same one does not.
   */
  offer(token: Bytes, source: Source): void {
    const other = this.token;
    if (!other) {
      this.token = token;
      this.source = source;
    } else if (!other.equals(token)) {
      this.ambiguous =
        this.source == source ? Reason.CredentialRepeated : Reason.CredentialsConflict;
    }
  }
}

/**
 * Searches the header, the query (`query` has its question mark) and the cookies. Cookies come
 * last: a token that was sent on purpose is not ambient.
 */
export function findCredential(
  request: Request,
  query: Bytes,
  settings: Settings,
  cache: TokenCache,
  now: i64,
  credential: Credential,
): void {
  credential.begin();
  // Read together, the last field first: see `prepare` and runtime/within.ts.
  const protocols = request.get(Field.WebSocketProtocol);
  const upgrade = request.get(Field.Upgrade);
  const cookie = request.get(Field.Cookie);
  const header = request.get(Field.Token);
  const tokenQuery = settings.tokenQuery;
  if (header && !readBearer(header, credential, cache, now)) {
    readHeader(header, settings, credential);
  }
  if (tokenQuery.length > 0) readQuery(query, tokenQuery, credential);
  if (protocols && upgrade) readProtocols(protocols, credential);
  if (cookie) readCookies(cookie, settings, credential);
}

function readHeader(header: Bytes, settings: Settings, credential: Credential): void {
  if (header.indexOf(0) >= 0) {
    credential.ambiguous = Reason.CredentialRepeated;
    return;
  }
  const value = header.trim();
  const space = value.indexOf(Char.Space);
  const scheme = value.slice(0, space < 0 ? value.length : space);
  const rest = value.rest(scheme.length).trim();
  // RFC 6750 §2.1, in any case (RFC 9110 §11.1). A header of another name may carry the bare token.
  if (scheme.isInAnyCase("bearer")) accept(rest, credential);
  else if (!settings.tokenHeader.isInAnyCase("authorization")) accept(value, credential);
  else if (settings.hasApiKeys && scheme.isInAnyCase("basic")) readBasic(rest, credential);
  else {
    credential.isForeign = value.length > 0;
    credential.reason = credential.isForeign
      ? Reason.SchemeUnsupported
      : Reason.AuthorizationMalformed;
  }
}

/** `bearer `, without the bit that tells capitals from small letters. */
const BEARER: u64 = 0x20726572616562;
const ANY_CASE: u64 = 0x202020202020;

/**
 * Reads a single `Bearer` header with one space, as clients write it; false for all others. What
 * separates values or words is not visible, and no cached token has it.
 */
function readBearer(header: Bytes, credential: Credential, cache: TokenCache, now: i64): bool {
  within(header);
  const start = header.start;
  const length = header.length;
  if (length <= 8 || ((load<u64>(start) & 0xffffffffffffff) | ANY_CASE) != BEARER) return false;
  const token = Bytes.view(start + 7, length - 7);
  const known = cache.find(token, now);
  if (!known && !token.isVisible) return false;
  // The last first, as in runtime/within.ts.
  credential.known = known;
  credential.isSought = true;
  // The first that is found, so nothing differs from it.
  credential.token = token;
  credential.source = Source.Header;
  return true;
}

/** RFC 7617. A password that is not an API key is ignored, because browsers keep stale ones. */
function readBasic(encoded: Bytes, credential: Credential): void {
  credential.reason = Reason.SchemeUnsupported;
  const pair = decodeBase64(encoded);
  const colon = pair ? pair.indexOf(Char.Colon) : -1;
  if (!pair || colon < 0) return;
  const password = pair.rest(colon + 1);
  if (!looksLikeKey(password)) return;
  credential.user = pair.slice(0, colon);
  credential.offer(password, Source.Basic);
}

function accept(token: Bytes, credential: Credential): void {
  if (token.length == 0 || token.indexOf(Char.Space) >= 0) {
    credential.reason = Reason.AuthorizationMalformed;
  } else credential.offer(token, Source.Header);
}

function readQuery(query: Bytes, name: Bytes, credential: Credential): void {
  const parameters = new Parameters(query);
  // A query may have thousands of parameters.
  for (let before = mark(); parameters.next(); before = mark()) {
    const value = parameters.value;
    if (value.length > 0 && parameters.name.equals(name)) credential.offer(value, Source.Query);
    else release(before);
  }
}

function readProtocols(protocols: Bytes, credential: Credential): void {
  const offered = new Protocols(protocols);
  if (offered.token) credential.offer(offered.token!, Source.WebSocketProtocol);
  if (offered.other) credential.offer(offered.other!, Source.WebSocketProtocol);
}

function readCookies(header: Bytes, settings: Settings, credential: Credential): void {
  // A malformed token header is a failed credential. Another scheme is ignored, because browsers
  // keep stale ones.
  if (credential.reason == Reason.AuthorizationMalformed) return;
  const tokenCookie = settings.tokenCookie;
  const session = settings.session;
  if (tokenCookie.length > 0) readCookie(header, tokenCookie, credential);
  if (session) readSession(header, session.sessionCookie, credential);
}

function readSession(header: Bytes, name: Bytes, credential: Credential): void {
  const sealed = readSealed(header, name);
  if (!sealed) return;
  // Browsers keep stale Basic credentials: with a session cookie they are ignored.
  if (credential.source == Source.Basic) {
    credential.token = null;
    credential.user = Bytes.empty();
  }
  credential.offer(sealed, Source.Session);
}

function readCookie(header: Bytes, name: Bytes, credential: Credential): void {
  const cookies = new Cookies(header);
  while (credential.ambiguous == Reason.None && cookies.next()) {
    if (!cookies.isNamed(name) || cookies.isEmpty) continue;
    // A request may have thousands of cookies.
    const before = mark();
    const value = cookies.value;
    if (credential.token && credential.token!.equals(value)) release(before);
    else credential.offer(value, Source.Cookie);
  }
}
