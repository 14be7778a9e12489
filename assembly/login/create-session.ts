/** Creates a session from the provider's tokens: verified, mapped to roles, sealed into cookies. */
import { secondsOf } from "../claims/times";
import { roleNames } from "../claims/header";
import { ClaimsFrom } from "../config/options";
import { identify } from "../identity/verify";
import { Response } from "../http/response";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { clearSealed, readSealed, writeSealed } from "../session/cookies";
import { Purpose } from "../session/keys";
import { seal } from "../session/seal";
import { Session } from "../session/session";
import { encodeHex } from "../text/hex";
import { Bytes } from "../text/bytes";
import { AccessToken, readAccessToken } from "./access-token";
import { keepTenant, mergedClaims } from "./claims";
import { Context } from "./context";
import { RefreshCookie } from "./refresh-cookie";
import { IdToken } from "./id-token";
import { TokenAnswer } from "./token-endpoint";

/** The log's message where `cookiesOf` returns null. */
export function tooLarge(): string {
  return "the session is too large for cookies: forward fewer claims, or have the provider put less into its tokens";
}

/** The contents of the cookies, or why there is no session. */
@final
export class NewSession {
  /** None: the session is complete. */
  reason: Reason = Reason.None;
  /** Why the access token's claims are missing although the configuration asks for them. */
  unread: Reason = Reason.None;
  unreadToken: Token | null = null;
  /** For the log: the roles of this configuration, and what the provider calls them. */
  roles: Array<Bytes> = [];
  providerRoles: Array<Bytes> = [];
  /** Claims with roles, or for rules, are elsewhere. */
  lacksClaims: bool = false;
  session: Session = new Session();
  refreshCookie: RefreshCookie = new RefreshCookie();

  refuse(reason: Reason): NewSession {
    this.reason = reason;
    return this;
  }
}

/**
 * Keeps the id, first sign-in and `sid` of `session`, and makes the rest again. `userInfo`:
 * verified claims of the userinfo endpoint, or null.
 */
export function createSession(
  context: Context,
  session: Session,
  idToken: IdToken,
  answer: TokenAnswer,
  userInfo: Json | null,
): NewSession {
  const result = new NewSession();
  const settings = context.settings;
  const login = context.login;
  const text = answer.accessToken;
  const accessToken = text ? readAccessToken(context, text, idToken) : new AccessToken();
  if (login.claimsFrom.includes(ClaimsFrom.AccessToken)) {
    // A user with many roles must not become a user without roles.
    if (accessToken.unread == Reason.TokenTooLarge) return result.refuse(accessToken.unread);
    result.unread = accessToken.unread;
    result.unreadToken = accessToken.token;
  }
  const payload = idToken.payload!;
  const claims = mergedClaims(login, payload, accessToken.payload, userInfo);
  if (idToken.issuer!.base) keepTenant(claims, payload);
  const issuer = idToken.issuer!;
  const identity = identify(claims, settings.issuers.indexOf(issuer), 0, settings);
  if (!identity) return result.refuse(Reason.ClaimsTooLarge);
  setTimes(context, session, answer, accessToken, secondsOf(payload, "exp"));
  result.lacksClaims = identity.lacks != 0;
  session.subject = idToken.subject;
  session.tenant = issuer.tenant;
  session.user = identity.user.length > 0 ? identity.user : idToken.subject;
  session.identity = identity.pack();
  session.fingerprint = context.sessionSettings.fingerprint;
  session.authenticated = max(secondsOf(payload, "auth_time"), 0);
  const sid = payload.stringOf("sid");
  if (sid && sid.length > 0) session.sid = sid;
  // Sign-out needs a name for the session even if the provider has none.
  else if (session.sid.length == 0) session.sid = encodeHex(session.id);
  session.token = settings.forwardAuthorization && text ? text : Bytes.empty();
  const refreshCookie = result.refreshCookie;
  refreshCookie.id = session.id;
  refreshCookie.accessToken = login.userinfo && text ? text : Bytes.empty();
  result.session = session;
  const vocabulary = settings.vocabulary;
  result.roles = roleNames(identity.roles, vocabulary.roles.names, []);
  result.providerRoles = context.issuer.roles.namesIn(claims);
  context.log.about(session.subject, session.user);
  return result;
}

/**
 * Sets the session's end: the earliest of the limits of tokens and configuration. `expires`: the
 * end of the ID token. Without a refresh token, refreshEvery applies only when it was set:
 * otherwise users would have to sign in every five minutes, although the provider's tokens are
 * valid for an hour.
 */
function setTimes(
  context: Context,
  session: Session,
  answer: TokenAnswer,
  accessToken: AccessToken,
  expires: i64,
): void {
  const configured = context.sessionSettings;
  const now = context.now;
  const isCapped = answer.refreshToken !== null || configured.refreshIsSet;
  let end = isCapped ? now + configured.refreshEvery : expires;
  end = min(end, session.signedIn + configured.maxAge);
  if (accessToken.expires >= 0) end = min(end, accessToken.expires);
  if (answer.expiresIn >= 0) end = min(end, now + answer.expiresIn);
  session.made = now;
  session.end = max(end, now + 1);
  const life = session.end - now;
  session.refreshAt = answer.refreshToken
    ? now + (life * context.login.refreshAt) / 1000
    : i64.MAX_VALUE;
}

/** Set-Cookie values of both cookies; null: they are too large for browsers. */
export function cookiesOf(context: Context, created: NewSession): Array<Bytes> | null {
  const name = context.sessionSettings.sessionCookie;
  const sealed = seal(
    context.ring,
    Purpose.Session,
    name,
    context.nanoseconds,
    created.session.text,
  );
  return bothCookies(context, sealed, created.refreshCookie.seal(context));
}

/** Set-Cookie values of both cookies of the request; null: it has not both. */
export function cookiesAgain(context: Context): Array<Bytes> | null {
  const configured = context.sessionSettings;
  const session = readSealed(context.cookies, configured.sessionCookie);
  const refresh = readSealed(context.cookies, configured.refreshCookie);
  return session && refresh ? bothCookies(context, session, refresh) : null;
}

function bothCookies(context: Context, session: Bytes, refresh: Bytes): Array<Bytes> | null {
  const configured = context.sessionSettings;
  const header = context.cookies;
  const name = configured.sessionCookie;
  const all = writeSealed(header, name, session, context.sessionAttributes);
  const more = writeSealed(header, configured.refreshCookie, refresh, context.refreshAttributes);
  return all && more ? all.concat(more) : null;
}

/** Expires the session's cookies. */
export function clearSession(context: Context, response: Response): void {
  const configured = context.sessionSettings;
  const header = context.cookies;
  response.cookies(clearSealed(header, configured.sessionCookie, context.sessionAttributes));
  response.cookies(clearSealed(header, configured.refreshCookie, context.refreshAttributes));
}
