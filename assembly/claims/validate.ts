/**
 * Checks the claims of a token whose signature has been verified, for every kind of token, in one
 * order: iss, aud and azp, exp, nbf, iat, sub, kind, cnf. Pure: plain data in, a reason out.
 */
import { Json, Kind } from "../json/value";
import { LOGOUT_TOKEN_SECONDS, SUBJECT_CHARACTERS } from "../limits";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { checkAudience, checkAuthorizedParty, checkClient, Party } from "./audience";
import { isBearer, isIdToken, isLogoutToken, saysNoAccess } from "./kind";
import { ANY_AGE, checkTimes, TimeRules, Validity } from "./times";
import { SubjectRule, Validation } from "./validation";

/** The kind that a token must be. */
export enum TokenKind {
  /** A caller's credential. */
  Bearer,
  /**
   * The access token of a sign-in, as a source of claims. It came from the token endpoint and is
   * meant for the provider's APIs.
   */
  Access,
  Id,
  Logout,
}

/** `isAccessType`: the header's `typ` is at+jwt. */
export function validate(
  kind: TokenKind,
  payload: Json,
  isAccessType: bool,
  party: Party,
  rules: Validation,
  now: i64,
): Validity {
  const iss = payload.stringOf("iss");
  if (!iss) return new Validity(Reason.IssuerInvalid);
  if (!iss.equals(party.issuer)) return new Validity(Reason.IssuerUnknown);
  // The name was made of one tenant's id: the token must not speak of another.
  const tid = party.tenant.length > 0 ? payload.stringOf("tid") : party.tenant;
  if (!tid || !tid.equals(party.tenant)) return new Validity(Reason.IssuerUnknown);
  let reason = checkWhom(kind, payload, party, rules);
  if (reason != Reason.None) return new Validity(reason);
  const validity = checkTimes(payload, timesOf(kind, rules), now);
  if (validity.reason != Reason.None) return validity;
  reason = checkSubject(kind, payload, isAccessType, rules);
  if (reason == Reason.None) reason = checkKind(kind, payload, isAccessType, party, rules);
  return reason == Reason.None ? validity : new Validity(reason);
}

function checkWhom(kind: TokenKind, payload: Json, party: Party, rules: Validation): Reason {
  switch (kind) {
    case TokenKind.Bearer:
      return checkAudience(payload, party, rules);
    case TokenKind.Access:
      return Reason.None;
    case TokenKind.Id: {
      const reason = checkClient(payload, party.clientId!);
      return reason == Reason.None ? checkAuthorizedParty(payload, party.clientId!) : reason;
    }
    case TokenKind.Logout:
      return checkClient(payload, party.clientId!);
    default:
      return Reason.AudienceMismatch;
  }
}

function timesOf(kind: TokenKind, rules: Validation): TimeRules {
  const skew = rules.clockSkew;
  switch (kind) {
    case TokenKind.Bearer:
    case TokenKind.Access: {
      const isLimited = rules.maxTokenAge > 0;
      const maxAge = isLimited ? rules.maxTokenAge : ANY_AGE;
      return new TimeRules(skew, rules.requireExpiration, isLimited, maxAge);
    }
    case TokenKind.Logout:
      // Used tokens are remembered as long; the skew is not added.
      return new TimeRules(skew, true, true, LOGOUT_TOKEN_SECONDS - skew);
    case TokenKind.Id:
    default:
      return new TimeRules(skew, true, true, ANY_AGE);
  }
}

/** OpenID Connect Core §2: a text of 1 to 255 characters. */
function checkSubject(
  kind: TokenKind,
  payload: Json,
  isAccessType: bool,
  rules: Validation,
): Reason {
  const sub = payload.member("sub");
  const isBearer = kind == TokenKind.Bearer;
  if (!sub || (kind == TokenKind.Logout && sub.kind == Kind.Null)) {
    const isNeeded = isBearer ? needsSubject(rules, isAccessType) : !namesSession(kind, payload);
    return isNeeded ? Reason.SubjectMissing : Reason.None;
  }
  const isText = sub.isString && sub.text.length > 0;
  return isText && charactersOf(sub.text) <= SUBJECT_CHARACTERS
    ? Reason.None
    : Reason.SubjectInvalid;
}

function needsSubject(rules: Validation, isAccessType: bool): bool {
  switch (rules.requireSubject) {
    case SubjectRule.ByType:
      return isAccessType;
    case SubjectRule.Never:
      return false;
    case SubjectRule.Always:
    default:
      return true;
  }
}

/** Back-Channel Logout §2.4: a logout token may name a session instead. */
function namesSession(kind: TokenKind, payload: Json): bool {
  const sid = payload.stringOf("sid");
  return kind == TokenKind.Logout && sid !== null && sid.length > 0;
}

/** In UTF-8 each character has exactly one byte that is not a continuation. */
function charactersOf(text: Bytes): i32 {
  let count = 0;
  for (let i = 0; i < text.length; i++) if ((text.at(i) & 0xc0) != 0x80) count++;
  return count;
}

function checkKind(
  kind: TokenKind,
  payload: Json,
  isAccessType: bool,
  party: Party,
  rules: Validation,
): Reason {
  switch (kind) {
    case TokenKind.Bearer: {
      if (!isBearer(payload, isAccessType, party, rules)) return Reason.NotAnAccessToken;
      // RFC 8705 §3.1, RFC 9449 §6.1: the sender must prove a key, which a plain bearer does not.
      return payload.member("cnf") ? Reason.SenderConstrained : Reason.None;
    }
    case TokenKind.Access:
      return saysNoAccess(payload) ? Reason.NotAnAccessToken : Reason.None;
    case TokenKind.Id:
      return isIdToken(payload) ? Reason.None : Reason.NotAnIdToken;
    case TokenKind.Logout:
      return isLogoutToken(payload) ? Reason.None : Reason.NotALogoutToken;
    default:
      return Reason.NotAnAccessToken;
  }
}
