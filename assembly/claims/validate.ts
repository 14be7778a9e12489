/**
 * The claims of a token whose signature has been verified, checked in a fixed order: aud and azp, exp, nbf, iat,
 * then what kind of token it is. (`iss` came first: it named the keys.) Pure: plain data in, a reason out.
 */
import { Json, Kind } from "../json/value";
import { toSeconds } from "../json/number";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";

/** What the configuration asks of every token. Times in seconds. */
@final
export class Validation {
  clockSkew: i64 = 30;
  requireExpiration: bool = true;
  /** 0: no limit. */
  maxTokenAge: i64 = 0;
  /** Accepted header types, RFC 8725 §3.11. An absent one counts as JWT. */
  tokenTypes: Array<Bytes> = [];
  acceptAzp: bool = false;
  allowNonce: bool = false;
}

/** The last second in which the token holds, clock skew included; or why it does not. */
@final
export class Validity {
  lastSecond: i64 = i64.MAX_VALUE;
  constructor(readonly reason: Reason) {}
}

export function validate(
  payload: Json,
  rules: Validation,
  audiences: Array<Bytes>,
  clientId: Bytes | null,
  now: i64,
): Validity {
  const reason = checkAudience(payload, rules, audiences, clientId);
  if (reason != Reason.None) return new Validity(reason);
  const validity = checkTimes(payload, rules, now);
  if (validity.reason != Reason.None) return validity;
  return isOtherToken(payload, rules) ? new Validity(Reason.NotAnAccessToken) : validity;
}

/** RFC 7519 §4.1.3: a text, or a list of texts and nothing else. */
function checkAudience(
  payload: Json,
  rules: Validation,
  audiences: Array<Bytes>,
  clientId: Bytes | null,
): Reason {
  const aud = payload.member("aud");
  if (aud) {
    if (aud.isString) {
      if (isOneOf(aud.text, audiences)) return Reason.None;
    } else if (aud.isArray) {
      let found = false;
      for (let it = aud.first; it; it = it!.next) {
        if (!it.isString) return Reason.AudienceInvalid;
        if (isOneOf(it.text, audiences)) found = true;
      }
      if (found) return Reason.None;
    } else return Reason.AudienceInvalid;
  }
  const azp = payload.stringOf("azp");
  if (rules.acceptAzp && azp && clientId && azp.equals(clientId)) return Reason.None;
  return Reason.AudienceMismatch;
}

function isOneOf(text: Bytes, list: Array<Bytes>): bool {
  for (let i = 0; i < list.length; i++) if (list[i].equals(text)) return true;
  return false;
}

function checkTimes(payload: Json, rules: Validation, now: i64): Validity {
  const skew = rules.clockSkew;
  const validity = new Validity(Reason.None);
  const exp = payload.member("exp");
  if (exp) {
    const expires = secondsOf(exp);
    if (expires < 0) return new Validity(Reason.ExpirationInvalid);
    // RFC 7519 §4.1.4: not accepted on or after that time.
    if (now >= expires + skew) return new Validity(Reason.TokenExpired);
    validity.lastSecond = expires + skew - 1;
  } else if (rules.requireExpiration) return new Validity(Reason.ExpirationMissing);
  const nbf = payload.member("nbf");
  if (nbf) {
    const begins = secondsOf(nbf);
    if (begins < 0) return new Validity(Reason.NotBeforeInvalid);
    if (now < begins - skew) return new Validity(Reason.TokenNotYetValid);
  }
  const iat = payload.member("iat");
  if (iat || rules.maxTokenAge > 0) {
    const issued = iat ? secondsOf(iat) : -1;
    if (issued < 0) return new Validity(Reason.IssuedAtInvalid);
    if (issued > now + skew) return new Validity(Reason.IssuedInFuture);
    if (rules.maxTokenAge > 0) {
      const last = issued + rules.maxTokenAge + skew;
      if (now > last) return new Validity(Reason.TokenTooOld);
      validity.lastSecond = min(validity.lastSecond, last);
    }
  }
  return validity;
}

function secondsOf(value: Json): i64 {
  return value.kind == Kind.Number ? toSeconds(value.text) : -1;
}

/** Claims that ID and logout tokens have, and access tokens have not. */
const OTHER_CLAIMS: StaticArray<string> = ["nonce", "at_hash", "c_hash", "events"];
/** Keycloak's `typ` in the payload of tokens that are no access tokens. */
const OTHER_TYPES: StaticArray<string> = ["ID", "Refresh", "Offline", "Logout"];

/** RFC 8725 §3.11: a token of another kind, signed by the same keys, is no access token. */
function isOtherToken(payload: Json, rules: Validation): bool {
  const typ = payload.stringOf("typ");
  if (typ) {
    for (let i = 0; i < OTHER_TYPES.length; i++) {
      if (typ.isInAnyCase(OTHER_TYPES[i])) return true;
    }
  }
  if (rules.allowNonce) return false;
  for (let i = 0; i < OTHER_CLAIMS.length; i++) {
    if (payload.member(OTHER_CLAIMS[i])) return true;
  }
  return false;
}
