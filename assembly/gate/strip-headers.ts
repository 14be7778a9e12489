/**
 * Request headers for the upstream: those that only the plugin may set are removed, and set only by
 * the plugin.
 */
import { Settings } from "../config/settings";
import { without } from "../http/cookie";
import { Elements } from "../http/elements";
import { foldByte, foldsTo } from "../http/header";
import { HeaderChanges } from "../http/header-changes";
import { OwnedHeader } from "../http/header-names";
import { Protocols } from "../http/protocols";
import { Field, Request } from "../http/request";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { Decision } from "./decision";

// Made once, because many requests need it.
const COOKIE = Bytes.of("Cookie");

/**
 * True if this `Connection` names a header that the plugin owns. The proxy would remove
 * that header after the plugin has set it (RFC 9110 §7.6.1), and the upstream would see a caller
 * without an identity.
 */
export function namesOwned(connection: Bytes, settings: Settings): bool {
  const names = new Elements(connection);
  for (let it = names.next(); it; it = names.next()) if (isOwned(it, settings)) return true;
  return false;
}

/**
 * True if only the plugin may set the header. Only the name's last character is folded at first:
 * few other names have the length and the end of an owned one.
 */
export function isOwned(name: Bytes, settings: Settings): bool {
  const length = name.length;
  if (length == 0) return false;
  const last = foldByte(name.at(length - 1));
  const owned = settings.owned;
  for (let i = 0; i < owned.length; i++) {
    // The loop has checked the bound; this runs for each header of each request.
    const it = unchecked(owned[i]);
    if (it.length != length || <u32>it.at(length - 1) != last) continue;
    if (foldsTo(name, it)) return true;
  }
  return false;
}

/**
 * Removes every alias of every owned header and the token from wherever it was, then sets the
 * plugin's own headers.
 */
export function prepare(request: Request, settings: Settings, decision: Decision): void {
  within(request);
  within(settings);
  within(decision);
  // All that most requests need is read at once: after a branch it would be checked again.
  const changes = decision.changes;
  const owned = request.names.owned;
  const cookies = request.get(Field.Cookie);
  const protocols = request.get(Field.WebSocketProtocol);
  const madeId = request.madeId;
  const caller = decision.caller;
  const forwarded = decision.forwarded;
  const issuers = settings.issuers;
  const authorization = settings.upstreamAuthorization;
  const isForeign = decision.isForeign;
  changes.begin(owned, madeId);
  if (isForeign && keepsForeign(request, settings, decision)) {
    changes.removed = null;
    removeOthers(owned, settings, changes);
  }
  if (cookies) removeCookie(cookies, settings, changes);
  if (protocols) removeProtocol(protocols, decision);
  if (!caller) return;
  within(caller);
  // The guest itself wrote the index when it verified the caller. An API key's is -1: it gets the
  // names of the first issuer.
  const issuer = unchecked(issuers[max(caller.issuer, 0)]);
  changes.setAll(issuer.headerNames, caller.headers);
  if (forwarded) changes.setLast(Bytes.of("Authorization"), Bytes.of("Bearer ").concat(forwarded));
  if (authorization) changes.setLast(Bytes.of("Authorization"), authorization);
}

/** Removes all but the token's header. */
function removeOthers(owned: OwnedHeader | null, settings: Settings, changes: HeaderChanges): void {
  for (let it = owned; it; it = it!.next) {
    if (!it.name.equalsInAnyCase(settings.tokenHeader)) changes.remove(it.name);
  }
}

/**
 * Beside a session, an Authorization of another scheme is the application's own sign-in
 * (`MediaBrowser Token=…`) and is forwarded. Without a caller it is not: the application may take
 * it for one. True: it is forwarded.
 */
function keepsForeign(request: Request, settings: Settings, decision: Decision): bool {
  const caller = decision.caller;
  const isOurs = settings.upstreamAuthorization !== null || settings.forwardAuthorization;
  if (caller && caller.isSession && !isOurs) decision.kept = request.get(Field.Token);
  else decision.isDropped = !settings.forwardAuthorization || decision.forwarded !== null;
  return decision.kept !== null;
}

/**
 * A browser fails a handshake in which none of its protocols is accepted: when only the token's is
 * left, it is `bearer`.
 */
function removeProtocol(values: Bytes, decision: Decision): void {
  const protocols = new Protocols(values);
  if (!protocols.token) return;
  const name = Bytes.of("Sec-WebSocket-Protocol");
  if (protocols.rest.length > 0) decision.changes.set(name, protocols.rest);
  else {
    decision.changes.remove(name);
    decision.setAnswer(name, Bytes.of("bearer"));
  }
}

function removeCookie(header: Bytes, settings: Settings, changes: HeaderChanges): void {
  if (!settings.usesCookies) return;
  const session = settings.session;
  const family = session ? session.cookieName : Bytes.empty();
  const token = settings.forwardAuthorization ? Bytes.empty() : settings.tokenCookie;
  const rest = without(header, token, family);
  if (rest && rest.equals(header)) return;
  if (rest) changes.set(COOKIE, rest);
  else changes.remove(COOKIE);
}
