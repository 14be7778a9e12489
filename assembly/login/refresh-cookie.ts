/**
 * The cookies of a signed-in browser: its session, and the sealed refresh cookie with what refresh
 * and sign-out need. The refresh cookie is sent only to the relying party's path.
 */
import { unsealSession } from "../identity/session";
import { Purpose } from "../session/keys";
import { FieldReader, Fields } from "../session/fields";
import { open, seal } from "../session/seal";
import { readSealed, writeSealed } from "../session/cookies";
import { Session } from "../session/session";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

const FORM: u8 = 1;

@final
export class RefreshCookie {
  /** The session's id, because both cookies belong together. */
  id: Bytes = Bytes.empty();
  /** Empty: the provider gave none. */
  refreshToken: Bytes = Bytes.empty();
  /** The hint for sign-out; a later ID token is compared with it. */
  idToken: Bytes = Bytes.empty();
  /** Only if the userinfo endpoint is used. */
  accessToken: Bytes = Bytes.empty();
  tokenEndpoint: Bytes = Bytes.empty();
  endSessionEndpoint: Bytes = Bytes.empty();
  userInfoEndpoint: Bytes = Bytes.empty();

  /** True if claims of the userinfo endpoint are needed. */
  asksUserInfo(context: Context): bool {
    return context.login.userinfo && this.userInfoEndpoint.length > 0;
  }

  seal(context: Context): Bytes {
    const text = new Fields()
      .u8(FORM)
      .bytes(this.id)
      .bytes(this.refreshToken)
      .bytes(this.idToken)
      .bytes(this.accessToken)
      .bytes(this.tokenEndpoint)
      .bytes(this.endSessionEndpoint)
      .bytes(this.userInfoEndpoint).all;
    const name = context.sessionSettings.refreshCookie;
    return seal(context.ring, Purpose.Refresh, name, context.nanoseconds, text);
  }
}

/**
 * The session of the request's cookie, of any age; null: there is none that this application
 * sealed.
 */
export function sessionOf(context: Context): Session | null {
  const sealed = readSealed(context.cookies, context.sessionSettings.sessionCookie);
  const session = sealed ? unsealSession(context.ring, sealed, context.sessionSettings) : null;
  if (session) context.log.about(session.subject, session.user);
  return session;
}

/** The request's refresh cookie; null: there is none that this application sealed. */
export function refreshCookieOf(context: Context): RefreshCookie | null {
  const name = context.sessionSettings.refreshCookie;
  const sealed = readSealed(context.cookies, name);
  const text = sealed ? open(context.ring, Purpose.Refresh, name, sealed) : null;
  if (!text) return null;
  const fields = new FieldReader(text);
  const result = new RefreshCookie();
  if (fields.u8() != FORM) return null;
  result.id = fields.bytes();
  result.refreshToken = fields.bytes();
  result.idToken = fields.bytes();
  result.accessToken = fields.bytes();
  result.tokenEndpoint = fields.bytes();
  result.endSessionEndpoint = fields.bytes();
  result.userInfoEndpoint = fields.bytes();
  return fields.done ? result : null;
}

/** Set-Cookie values of a refresh cookie with another refresh token; null: they are too large. */
export function refreshCookieWith(
  context: Context,
  refreshCookie: RefreshCookie,
  refreshToken: Bytes,
): Array<Bytes> | null {
  refreshCookie.refreshToken = refreshToken;
  const name = context.sessionSettings.refreshCookie;
  return writeSealed(context.cookies, name, refreshCookie.seal(context), context.refreshAttributes);
}
