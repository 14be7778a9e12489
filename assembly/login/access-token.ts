/**
 * The access token of a sign-in as a source of claims. It counts only with a valid signature of the
 * issuer, the checks of `TokenKind.Access` (claims/validate.ts), and the ID token's subject. Its
 * audience is not checked, because it is usually meant for the provider's APIs.
 */
import { secondsOf } from "../claims/times";
import { TokenKind } from "../claims/validate";
import { checkSignature, Verification } from "../identity/verify";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { IdToken } from "./id-token";

/** Reasons of tokens that are no signed JWTs: RFC 6749 §1.4 leaves their form to the API. */
const OPAQUE: StaticArray<Reason> = [
  Reason.TokenNotCompact,
  Reason.TokenBase64url,
  Reason.TokenEncrypted,
  Reason.HeaderNotJson,
];

@final
export class AccessToken {
  /** Its claims; null: it has none that count, such as an opaque token. */
  payload: Json | null = null;
  /** Its end in seconds since 1970; -1: unknown. */
  expires: i64 = -1;
  /**
   * Why a token of this issuer does not count; None also for one that is opaque, encrypted or
   * another issuer's.
   */
  unread: Reason = Reason.None;
  /** The token, for the log. */
  token: Token | null = null;

  leave(reason: Reason): AccessToken {
    this.unread = reason;
    return this;
  }
}

/**
 * Reads the access token that came with an ID token; its issuer and subject must be the same. Never
 * fails: a token that does not count has no payload, and `unread` says why.
 */
export function readAccessToken(context: Context, text: Bytes, idToken: IdToken): AccessToken {
  const result = new AccessToken();
  const token = Token.parse(text, context.settings.validation.tokenTypes);
  result.token = token;
  if (token.reason != Reason.None) {
    return OPAQUE.includes(token.reason) ? result : result.leave(token.reason);
  }
  const payload = token.payload!;
  const iss = payload.stringOf("iss");
  const issuer = idToken.issuer!;
  if (!iss || !iss.equals(issuer.name)) return result;
  const signature = checkSignature(token, issuer, new Verification());
  // Entra ID signs tokens for Microsoft Graph in its own way: such a token cannot be verified here.
  if (signature != Reason.None) return result.leave(signature);
  const reason = context.check(TokenKind.Access, token, issuer);
  if (reason != Reason.None) return result.leave(reason);
  if (!payload.stringOf("sub")!.equals(idToken.subject))
    return result.leave(Reason.SubjectMismatch);
  result.payload = payload;
  result.expires = secondsOf(payload, "exp");
  return result;
}
