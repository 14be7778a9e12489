/**
 * Decides one request, in a fixed order: owned headers, canonical path, credential, verification,
 * cross-site defence, the first matching rule, identity headers. Pure: it makes no host calls.
 */
import { API_KEY, Identity } from "../claims/identity";
import { Settings } from "../config/settings";
import { Mode } from "../config/options";
import { readHost } from "../http/host";
import { Path } from "../http/path";
import { isMethod } from "../http/method";
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
import { canReturnTo, isPreflight, isReportable, isTunnel, mayUpgrade } from "./special";
import { namesOwned, prepare } from "./strip-headers";
import { KeyRings } from "../identity/key-rings";
import { checkRevocations, openSession, Renewal } from "../identity/session";
import { traceDecision, traceHeaders } from "./steps";
import { indexOf, nameIn, Verification, verify } from "../identity/verify";

/** The decision has not ended. */
const GO_ON: Reason = <Reason>-1;

/**
 * Decides requests by one configuration, for as long as the guest lives. Holds the token cache, the
 * session keys and the known revocations.
 */
@final
export class Gate {
  readonly cache: TokenCache = new TokenCache();
  readonly rings: KeyRings;
  /** The shell keeps this current. */
  readonly revocations: Revocations = new Revocations();
  // One of each for all requests, because the gate decides one after the other.
  private decision: Decision = new Decision();
  private credential: Credential = new Credential();
  private facts: Facts;
  private path: Path = new Path();
  private needsHost: bool;
  /** The configuration has what `findPlace` looks at. */
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
    const body = new Body(none, settings.vocabulary.body, readBody, readLate);
    this.facts = new Facts(none, body, settings.vocabulary);
    this.needsHost = settings.wants(Field.Host);
    const readsQuery = settings.tokenQuery.length > 0;
    this.hasPlace =
      this.needsHost || readsQuery || settings.session !== null || settings.mode == Mode.Auth;
    const vocabulary = settings.vocabulary;
    this.asksMore = vocabulary.captured.length > 0 || vocabulary.usesCallerName;
  }

  /** Decides the request. `now` in seconds; `trace` is null unless the steps are wanted. */
  decide(request: Request, now: i64, trace: Trace | null): Decision {
    within(this);
    const decision = this.decision;
    const settings = this.settings;
    decision.begin();
    decision.reason = this.run(request, now, decision);
    if (trace || settings.reportOnly) this.report(request, trace, decision);
    if (decision.allowed) {
      prepare(request, settings, decision);
      if (trace) traceHeaders(trace, decision);
    }
    return decision;
  }

  /** Writes the trace. With `reportOnly` a refusal by policy becomes a remark. */
  private report(request: Request, trace: Trace | null, decision: Decision): void {
    const settings = this.settings;
    if (trace) traceDecision(trace, request, decision, this.facts, settings);
    if (settings.reportOnly && isReportable(decision.reason) && !isTunnel(request)) {
      decision.reported = decision.reason;
      decision.reason = Reason.None;
      decision.reportedCaller = decision.caller;
      decision.caller = null;
    }
  }

  // The steps of a decision, each of which ends with the next one. They are in line: what wazero
  // knows of an object (see runtime/within.ts) lasts through a condition and through the last
  // branch of a choice, but not past an `if` that goes on, nor a loop.

  /** The request itself. */
  @inline
  private run(request: Request, now: i64, decision: Decision): Reason {
    const settings = this.settings;
    within(request);
    within(settings);
    within(decision);
    if (request.tooLarge) return Reason.HeadersTooLarge;
    if (!isMethod(request.method)) return Reason.MethodInvalid;
    const connection = request.get(Field.Connection);
    if (connection && namesOwned(connection, settings)) return Reason.ConnectionNamesOwnedHeader;
    const path = this.path;
    within(path);
    path.take(request.uri);
    decision.path = path;
    const refused = path.refused;
    return refused != Reason.None ? refused : this.place(request, path, now, decision);
  }

  /** Few configurations have hosts, sessions or tokens in queries; few requests are preflights. */
  @inline
  private place(request: Request, path: Path, now: i64, decision: Decision): Reason {
    const query = path.query;
    const facts = this.facts;
    facts.host = Bytes.empty();
    const ended =
      this.hasPlace || request.get(Field.RequestMethod)
        ? this.findPlace(request, path, decision)
        : GO_ON;
    return ended != GO_ON ? ended : this.readCredential(request, path, query, now, decision);
  }

  /** Finds the host, and removes a token from the query. A reason ends the decision. */
  private findPlace(request: Request, path: Path, decision: Decision): Reason {
    const settings = this.settings;
    const hostHeader = request.get(Field.Host);
    const host = hostHeader ? readHost(hostHeader) : Bytes.empty();
    // Without a Host header the application uses its own address or the proxy's, which no rule can
    // know.
    if (!host || (!hostHeader && this.needsHost)) return Reason.HostInvalid;
    this.facts.host = host;
    if (settings.session) {
      decision.origin = settings.originOf(host);
      // The path belongs to the relying party, so rules must not decide on it here.
      if (settings.mode == Mode.Protect && settings.login.covers(path.text)) {
        return Reason.LoginRouterMissing;
      }
    }
    // No rule is evaluated, so none can allow an ambiguous path.
    if (request.get(Field.RequestMethod) && isPreflight(request, settings)) {
      return isUpgrade(request) ? Reason.UpgradeNotAllowed : path.ambiguous;
    }
    const name = settings.tokenQuery;
    if (name.length > 0) path.removeParameter(name);
    return GO_ON;
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
    findCredential(request, query, this.settings, this.cache, now, credential);
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
    const failure = this.authenticate(request, credential, now, decision);
    facts.begin(request, path.text, path.query);
    facts.caller = decision.caller;
    facts.isAnonymous = credential.isAbsent;
    const rule = this.firstMatch(facts);
    decision.rule = rule;
    const isSpecial =
      path.ambiguous |
      decision.renewal |
      facts.body.reason |
      (<i32>changetype<usize>(request.get(Field.Upgrade)));
    const objection =
      isSpecial != 0 ? this.objectionTo(rule, facts.body, request, path, decision) : Reason.None;
    return objection != Reason.None ? objection : this.weigh(rule, facts, failure, decision);
  }

  @inline
  private weigh(rule: Rule, facts: Facts, failure: Reason, decision: Decision): Reason {
    const allowed = allow(rule, facts, failure);
    decision.isWeighed = true;
    decision.facts = allowed == Reason.RuleNotSatisfied ? facts : null;
    const unread = facts.body.reason;
    const reason = unread != Reason.None ? unread : allowed;
    return facts.undecided ? Reason.ConfigError : reason;
  }

  /** Sets a caller whose token was verified before. */
  @inline
  private take(known: Identity, token: Bytes | null, decision: Decision): Reason {
    decision.token = known.issuer != API_KEY ? token : null;
    decision.caller = known;
    return Reason.None;
  }

  /** Why a request is refused, or goes elsewhere, before the rule's `allow` is asked. */
  private objectionTo(
    rule: Rule,
    body: Body,
    request: Request,
    path: Path,
    decision: Decision,
  ): Reason {
    const settings = this.settings;
    if (body.reason != Reason.None) return body.reason;
    if (path.ambiguous != Reason.None && !rule.encodedPath) return path.ambiguous;
    if (isUpgrade(request) && !mayUpgrade(request, rule)) return Reason.UpgradeNotAllowed;
    const needsCaller = rule.allow != Allow.Public;
    const renews = settings.mode == Mode.Protect && decision.renewal == Renewal.Due;
    const isDue = renews && needsCaller && canDetour(request) && canReturnTo(path);
    return isDue && !isPresent(request.get(Field.Cookie), settings.session!.laterCookie)
      ? Reason.SessionDue
      : Reason.None;
  }

  /** Sets the decision's caller, or returns why there is none. */
  private authenticate(
    request: Request,
    credential: Credential,
    now: i64,
    decision: Decision,
  ): Reason {
    within(credential);
    const token = credential.token;
    if (!token) return credential.reason;
    // A header's, so nothing of a browser's or of Basic is to be looked at.
    const known = credential.known;
    if (known && !known.isSession) return this.take(known, token, decision);
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

  /** The same for a token or key in any place but the session's cookie. */
  private identify(token: Bytes, credential: Credential, now: i64, decision: Decision): Reason {
    within(credential);
    within(decision);
    const cached = credential.isSought ? credential.known : this.cache.find(token, now);
    // A session cookie's value must not authenticate when it is sent as a bearer token or in
    // another place.
    if (cached && !cached.isSession) {
      decision.found = cached;
      if (isOtherUser(credential, cached)) return Reason.ApiKeyUnknown;
      return this.take(cached, token, decision);
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
    if (this.asksMore) this.addTo(facts);
    const rules = settings.rules;
    const prefilter = settings.prefilter;
    let i = prefilter.first(facts.path);
    for (; i < rules.length && facts.body.reason == Reason.None; i = prefilter.next(i + 1)) {
      const rule = unchecked(rules[i]);
      const match = rule.match;
      let truth = match ? holds(match, facts) : Truth.Yes;
      if (truth == Truth.Unknown) {
        // `allow` of this rule refuses too: it makes the same test and knows no more of the body.
        if (!this.mayAdmit(i, facts)) return rule;
        forget(facts);
        facts.body.read();
        facts.tried = i + 1;
        truth = holds(match!, facts);
        if (truth == Truth.Unknown) facts.undecided = true;
      }
      if (truth == Truth.Yes) return rule;
      forget(facts);
    }
    return settings.defaultRule!;
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
