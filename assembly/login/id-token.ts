/** The ID token, OpenID Connect Core §3.1.3.7 and §12.2: it alone says who signed in. */
import { Settings } from "../config/settings";
import { checkSignature, Verification } from "../gate/verify";
import { digest } from "../crypto/hash";
import { equal } from "../crypto/constant-time";
import { Url } from "../http/url";
import { hashOf } from "../jose/algorithms";
import { Token } from "../jose/token";
import { toSeconds } from "../json/number";
import { Json, Kind } from "../json/value";
import { Reason } from "../outcome/reason";
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Context } from "./context";

/** Seconds that a sign-in may take beside what clocks differ. */
const AGE_SLACK = 60;

/** What of an ID token counts, or what is wrong with it. */
@final
export class IdToken {
  /** For the log; empty: it is good. */
  problem: string = "";
  /** It was signed by a key that is not known: the provider's keys may have changed. */
  keyUnknown: bool = false;
  keysMissing: bool = false;
  payload: Json | null = null;
  subject: Bytes = Bytes.empty();

  fail(problem: string): IdToken {
    this.problem = problem;
    return this;
  }
}

/** `nonce`: the one it must have; null: after a refresh, where it need not have one. `endpoint`: where it came from. */
export function verifyIdToken(
  context: Context,
  text: Bytes,
  accessToken: Bytes | null,
  nonce: Bytes | null,
  endpoint: Bytes,
): IdToken {
  const result = new IdToken();
  const settings = context.settings;
  const token = Token.parse(text, [Bytes.of("JWT")]);
  if (token.reason != Reason.None) return result.fail("it is malformed");
  const signature = isTrusted(context, endpoint)
    ? Reason.None
    : checkSignature(token, context.issuer, new Verification());
  if (signature != Reason.None) {
    result.keyUnknown = signature == Reason.KeyUnknown;
    result.keysMissing = signature == Reason.KeysUnavailable;
    return result.fail("its signature cannot be verified");
  }
  const payload = token.payload!;
  const iss = payload.stringOf("iss");
  if (!iss || !iss.equals(context.issuer.name)) return result.fail("it is of another issuer");
  if (!isForUs(payload, context.clientId)) return result.fail("it is for another client");
  const subject = payload.stringOf("sub");
  if (!subject || subject.length == 0) return result.fail("it names no subject");
  const typ = payload.stringOf("typ");
  if (typ && !typ.is("ID")) return result.fail("it is a token of another kind");
  if (payload.member("events")) return result.fail("it is a logout token");
  const times = checkTimes(payload, settings, context.now);
  if (times.length > 0) return result.fail(times);
  const given = payload.stringOf("nonce");
  if (nonce && (!given || !equal(given, nonce))) return result.fail("it has another nonce");
  const age = context.login.authenticationAge;
  if (nonce && age >= 0 && context.now - secondsOf(payload, "auth_time") > age + AGE_SLACK) {
    return result.fail("the user was not asked as lately as max_age wants, or nobody knows when");
  }
  const hash = payload.member("at_hash");
  if (hash && (!accessToken || !isHashOf(hash, accessToken, token))) {
    return result.fail("its at_hash is not the access token's");
  }
  result.payload = payload;
  result.subject = subject;
  return result;
}

/** OpenID Connect Core §3.1.3.7, 6: TLS may take the place of the signature where the token comes right from its endpoint. */
function isTrusted(context: Context, endpoint: Bytes): bool {
  if (!context.login.trustTransport || context.issuer.hasKeySource) return false;
  const url = Url.parse(endpoint);
  return url !== null && url.isSecure;
}

/** `aud` has us; `azp`, when it is there, is us, and it is there when there are several. */
function isForUs(payload: Json, clientId: Bytes): bool {
  const aud = payload.member("aud");
  const azp = payload.member("azp");
  if (azp && !(azp.isString && azp.text.equals(clientId))) return false;
  if (!isForClient(payload, clientId)) return false;
  return !aud || !aud.isArray || aud.count == 1 || azp !== null;
}

/** `aud` has the client, and nothing but texts. */
export function isForClient(payload: Json, clientId: Bytes): bool {
  const aud = payload.member("aud");
  if (!aud) return false;
  if (aud.isString) return aud.text.equals(clientId);
  if (!aud.isArray) return false;
  let found = false;
  for (let it = aud.first; it; it = it!.next) {
    if (!it.isString) return false;
    if (it.text.equals(clientId)) found = true;
  }
  return found;
}

function checkTimes(payload: Json, settings: Settings, now: i64): string {
  const skew = settings.validation.clockSkew;
  const exp = secondsOf(payload, "exp");
  const iat = secondsOf(payload, "iat");
  if (exp < 0 || now >= exp + skew) return "it has expired";
  if (iat < 0 || iat > now + skew) return "it was issued in the future, or nobody knows when";
  if (payload.member("nbf") && now < secondsOf(payload, "nbf") - skew) return "it is not valid yet";
  return "";
}

/** A claim's seconds since 1970, or -1. */
export function secondsOf(payload: Json, name: string): i64 {
  const value = payload.member(name);
  return value && value.kind == Kind.Number ? toSeconds(value.text) : -1;
}

/** The left half of the access token's hash, by the algorithm of the signature (Core §3.1.3.6). */
function isHashOf(hash: Json, accessToken: Bytes, token: Token): bool {
  const given = hash.isString ? decode(hash.text) : null;
  if (!given) return false;
  const whole = digest(hashOf(token.algorithm), accessToken);
  return equal(given, whole.slice(0, whole.length >> 1));
}
