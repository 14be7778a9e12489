/**
 * The access token as a source of claims: only when it is verified like a bearer token, and of the same subject as the
 * ID token. Its audience may be another, for it is the provider's APIs that it is for as a rule.
 */
import { secondsOf } from "../claims/times";
import { TokenKind } from "../claims/validate";
import { checkSignature, Verification } from "../identity/verify";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

/** What tokens have that are no JWTs: RFC 6749 §1.4, they are the API's business. */
const OPAQUE: StaticArray<Reason> = [
  Reason.TokenNotCompact,
  Reason.TokenBase64url,
  Reason.TokenEncrypted,
  Reason.HeaderNotJson,
];

@final
export class AccessToken {
  /** Its claims; null: it says nothing that counts, as an opaque one. */
  payload: Json | null = null;
  /** Seconds since 1970; -1: it does not say. */
  expires: i64 = -1;
  /** Why a token of our issuer says nothing that counts; None also where it is opaque, encrypted or another's. */
  unread: Reason = Reason.None;

  leave(reason: Reason): AccessToken {
    this.unread = reason;
    return this;
  }
}

export function readAccessToken(context: Context, text: Bytes, subject: Bytes): AccessToken {
  const result = new AccessToken();
  const token = Token.parse(text, context.settings.validation.tokenTypes);
  if (token.reason != Reason.None) {
    return OPAQUE.includes(token.reason) ? result : result.leave(token.reason);
  }
  const payload = token.payload!;
  const iss = payload.stringOf("iss");
  if (!iss || !iss.equals(context.issuer.name)) return result;
  const signature = checkSignature(token, context.issuer, new Verification());
  // Entra ID signs its tokens for Microsoft Graph in a way of its own: such a token is not for us to verify.
  if (signature != Reason.None) return result.leave(signature);
  const reason = context.check(TokenKind.Access, token);
  if (reason != Reason.None) return result.leave(reason);
  if (!payload.stringOf("sub")!.equals(subject)) return result.leave(Reason.SubjectMismatch);
  result.payload = payload;
  result.expires = secondsOf(payload, "exp");
  return result;
}
