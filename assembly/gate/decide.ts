/**
 * Decides one request, in a fixed order: owned headers, canonical path, credential, verification,
 * cross-site defence, the first matching rule, identity headers. Pure: it makes no host calls.
 */
import { API_KEY, Identity } from "../claims/identity";
import { Settings } from "../config/settings";
import { Mode } from "../config/options";
import { readHost } from "../http/host";
import { Path } from "../http/path";
import { withoutParameter } from "../http/query";
import { isGet, isMethod } from "../http/method";
import { canDetour } from "../http/navigation";
import { Field, Request } from "../http/request";
import { Elements } from "../http/elements";
import { isUpgrade } from "../http/upgrade";
import { RETURN_ADDRESS_BYTES } from "../limits";
import { codeOf, Reason } from "../outcome/reason";
import { Trace } from "../outcome/trace";
import { Body } from "../policy/body";
import { captured, Facts, forget, holds, namesUpgrade, takeBack, Truth } from "../policy/evaluate";
import { Node } from "../policy/expression";
import { Allow, Rule } from "../policy/rule";
import { isPresent } from "../session/cookies";
import { Revocations } from "../session/revocation";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { TokenCache } from "./cache";
import { keyName, verifyKey } from "../identity/api-key";
import { Credential, findCredential, Source } from "./credential";
import { isCrossSite, isOurs } from "../identity/cross-site";
import { Decision } from "./decision";
import { connectionNamesOwned, prepare } from "./strip-headers";
import { KeyRings } from "../identity/key-rings";
import { checkRevocations, openSession, Renewal } from "../identity/session";
import {
  traceCached,
  traceCredential,
  traceHeaders,
  tracePath,
  traceRequest,
  traceRule,
  traceSession,
  traceVerification,
} from "./steps";
import { indexOf, nameIn, Verification, verify } from "../identity/verify";

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
  }

  /** Decides the request. `now` in seconds; `trace` is null unless the steps are wanted. */
  decide(request: Request, now: i64, trace: Trace | null): Decision {
    within(this);
    const decision = this.decision;
    const settings = this.settings;
    decision.begin();
    if (trace) traceRequest(trace, request, request.get(Field.Host) || Bytes.empty());
    decision.reason = this.run(request, now, trace, decision);
    if (settings.reportOnly && isReportable(decision.reason) && !isTunnel(request)) {
      decision.reported = decision.reason;
      decision.reason = Reason.None;
      decision.reportedCaller = decision.caller;
      decision.caller = null;
    }
    if (decision.allowed) {
      prepare(request, settings, decision);
      if (trace) traceHeaders(trace, decision);
    }
    return decision;
  }

  private run(request: Request, now: i64, trace: Trace | null, decision: Decision): Reason {
    within(this);
    const settings = this.settings;
    within(request);
    within(settings);
    within(decision);
    const hostHeader = request.get(Field.Host);
    if (request.tooLarge) return Reason.HeadersTooLarge;
    if (!isMethod(request.method)) return Reason.MethodInvalid;
    if (connectionNamesOwned(request, settings)) return Reason.ConnectionNamesOwnedHeader;
    const path = this.path;
    path.take(request.uri);
    decision.path = path;
    if (trace) tracePath(trace, path);
    if (path.refused != Reason.None) return path.refused;
    const host = hostHeader ? readHost(hostHeader) : Bytes.empty();
    // Without a Host header the application uses its own address or the proxy's, which no rule can
    // know.
    if (!host || (!hostHeader && this.needsHost)) return Reason.HostInvalid;

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
    const credential = this.credential;
    findCredential(request, path.query, settings, this.cache, now, credential);
    if (settings.tokenQuery.length > 0) {
      path.query = withoutParameter(path.query, settings.tokenQuery);
    }
    if (trace) traceCredential(trace, credential);
    decision.isForeign = credential.isForeign;
    if (credential.ambiguous != Reason.None) return credential.ambiguous;
    let failure = credential.reason;
    const token = credential.token;
    if (token) {
      failure = this.checkBrowser(request, credential, host);
      if (failure == Reason.None) {
        failure =
          credential.source == Source.Session
            ? this.resume(token, now, trace, decision)
            : this.identify(token, credential, now, trace, decision);
      }
    }

    const facts = this.facts;
    const body = facts.body;
    facts.begin(request, path.text, path.query, host);
    const caller = decision.caller;
    if (caller) {
      facts.caller = caller;
      if (settings.vocabulary.usesCallerName) nameCaller(facts, caller, settings);
    }
    facts.isAnonymous = credential.isAbsent;
    const rule = this.firstMatch(facts, trace);
    decision.rule = rule;
    if (body.reason != Reason.None) return body.reason;
    if (path.ambiguous != Reason.None && !rule.encodedPath) return path.ambiguous;
    if (isUpgrade(request) && !mayUpgrade(request, rule)) return Reason.UpgradeNotAllowed;
    const needsCaller = rule.allow != Allow.Public;
    const renews = settings.mode == Mode.Protect && decision.renewal == Renewal.Due;
    const isDue = renews && needsCaller && canDetour(request) && canReturnTo(path);
    if (isDue && !isPresent(request.get(Field.Cookie), settings.session!.laterCookie)) {
      return Reason.SessionDue;
    }
    const allowed = this.allow(rule, facts, failure);
    if (allowed == Reason.RuleNotSatisfied) decision.facts = facts;
    let reason = body.reason != Reason.None ? body.reason : allowed;
    if (facts.undecided) reason = Reason.ConfigError;
    if (trace) traceRule(trace, rule, true, reason == Reason.None);
    return reason;
  }

  /**
   * An ambient credential counts only on the configured hosts, and not for requests of other sites'
   * pages.
   */
  private checkBrowser(request: Request, credential: Credential, host: Bytes): Reason {
    if (credential.source == Source.Basic && isFromBrowser(request, this.settings)) {
      return Reason.BasicFromBrowser;
    }
    if (!credential.isAmbient) return Reason.None;
    if (this.settings.originOf(host) < 0) return Reason.WrongHost;
    return isCrossSite(request, this.settings) ? Reason.CrossSite : Reason.None;
  }

  /** Sets the decision's caller, or returns why there is none. */
  private identify(
    token: Bytes,
    credential: Credential,
    now: i64,
    trace: Trace | null,
    decision: Decision,
  ): Reason {
    within(credential);
    within(decision);
    const cached = credential.isSought ? credential.known : this.cache.find(token, now);
    // A session cookie's value must not authenticate when it is sent as a bearer token or in
    // another place.
    if (cached && !cached.isSession) {
      if (trace) traceCached(trace, cached, this.settings);
      if (isOtherUser(credential, cached)) return Reason.ApiKeyUnknown;
      if (cached.issuer != API_KEY) decision.token = token;
      decision.caller = cached;
      return Reason.None;
    }
    const settings = this.settings;
    const isKey = settings.hasApiKeys && credential.isKey;
    const result = isKey ? verifyKey(token, settings, now) : verify(token, settings, now);
    if (trace) traceVerification(trace, result, this.settings);
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
  private resume(sealed: Bytes, now: i64, trace: Trace | null, decision: Decision): Reason {
    const settings = this.settings;
    const ring = this.rings.of(decision.origin);
    if (!ring) return Reason.WrongHost;
    const found = this.cache.find(sealed, now);
    // Each origin has its own keys: an identity cached for one must not count at another.
    const isKnown = found !== null && found.isSession && found.origin == decision.origin;
    let identity: Identity | null = isKnown ? found : null;
    if (!identity) {
      const opened = openSession(ring, sealed, settings, now);
      decision.renewal = opened.renewal;
      if (trace) traceSession(trace, opened, settings);
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
    } else if (trace) traceCached(trace, identity, settings);
    const reason = checkRevocations(identity, this.revocations, settings.session!, now);
    if (reason != Reason.None) {
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
  private firstMatch(facts: Facts, trace: Trace | null): Rule {
    const rules = this.settings.rules;
    const prefilter = this.settings.prefilter;
    let candidate = prefilter.first(facts.path);
    // Only a trace names the rules between.
    let i = trace ? 0 : candidate;
    for (; i < rules.length && facts.body.reason == Reason.None; i = trace ? i + 1 : candidate) {
      if (i == candidate) {
        const match = unchecked(rules[i]).match;
        let truth = match ? holds(match, facts) : Truth.Yes;
        if (truth == Truth.Unknown) {
          // `allow` of this rule refuses too: it makes the same test and knows no more of the body.
          if (!this.mayAdmit(i, facts)) return unchecked(rules[i]);
          forget(facts);
          facts.body.read();
          truth = holds(match!, facts);
          if (truth == Truth.Unknown) facts.undecided = true;
        }
        if (truth == Truth.Yes) return unchecked(rules[i]);
        forget(facts);
        candidate = prefilter.next(i + 1);
      }
      if (trace) traceRule(trace, rules[i], false, false);
    }
    return this.settings.defaultRule!;
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

  /**
   * Evaluates `allow`. `failure` is why there is no caller; only a public rule admits a request
   * without one.
   */
  private allow(rule: Rule, facts: Facts, failure: Reason): Reason {
    if (!facts.caller && !isOpen(rule, facts)) return failure;
    switch (rule.allow) {
      case Allow.Public:
      case Allow.Optional:
      case Allow.Authenticated:
        return Reason.None;
      case Allow.Expression:
        if (isSatisfied(rule.expression!, facts)) return Reason.None;
        return facts.caller!.lacks != 0 ? Reason.ClaimsElsewhere : Reason.RuleNotSatisfied;
      case Allow.Deny:
        return rule.match ? Reason.RuleDenies : Reason.NoRule;
      default:
        return Reason.ConfigError;
    }
  }
}

function nameCaller(facts: Facts, caller: Identity, settings: Settings): void {
  const isKey = caller.issuer == API_KEY;
  facts.callerName = isKey ? keyName(caller) : settings.issuers[caller.issuer].name;
  if (!isKey) facts.issuerName = settings.issuers[caller.issuer].configured.name;
}

/** Evaluates the expression, and reads the body only when the result depends on it. */
function isSatisfied(expression: Node, facts: Facts): bool {
  const kept = captured(facts);
  const truth = holds(expression, facts);
  if (truth != Truth.Unknown) return truth == Truth.Yes;
  takeBack(facts, kept);
  facts.body.read();
  return holds(expression, facts) == Truth.Yes;
}

/**
 * True if the rule admits a request without a caller; `optional` does only if it showed no
 * credential.
 */
function isOpen(rule: Rule, facts: Facts): bool {
  return rule.allow == Allow.Public || (rule.allow == Allow.Optional && facts.isAnonymous);
}

/** True if the rule admits the caller, or would with some body. */
function mayPass(rule: Rule, facts: Facts): bool {
  if (!facts.caller && !isOpen(rule, facts)) return false;
  switch (rule.allow) {
    case Allow.Public:
    case Allow.Optional:
    case Allow.Authenticated:
      return true;
    case Allow.Expression:
      return holds(rule.expression!, facts) != Truth.No;
    case Allow.Deny:
    default:
      return false;
  }
}

/**
 * With `reportOnly`, requests denied by policy are forwarded anonymously. Ambiguous and cross-site
 * requests are still refused.
 */
function isReportable(reason: Reason): bool {
  if (reason == Reason.None) return false;
  if (reason == Reason.SessionDue) return false;
  const code = codeOf(reason);
  return code == "authentication_required" || code == "invalid_token" || code == "forbidden";
}

/**
 * True for an upgrade to another protocol. It is refused also with `reportOnly`, because no rule
 * sees what a tunnel carries.
 */
function isTunnel(request: Request): bool {
  return isUpgrade(request) && !mayUpgrade(request, null);
}

/** True if each offered protocol is WebSocket or one that the rule names. */
function mayUpgrade(request: Request, rule: Rule | null): bool {
  const byGet = isGet(request.method);
  const offered = new Elements(request.get(Field.Upgrade)!);
  let it = offered.next();
  if (!it) return false;
  for (; it; it = offered.next()) {
    if (byGet && it.isInAnyCase("websocket")) continue;
    if (!rule) return false;
    if (!namesUpgrade(rule.match, it) && !namesUpgrade(rule.expression, it)) return false;
  }
  return true;
}

/**
 * True if a sign-in or refresh can return to this address. From any other address a session that
 * holds is not refreshed.
 */
function canReturnTo(path: Path): bool {
  return path.ambiguous == Reason.None && path.uri.length <= RETURN_ADDRESS_BYTES;
}

/**
 * True for a CORS preflight of an allowed origin (Fetch §4.8): it has no credential and precedes
 * the request itself.
 */
function isPreflight(request: Request, settings: Settings): bool {
  const origin = request.get(Field.Origin);
  const method = request.get(Field.RequestMethod);
  if (!origin || !method || !request.method.is("OPTIONS")) return false;
  if (request.get(Field.Token) || request.get(Field.Cookie)) return false;
  return isMethod(method) && settings.allowsOrigin(origin);
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
