/** The ID token, OpenID Connect Core §3.1.3.7 and §12.2: only it says who signed in. */
import { secondsOf } from "../claims/times";
import { TokenKind } from "../claims/validate";
import { checkSignature, Verification } from "../identity/verify";
import { Issuer } from "../config/settings";
import { digest } from "../crypto/hash";
import { equal } from "../crypto/constant-time";
import { Url } from "../http/url";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

/** Seconds that a sign-in may take, besides the clock skew. */
const AGE_SLACK = 60;

/** The verified ID token, or why it is refused. */
@final
export class IdToken {
  /** None: it is valid. */
  reason: Reason = Reason.None;
  /** The token, for the log; null: there was none. */
  token: Token | null = null;
  payload: Json | null = null;
  subject: Bytes = Bytes.empty();
  /** The issuer, or that of its tenant. */
  issuer: Issuer | null = null;

  /**
   * Takes the claims of a token that was verified, now or when the session began: its tenant may be
   * allowed no more.
   */
  take(context: Context, payload: Json, subject: Bytes): IdToken {
    const issuer = context.issuerOf(payload);
    if (!issuer) return this.refuse(Reason.IssuerUnknown);
    this.issuer = issuer;
    this.payload = payload;
    this.subject = subject;
    return this;
  }

  refuse(reason: Reason): IdToken {
    this.reason = reason;
    return this;
  }
}

/**
 * `nonce`: the required value; null: after a refresh, which needs none. `endpoint`: the token
 * endpoint that sent it.
 */
export function verifyIdToken(
  context: Context,
  text: Bytes,
  accessToken: Bytes | null,
  nonce: Bytes | null,
  endpoint: Bytes,
): IdToken {
  const result = new IdToken();
  const token = Token.parse(text, [Bytes.of("JWT")]);
  result.token = token;
  if (token.reason != Reason.None) return result.refuse(token.reason);
  const payload = token.payload!;
  const issuer = context.issuerOf(payload);
  if (!issuer) return result.refuse(Reason.IssuerUnknown);
  const signature = isTrusted(context, endpoint)
    ? Reason.None
    : checkSignature(token, issuer, new Verification());
  if (signature != Reason.None) return result.refuse(signature);
  const reason = context.check(TokenKind.Id, token, issuer);
  if (reason != Reason.None) return result.refuse(reason);
  const given = payload.stringOf("nonce");
  if (nonce && (!given || !equal(given, nonce))) return result.refuse(Reason.NonceMismatch);
  // `max_age`: the user was not asked recently, or the time is unknown.
  const age = context.login.authenticationAge;
  if (nonce && age >= 0 && context.now - secondsOf(payload, "auth_time") > age + AGE_SLACK) {
    return result.refuse(Reason.AuthenticationTooOld);
  }
  const hash = payload.member("at_hash");
  if (hash && (!accessToken || !isHashOf(hash, accessToken, token))) {
    return result.refuse(Reason.AccessTokenMismatch);
  }
  return result.take(context, payload, payload.stringOf("sub")!);
}

/** True if nothing is wrong with a token that is refused, as far as can be seen without its key. */
export function mayBeGoodLater(reason: Reason): bool {
  return reason == Reason.KeyUnknown || reason == Reason.KeysUnavailable;
}

/**
 * OpenID Connect Core §3.1.3.7, 6: TLS may replace the signature if the token comes directly from
 * the token endpoint.
 */
function isTrusted(context: Context, endpoint: Bytes): bool {
  if (!context.login.trustTransport || context.issuer.hasKeySource) return false;
  const url = Url.parse(endpoint);
  return url !== null && url.isSecure;
}

/** The left half of the access token's hash, by the algorithm of the signature (Core §3.1.3.6). */
function isHashOf(hash: Json, accessToken: Bytes, token: Token): bool {
  const given = hash.isString ? decode(hash.text) : null;
  if (!given) return false;
  const whole = digest(token.algorithm.hash, accessToken);
  return equal(given, whole.slice(0, whole.length >> 1));
}
