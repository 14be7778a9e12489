/**
 * The access token as a source of claims: only when it is verified like a bearer token, and of the same subject as the
 * ID token. Its audience may be another, for it is the provider's APIs that it is for as a rule.
 */
import { secondsOf } from "../claims/times";
import { TokenKind } from "../claims/validate";
import { checkSignature, Verification } from "../gate/verify";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

@final
export class AccessToken {
  /** Its claims; null: it says nothing that counts, as an opaque one. */
  payload: Json | null = null;
  /** Seconds since 1970; -1: it does not say. */
  expires: i64 = -1;
  /** Why it is not our issuer's although it says so: somebody has put it there. */
  forged: Reason = Reason.None;
}

export function readAccessToken(context: Context, text: Bytes, subject: Bytes): AccessToken {
  const result = new AccessToken();
  const token = Token.parse(text, context.settings.validation.tokenTypes);
  if (token.reason != Reason.None) return result;
  const payload = token.payload!;
  const iss = payload.stringOf("iss");
  if (!iss || !iss.equals(context.issuer.name)) return result;
  const signature = checkSignature(token, context.issuer, new Verification());
  if (signature != Reason.None) {
    const isForged = signature == Reason.SignatureInvalid || signature == Reason.KeyMismatch;
    if (isForged) result.forged = signature;
    return result;
  }
  const sub = payload.stringOf("sub");
  const reason = context.check(TokenKind.Access, token);
  if (reason != Reason.None || !sub || !sub.equals(subject)) return result;
  result.payload = payload;
  result.expires = secondsOf(payload, "exp");
  return result;
}
