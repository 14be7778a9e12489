/**
 * Decides one request, in a fixed order: owned headers, canonical path, credential, verification,
 * cross-site defence, the first matching rule, identity headers. Pure: it makes no host calls.
 */
import { API_KEY, Identity } from "../claims/identity";
import { Settings } from "../config/settings";
import { Mode } from "../config/options";
import { Path } from "../http/path";
import { canDetour } from "../http/navigation";
import { Field, Request } from "../http/request";
import { isUpgrade } from "../http/upgrade";
import { Reason } from "../outcome/reason";
import { Trace } from "../outcome/trace";
import { Body } from "../policy/body";
import { Captures } from "../policy/captures";
import { Facts, forget, holds, Truth } from "../policy/evaluate";
import { Allow, Rule } from "../policy/rule";
import { isPresent } from "../session/cookies";
import { Revocations } from "../session/revocation";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { allow, mayPass } from "./allow";
import { TokenCache } from "./cache";
import { keyName, verifyKey } from "../identity/api-key";
import { Credential, findCredential, Source } from "./credential";
import { isCrossSite, isOurs } from "../identity/cross-site";
import { Decision } from "./decision";
import { checkFirst, GO_ON, hasPlace } from "./place";
import { canReturnTo, isReportable, isTunnel, mayUpgrade } from "./special";
import { prepare } from "./strip-headers";
import { KeyRings } from "../identity/key-rings";
import { checkRevocations, openSession, Renewal } from "../identity/session";
import { traceDecision, traceHeaders } from "./steps";
import { indexOf, nameIn, Verification, verify } from "../identity/verify";

/**
 * Decides requests by one configuration, for as long as the guest lives. Holds the token cache, the
 * session keys and the known revocations.
 */
@final
export class Gate {
  readonly rings: KeyRings;
  /** The shell keeps this current. */
  readonly revocations: Revocations = new Revocations();
  // Each request asks for the rest, so it lies together.
  readonly cache: TokenCache = new TokenCache();
  // One of each for all requests, because the gate decides one after the other.
  private decision: Decision = new Decision();
  private credential: Credential = new Credential();
  private facts: Facts;
  private path: Path = new Path();
  /** The configuration has what `checkFirst` looks at for each request. */
  private hasPlace: bool;
  /** It has what `addTo` adds. */
  private asksMore: bool;

  constructor(
    readonly settings: Settings,
    /** What reads the body, for a rule on its content, and late fields (see policy/body.ts). */
    readBody: () => Bytes | null,
    readLate: (request: Request) => void,
  ) {
    this.rings = new KeyRings(settings);
    const none = new Request(Bytes.empty(), Bytes.empty());
    const body = new Body(settings.vocabulary.body, readBody, readLate);
    this.facts = new Facts(none, body, settings.vocabulary);
    this.hasPlace = hasPlace(settings);
    const vocabulary = settings.vocabulary;
    this.asksMore = vocabulary.captured.length > 0 || vocabulary.usesCallerName;
  }

  /** Decides the request. `now` in seconds; `trace` is null unless the steps are wanted. */
  decide(request: Request, now: i64, trace: Trace | null): Decision {
    within(this);
    const decision = this.decision;
    const settings = this.settings;
    decision.begin();
    const reason = this.run(request, now, decision);
    if (trace || settings.reportOnly || reason != Reason.None) {
      this.report(request, trace, decision, reason);
    } else prepare(request, settings, decision);
    return decision;
  }

  /** Traces, refuses, or reports: with `reportOnly` a refusal by policy becomes a remark. */
  private report(request: Request, trace: Trace | null, decision: Decision, reason: Reason): void {
    const settings = this.settings;
    decision.reason = reason;
    if (trace) traceDecision(trace, request, decision, this.facts, settings);
    if (settings.reportOnly && isReportable(reason) && !isTunnel(request)) {
      decision.reported = reason;
      decision.reason = Reason.None;
      decision.reportedCaller = decision.caller;
      decision.caller = null;
    }
    if (!decision.allowed) return;
    prepare(request, settings, decision);
    if (trace) traceHeaders(trace, decision);
  }

  // The steps of a decision, each of which ends with the next one. They are in line: what wazero
  // knows of an object (see runtime/within.ts) lasts through a condition and through the last
  // branch of a choice, but not past an `if` that goes on, nor a loop.

  /** The request itself. Few requests have anything that `checkFirst` looks at. */
  @inline
  private run(request: Request, now: i64, decision: Decision): Reason {
    within(request);
    const path = this.path;
    within(path);
    path.take(request.uri);
    const query = path.query;
    const isSpecial =
      (<i32>this.hasPlace) |
      (<i32>request.tooLarge) |
      (request.letters == 0 ? 1 : 0) |
      path.refused |
      (<i32>changetype<usize>(request.get(Field.Connection))) |
      (<i32>changetype<usize>(request.get(Field.RequestMethod)));
    const ended =
      isSpecial != 0 ? checkFirst(request, path, decision, this.facts, this.settings) : GO_ON;
    return ended != GO_ON ? ended : this.readCredential(request, path, query, now, decision);
  }

  @inline
  private readCredential(
    request: Request,
    path: Path,
    query: Bytes,
    now: i64,
    decision: Decision,
  ): Reason {
    const credential = this.credential;
    within(credential);
    decision.path = path;
    findCredential(request, query, this.settings, this.cache, now, credential);
    within(decision);
    decision.credential = credential;
    decision.isForeign = credential.isForeign;
    const ambiguous = credential.ambiguous;
    return ambiguous != Reason.None
      ? ambiguous
      : this.apply(request, path, credential, now, decision);
  }

  /** The caller, and the first rule that matches. */
  @inline
  private apply(
    request: Request,
    path: Path,
    credential: Credential,
    now: i64,
    decision: Decision,
  ): Reason {
    const facts = this.facts;
    within(path);
    facts.begin(request, path.text, path.query, credential.isAbsent);
    const isOdd = path.ambiguous | (<i32>changetype<usize>(request.get(Field.Upgrade)));
    const failure = this.authenticate(request, credential, facts, now, decision);
    const rule = this.firstMatch(facts);
    decision.rule = rule;
    decision.isWeighed = true;
    const isSpecial = isOdd | decision.renewal | facts.unread;
    const objection =
      isSpecial != 0 ? this.objectionTo(rule, facts, request, path, decision) : Reason.None;
    return objection != Reason.None ? objection : this.weigh(rule, facts, failure, decision);
  }

  @inline
  private weigh(rule: Rule, facts: Facts, failure: Reason, decision: Decision): Reason {
    const allowed = allow(rule, facts, failure);
    within(facts);
    decision.facts = allowed == Reason.RuleNotSatisfied ? facts : null;
    const isUndecided = facts.undecided;
    const unread = facts.unread;
    const reason = unread != Reason.None ? unread : allowed;
    return isUndecided ? Reason.ConfigError : reason;
  }

  /** Sets a caller whose token was verified before. */
  @inline
  private take(known: Identity, token: Bytes | null, facts: Facts, decision: Decision): Reason {
    facts.caller = known;
    decision.token = known.issuer != API_KEY ? token : null;
    decision.caller = known;
    return Reason.None;
  }

  /** The objection to a request; if there is one, the rule's `allow` is not asked. */
  private objectionTo(
    rule: Rule,
    facts: Facts,
    request: Request,
    path: Path,
    decision: Decision,
  ): Reason {
    const objection = this.objection(rule, facts, request, path, decision);
    decision.isWeighed = objection == Reason.None;
    return objection;
  }

  /** Why a request is refused, or goes elsewhere, before the rule's `allow` is asked. */
  private objection(
    rule: Rule,
    facts: Facts,
    request: Request,
    path: Path,
    decision: Decision,
  ): Reason {
    const settings = this.settings;
    if (facts.unread != Reason.None) return facts.unread;
    if (path.ambiguous != Reason.None && !rule.encodedPath) return path.ambiguous;
    if (isUpgrade(request) && !mayUpgrade(request, rule)) return Reason.UpgradeNotAllowed;
    const needsCaller = rule.allow != Allow.Public;
    const renews = settings.mode == Mode.Protect && decision.renewal == Renewal.Due;
    const isDue = renews && needsCaller && canDetour(request) && canReturnTo(path);
    return isDue && !isPresent(request.get(Field.Cookie), settings.session!.laterCookie)
      ? Reason.SessionDue
      : Reason.None;
  }

  /** Sets the caller, or returns why there is none. */
  @inline
  private authenticate(
    request: Request,
    credential: Credential,
    facts: Facts,
    now: i64,
    decision: Decision,
  ): Reason {
    const known = credential.known;
    if (!known) return this.verify(request, credential, now, decision);
    if (known.isSession) return this.verify(request, credential, now, decision);
    // A header's, so nothing of a browser's or of Basic is to be looked at.
    return this.take(known, credential.token, facts, decision);
  }

  private verify(request: Request, credential: Credential, now: i64, decision: Decision): Reason {
    const failure = this.checkCredential(request, credential, now, decision);
    this.facts.caller = decision.caller;
    return failure;
  }

  private checkCredential(
    request: Request,
    credential: Credential,
    now: i64,
    decision: Decision,
  ): Reason {
    const token = credential.token;
    if (!token) return credential.reason;
    const refused = this.checkBrowser(request, credential);
    if (refused != Reason.None) return refused;
    return credential.source == Source.Session
      ? this.resume(token, now, decision)
      : this.identify(token, credential, now, decision);
  }

  /**
   * An ambient credential counts only on the configured hosts, and not for requests of other sites'
   * pages.
   */
  private checkBrowser(request: Request, credential: Credential): Reason {
    if (credential.source == Source.Basic && isFromBrowser(request, this.settings)) {
      return Reason.BasicFromBrowser;
    }
    if (!credential.isAmbient) return Reason.None;
    if (this.settings.originOf(this.facts.host) < 0) return Reason.WrongHost;
    return isCrossSite(request, this.settings) ? Reason.CrossSite : Reason.None;
  }

  /** Sets the caller from a token or key in any place but the session's cookie. */
  private identify(token: Bytes, credential: Credential, now: i64, decision: Decision): Reason {
    within(credential);
    within(decision);
    const cached = credential.isSought ? credential.known : this.cache.find(token, now);
    // A session cookie's value must not authenticate when it is sent as a bearer token or in
    // another place.
    if (cached && !cached.isSession) {
      decision.found = cached;
      if (isOtherUser(credential, cached)) return Reason.ApiKeyUnknown;
      return this.take(cached, token, this.facts, decision);
    }
    const settings = this.settings;
    const isKey = settings.hasApiKeys && credential.isKey;
    const result = isKey ? verifyKey(token, settings, now) : verify(token, settings, now);
    decision.verified = result;
    const identity: Identity | null = result.identity;
    if (!identity) {
      if (!isKey) this.keepRefused(result, decision);
      return result.reason;
    }
    if (!isKey) decision.token = token;
    if (isOtherUser(credential, identity)) return Reason.ApiKeyUnknown;
    this.cache.store(token, identity);
    decision.caller = identity;
    return Reason.None;
  }

  /** For the log: what was refused, and whose it is where its signature is good. */
  private keepRefused(result: Verification, decision: Decision): void {
    decision.refused = result;
    if (!result.key) return;
    const payload = result.token!.payload!;
    const index = indexOf(payload.stringOf("iss")!, this.settings.issuers);
    const subject = payload.stringOf("sub") || Bytes.empty();
    decision.nameRefused(subject, nameIn(payload, this.settings.issuers[index]));
  }

  /** Sets the caller from a session's cookie: opens it, or finds it in the cache. */
  private resume(sealed: Bytes, now: i64, decision: Decision): Reason {
    const settings = this.settings;
    const ring = this.rings.of(decision.origin);
    if (!ring) return Reason.WrongHost;
    const found = this.cache.find(sealed, now);
    // Each origin has its own keys: an identity cached for one must not count at another.
    const isKnown = found !== null && found.isSession && found.origin == decision.origin;
    let identity: Identity | null = isKnown ? found : null;
    if (!identity) {
      const opened = openSession(ring, sealed, settings, now);
      decision.opened = opened;
      decision.renewal = opened.renewal;
      identity = opened.identity;
      const session = opened.session;
      if (!identity) {
        if (session) decision.nameRefused(session.subject, session.user);
        return opened.reason;
      }
      identity.origin = decision.origin;
      const forwarded = session!.token;
      // The forwarded token is only in the cookie, so such a session is opened for each request.
      if (forwarded.length > 0) decision.forwarded = forwarded;
      else this.cache.store(sealed, identity);
    }
    const reason = checkRevocations(identity, this.revocations, settings.session!, now);
    if (reason != Reason.None) {
      decision.found = identity;
      decision.nameRefused(identity.subject, identity.user);
      return reason;
    }
    if (now >= identity.refreshAt) decision.renewal = Renewal.Due;
    decision.caller = identity;
    return Reason.None;
  }

  /**
   * Returns the first rule that matches, or the default rule. When no candidate could admit this
   * caller, whatever the body holds, returns the first rule that may match and leaves the body
   * unread. Also returns the default rule when the body could not be read; the caller then refuses
   * the request.
   */
  private firstMatch(facts: Facts): Rule {
    within(this);
    const settings = this.settings;
    const rules = settings.rules;
    const prefilter = settings.prefilter;
    if (this.asksMore) this.addTo(facts);
    let i = prefilter.first(facts.path);
    for (; i < rules.length; i = prefilter.next(i + 1)) {
      const rule = unchecked(rules[i]);
      const match = rule.match;
      let truth = match ? holds(match, facts) : Truth.Yes;
      if (truth == Truth.Unknown) {
        // `allow` of this rule refuses too: it makes the same test and knows no more of the body.
        if (!this.mayAdmit(i, facts)) return rule;
        forget(facts);
        facts.readBody();
        facts.tried = i + 1;
        truth = holds(match!, facts);
        if (truth == Truth.Unknown) facts.undecided = true;
      }
      if (truth == Truth.Yes) return rule;
      forget(facts);
      if (facts.unread != Reason.None) break;
    }
    return this.settings.defaultRule!;
  }

  /** Captures, and the caller's issuer by name: the rules of few configurations ask for them. */
  private addTo(facts: Facts): void {
    const settings = this.settings;
    const caller = facts.caller;
    if (settings.vocabulary.captured.length > 0) facts.captures = new Captures();
    if (caller && settings.vocabulary.usesCallerName) nameCaller(facts, caller, settings);
  }

  /** True if a rule from `from` on may admit the caller, as far as is known without the body. */
  private mayAdmit(from: i32, facts: Facts): bool {
    const rules = this.settings.rules;
    for (let i = from; i < rules.length; i++) {
      const match = unchecked(rules[i]).match;
      forget(facts);
      const truth = match ? holds(match, facts) : Truth.Yes;
      if (truth == Truth.No) continue;
      facts.isUnsure = truth == Truth.Unknown;
      const passes = mayPass(rules[i], facts);
      facts.isUnsure = false;
      if (passes) return true;
      if (truth == Truth.Yes) return false;
    }
    return mayPass(this.settings.defaultRule!, facts);
  }
}

function nameCaller(facts: Facts, caller: Identity, settings: Settings): void {
  const isKey = caller.issuer == API_KEY;
  facts.callerName = isKey ? keyName(caller) : settings.issuers[caller.issuer].name;
  if (!isKey) facts.issuerName = settings.issuers[caller.issuer].configured.name;
}

/** With Basic authentication the user name must be the API key's name, or empty. */
function isOtherUser(credential: Credential, identity: Identity): bool {
  const user = credential.user;
  return credential.source == Source.Basic && user.length > 0 && !user.equals(keyName(identity));
}

/**
 * Browsers remember Basic credentials and add them to other sites' requests, but API keys are for
 * programs. In browsers without Fetch Metadata the page's origin shows it.
 */
function isFromBrowser(request: Request, settings: Settings): bool {
  const origin = request.get(Field.Origin);
  if (origin && !isOurs(origin, settings)) return true;
  return request.get(Field.FetchSite) !== null || request.get(Field.FetchMode) !== null;
}
