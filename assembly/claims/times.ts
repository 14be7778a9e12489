/** The times of a token: RFC 7519 §4.1.4 to §4.1.6. */
import { Json, Kind } from "../json/value";
import { toSeconds } from "../json/number";
import { Reason } from "../outcome/reason";

/** The age of a token has no limit. */
export const ANY_AGE: i64 = -1;

/** The rules for a token's times, in seconds. */
@final
export class TimeRules {
  constructor(
    readonly clockSkew: i64,
    readonly requireExpiration: bool,
    readonly requireIssuedAt: bool,
    /** Longest time since `iat`, plus the skew; or ANY_AGE. */
    readonly maxAge: i64,
  ) {}
}

/** The last second in which the token is valid, clock skew included; or why it is not. */
@final
export class Validity {
  lastSecond: i64 = i64.MAX_VALUE;
  constructor(readonly reason: Reason) {}
}

export function checkTimes(payload: Json, rules: TimeRules, now: i64): Validity {
  const skew = rules.clockSkew;
  const validity = new Validity(Reason.None);
  if (payload.member("exp")) {
    const expires = secondsOf(payload, "exp");
    if (expires < 0) return new Validity(Reason.ExpirationInvalid);
    // RFC 7519 §4.1.4: not accepted on or after that time.
    if (now >= expires + skew) return new Validity(Reason.TokenExpired);
    validity.lastSecond = expires + skew - 1;
  } else if (rules.requireExpiration) return new Validity(Reason.ExpirationMissing);
  if (payload.member("nbf")) {
    const begins = secondsOf(payload, "nbf");
    if (begins < 0) return new Validity(Reason.NotBeforeInvalid);
    if (now < begins - skew) return new Validity(Reason.TokenNotYetValid);
  }
  if (payload.member("iat") || rules.requireIssuedAt) {
    const issued = secondsOf(payload, "iat");
    if (issued < 0) return new Validity(Reason.IssuedAtInvalid);
    if (issued > now + skew) return new Validity(Reason.IssuedInFuture);
    if (rules.maxAge != ANY_AGE) {
      const last = issued + rules.maxAge + skew;
      if (now > last) return new Validity(Reason.TokenTooOld);
      validity.lastSecond = min(validity.lastSecond, last);
    }
  }
  return validity;
}

/** A claim's seconds since 1970; -1: it is missing, or is not a time. */
export function secondsOf(payload: Json, name: string): i64 {
  const value = payload.member(name);
  return value && value.kind == Kind.Number ? toSeconds(value.text) : -1;
}
