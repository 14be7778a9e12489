/**
 * The access token as a source of claims: only when it is verified like a bearer token, and of the same subject as the
 * ID token. Its audience may be another, for it is the provider's APIs that it is for as a rule.
 */
import { checkSignature, Verification } from "../gate/verify";
import { Token } from "../jose/token";
import { Json } from "../json/value";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { Context } from "./context";
import { secondsOf } from "./id-token";

@final
export class AccessToken {
  /** Its claims; null: it says nothing that counts, as an opaque one. */
  payload: Json | null = null;
  /** Seconds since 1970; -1: it does not say. */
  expires: i64 = -1;
  /** It says that it is our issuer's, and is not: somebody has put it there. */
  forged: bool = false;
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
    result.forged = signature == Reason.SignatureInvalid || signature == Reason.KeyMismatch;
    return result;
  }
  const sub = payload.stringOf("sub");
  const expires = secondsOf(payload, "exp");
  const skew = context.settings.validation.clockSkew;
  if (!sub || !sub.equals(subject) || expires < 0 || context.now >= expires + skew) return result;
  const begins = payload.member("nbf") ? secondsOf(payload, "nbf") : 0;
  if (begins < 0 || begins > context.now + skew) return result;
  result.payload = payload;
  result.expires = expires;
  return result;
}
