/** Verifies a token: first the signature, then the claims in a fixed order. */
import { Bits } from "../claims/bits";
import { isEmailVerified, isTooLarge, roleNames } from "../claims/header";
import { Identity } from "../claims/identity";
import { ClaimPath } from "../claims/path";
import { readScopes } from "../claims/roles";
import { ClaimValue } from "../claims/test";
import { TokenKind, validate } from "../claims/validate";
import { Issuer, Settings } from "../config/settings";
import { Candidates } from "../jose/jwks";
import { Key } from "../jose/key";
import { Token } from "../jose/token";
import { Json, Kind } from "../json/value";
import { LOG_TEXT_BYTES } from "../limits";
import { Reason } from "../outcome/reason";
import { Bytes } from "../text/bytes";
import { cut } from "../text/utf8";

/** The result of a verification: an identity, or the reason why there is none. */
@final
export class Verification {
  reason: Reason = Reason.None;
  identity: Identity | null = null;
  /** The parsed token, for the trace. */
  token: Token | null = null;
  key: Key | null = null;

  refuse(reason: Reason): Verification {
    this.reason = reason;
    return this;
  }
}

/** Verifies a bearer token. `now` in seconds. */
export function verify(text: Bytes, settings: Settings, now: i64): Verification {
  const result = new Verification();
  const token = Token.parse(text, settings.validation.tokenTypes);
  result.token = token;
  if (token.reason != Reason.None) return result.refuse(token.reason);
  const payload = token.payload!;
  const iss = payload.stringOf("iss");
  if (!iss) return result.refuse(Reason.IssuerInvalid);
  const index = indexOf(iss, settings.issuers);
  if (index < 0) return result.refuse(Reason.IssuerUnknown);
  const issuer = settings.issuers[index];
  const reason = checkSignature(token, issuer, result);
  if (reason != Reason.None) return result.refuse(reason);
  const validity = validate(
    TokenKind.Bearer,
    payload,
    token.isAccessType,
    issuer.party,
    settings.validation,
    now,
  );
  if (validity.reason != Reason.None) return result.refuse(validity.reason);
  result.identity = identify(payload, index, validity.lastSecond, settings);
  return result.identity ? result : result.refuse(Reason.ClaimsTooLarge);
}

export function indexOf(iss: Bytes, issuers: Array<Issuer>): i32 {
  for (let i = 0; i < issuers.length; i++) {
    // One for several tenants is no token's issuer.
    if (issuers[i].tenants.length == 0 && issuers[i].name.equals(iss)) return i;
  }
  return -1;
}

/** Tries only the keys of the token's issuer. */
export function checkSignature(token: Token, issuer: Issuer, result: Verification): Reason {
  if (!issuer.allows(token.algorithm)) return Reason.AlgorithmNotAllowed;
  if (!issuer.hasKeys) return Reason.KeysUnavailable;
  const candidates = new Candidates(token.kid, token.algorithm);
  candidates.consider(issuer.keys);
  const fileKeys = issuer.usableFileKeys;
  if (fileKeys) candidates.consider(fileKeys);
  const reason = candidates.reason;
  if (reason != Reason.None) return reason;
  for (let i = 0; i < candidates.keys.length; i++) {
    if (!issuer.owns(candidates.keys[i])) continue;
    if (!candidates.keys[i].verify(token.algorithm, token.input, token.signature)) continue;
    result.key = candidates.keys[i];
    return Reason.None;
  }
  return Reason.SignatureInvalid;
}

/**
 * The identity of verified claims: what rules, headers and logs need. Null when it is more than
 * headers can carry.
 */
export function identify(
  payload: Json,
  index: i32,
  lastSecond: i64,
  settings: Settings,
): Identity | null {
  const issuer = settings.issuers[index];
  const vocabulary = settings.vocabulary;
  const hierarchy = vocabulary.roles;
  const roles = Bits.make(hierarchy.names.length);
  const others: Array<Bytes> = [];
  issuer.roles.read(payload, hierarchy, roles, others);
  const scopes = Bits.make(vocabulary.scopes.length);
  readScopes(payload, vocabulary.scopes, scopes);
  const tests = Bits.make(vocabulary.claims.length);
  for (let i = 0; i < vocabulary.claims.length; i++) {
    const test = vocabulary.claims[i];
    if (test.holds(valueOf(test.path, payload, issuer), test.values)) tests.add(i);
  }
  const kept: Array<ClaimValue> = [];
  for (let i = 0; i < vocabulary.captured.length; i++) {
    kept.push(valueOf(vocabulary.captured[i].path, payload, issuer));
  }
  const names = roleNames(roles, hierarchy.names, others);
  const values: Array<Bytes | null> = [];
  for (let i = 0; i < issuer.headers.length; i++) {
    values.push(issuer.headers[i].valueOf(payload, names));
  }
  const subject = payload.stringOf("sub") || Bytes.empty();
  if (isTooLarge(values)) return null;
  const user = nameIn(payload, issuer);
  const identity = Identity.make(
    index,
    lastSecond,
    roles,
    scopes,
    tests,
    subject,
    values,
    kept,
    user,
  );
  identity.lacks = lacksClaims(payload, issuer, settings) ? 1 : 0;
  return identity;
}

/**
 * True if roles or rules read a claim that the token leaves out for its size: Entra ID then names
 * an address at Graph in `_claim_names` (OpenID Connect Core §5.6.2), or says `hasgroups`.
 */
function lacksClaims(payload: Json, issuer: Issuer, settings: Settings): bool {
  const names = payload.member("_claim_names");
  const hasGroups = payload.member("hasgroups");
  if (!names && !hasGroups) return false;
  const vocabulary = settings.vocabulary;
  for (let i = 0; i < issuer.roles.paths.length; i++) {
    if (isElsewhere(issuer.roles.paths[i].path, names, hasGroups)) return true;
  }
  for (let i = 0; i < vocabulary.claims.length; i++) {
    if (isElsewhere(vocabulary.claims[i].path, names, hasGroups)) return true;
  }
  for (let i = 0; i < vocabulary.captured.length; i++) {
    if (isElsewhere(vocabulary.captured[i].path, names, hasGroups)) return true;
  }
  return false;
}

function isElsewhere(path: ClaimPath, names: Json | null, hasGroups: Json | null): bool {
  const name = path.names[0];
  if (names && names.isObject && names.get(name)) return true;
  return hasGroups !== null && hasGroups.isTrue && name.is("groups");
}

/**
 * The user's name in logs and pages: the configured claim, else `preferred_username`; empty when
 * both are missing.
 */
export function nameIn(payload: Json, issuer: Issuer): Bytes {
  const path = issuer.userClaim;
  const isMissing = !path || (needsProof(path, issuer) && !isEmailVerified(payload));
  return (
    nameOf(isMissing ? null : path!.find(payload)) ||
    nameOf(payload.member("preferred_username")) ||
    Bytes.empty()
  );
}

function nameOf(claim: Json | null): Bytes | null {
  // A list or an object has no text.
  if (!claim || claim.kind == Kind.Null || claim.text.length == 0) return null;
  return cut(claim.text, LOG_TEXT_BYTES);
}

/** A claim as rules see it: an unverified e-mail address counts as absent. */
function valueOf(path: ClaimPath, payload: Json, issuer: Issuer): ClaimValue {
  if (needsProof(path, issuer) && !isEmailVerified(payload)) return ClaimValue.of(null);
  return ClaimValue.of(path.find(payload));
}

/** True if the claim counts only when the token says that it is verified. */
function needsProof(path: ClaimPath, issuer: Issuer): bool {
  return path.text.is("email") && !issuer.emailUnverified;
}
