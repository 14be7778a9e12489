/** Evaluates an expression for a request and, if there is one, its caller. */
// @ts-nocheck: in AssemblyScript a bool is a Truth.
import { API_KEY, Identity } from "../claims/identity";
import { addressOfPeer, isInRange } from "../http/address";
import { Parameters } from "../http/query";
import { Field, Request } from "../http/request";
import { Elements } from "../http/elements";
import { isUpgrade, isWebSocket } from "../http/upgrade";
import { hexValue } from "../text/ascii";
import { Reason } from "../outcome/reason";
import { mark, release } from "../runtime/arena";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { LooseName } from "../text/loose-name";
import { isUtf8 } from "../text/utf8";
import { Body } from "./body";
import { Captures } from "./captures";
import { Argument, Node, Operator } from "./expression";
import { Pattern } from "./pattern";
import { Vocabulary } from "./vocabulary";

/** The facts that expressions ask about. */
@final
export class Facts {
  // First those that are 0 at the beginning: `begin` clears them at once.

  /** Null: the request is anonymous. */
  caller: Identity | null = null;
  /** Null: no rule uses a captured part of the path; set after `begin`, like the names. */
  captures: Captures | null = null;
  /** Why the body cannot be read: the request is refused, whatever its rule says. */
  unread: Reason = Reason.None;
  /** The body has been read, and its questions are answered or `unread` is set. */
  isBodyRead: bool = false;
  /** No credential was shown, not even a bad one. */
  isAnonymous: bool = false;
  /**
   * An operator had no answer here. The request is refused whatever the result is, because `!`
   * turns a false.
   */
  undecided: bool = false;
  /**
   * It is not known whether the match that captured holds, so no value from the path is known
   * either.
   */
  isUnsure: bool = false;

  /** The name of the caller's issuer, or of the API key. */
  callerName: Bytes = Bytes.empty();
  /** The issuer as configured, which may mean several tenants'. */
  issuerName: Bytes = Bytes.empty();
  /** Number of rules that were tried when one of them read the body. */
  tried: i32 = 0;

  /** Canonical path. */
  path: Bytes = Bytes.empty();
  query: Bytes = Bytes.empty();
  /** Canonical host; another request's when nothing asks for it. Set before `begin`. */
  host: Bytes = Bytes.empty();

  constructor(
    public request: Request,
    private body: Body,
    readonly vocabulary: Vocabulary,
  ) {}

  /** Makes them those of a request, whose caller is not known yet. */
  begin(request: Request, path: Bytes, query: Bytes, isAnonymous: bool): void {
    within(this);
    this.request = request;
    this.path = path;
    this.query = query;
    store<v128>(changetype<usize>(this), i64x2.splat(0));
    this.isAnonymous = isAnonymous;
    this.callerName = Bytes.empty();
    this.issuerName = Bytes.empty();
  }

  @inline get captured(): i32 {
    const captures = this.captures;
    return captures ? captures.length : 0;
  }

  readBody(): void {
    this.isBodyRead = true;
    this.unread = this.body.read(this.request);
  }
}

if (offsetof<Facts>("callerName") != 16) ERROR("Facts.begin clears other fields");

/** The result of an expression. `Unknown`: it depends on a body that has not been read. */
export enum Truth {
  No,
  Yes,
  Unknown,
}

/**
 * The result of one operator, or of And, whose operands are evaluated in the same loop: most
 * expressions are that.
 */
export function holds(node: Node, facts: Facts): Truth {
  const isAll = node.operator == Operator.And;
  const end: Node | null = isAll ? null : node.next;
  const kept = facts.captured;
  let all = Truth.Yes;
  let it = isAll ? node.first! : node;
  while (true) {
    within(it);
    const next = it.next;
    const truth = answer(it, facts);
    if (truth == Truth.No) {
      takeBack(facts, kept);
      return truth;
    }
    if (truth == Truth.Unknown) all = truth;
    if (next === end) return all;
    it = next!;
  }
}

/** First the operators that most requests ask for. */
function answer(node: Node, facts: Facts): Truth {
  const operator = node.operator;
  return operator == Operator.Path
    ? <Truth>isAtPath(node.patterns, facts)
    : operator == Operator.Method
      ? <Truth>isByMethod(node.arguments, facts.request)
      : operator == Operator.Role
        ? <Truth>hasRole(facts.caller, node)
        : answerRare(node, facts);
}

function isAtPath(patterns: Pattern | null, facts: Facts): bool {
  while (patterns) {
    if (patterns.matches(facts.path, facts.captures)) return true;
    patterns = patterns.next;
  }
  return false;
}

/** Compares letters as a number, because each request does; few methods have none. */
function isByMethod(methods: Argument | null, request: Request): bool {
  const letters = request.letters;
  if (letters == 0) return isOneOf(methods, request.method);
  while (methods) {
    if (methods.number == letters) return true;
    methods = methods.next;
  }
  return false;
}

function hasRole(caller: Identity | null, node: Node): bool {
  return caller !== null && caller.roles.meets(node.set!);
}

function answerRare(node: Node, facts: Facts): Truth {
  const caller = facts.caller;
  switch (node.operator) {
    case Operator.And:
    case Operator.Path:
    case Operator.Method:
    case Operator.Role:
      return holds(node, facts);
    case Operator.Or:
      return holdsAny(node, facts);
    case Operator.Not: {
      // What the token leaves out for its size may be what is asked for.
      if (caller !== null && caller.lacks != 0 && node.asksClaims()) return false;
      const kept = captured(facts);
      const truth = holds(node.first!, facts);
      takeBack(facts, kept);
      return truth == Truth.Unknown ? truth : <Truth>(truth == Truth.No);
    }
    case Operator.Host:
      for (let it = node.arguments; it; it = it!.next) {
        if (hostMatches(it.text, facts.host)) return true;
      }
      return false;
    case Operator.Header:
      return hasValue(facts.request.headers[node.number], node.arguments!.text);
    case Operator.Query:
      return hasParameter(facts.query, node);
    case Operator.QueryOnly:
      return hasOnly(facts.query, node);
    case Operator.WebSocket:
      return isWebSocket(facts.request);
    case Operator.Upgrade:
      return isUpgradeTo(facts.request, node.arguments);
    case Operator.ClientIP:
      return isFromRange(facts.request.peer, node.arguments);
    case Operator.BodyJson:
      return facts.isBodyRead ? <Truth>node.body!.some : Truth.Unknown;
    case Operator.BodyOnly:
      return facts.isBodyRead ? <Truth>node.body!.only : Truth.Unknown;
    case Operator.Scope:
      return caller !== null && caller.scopes.meets(node.set!);
    case Operator.Issuer:
      return (
        caller !== null &&
        caller.issuer != API_KEY &&
        (isOneOf(node.arguments, facts.callerName) || isOneOf(node.arguments, facts.issuerName))
      );
    case Operator.ApiKey:
      return (
        caller !== null && caller.issuer == API_KEY && isOneOf(node.arguments, facts.callerName)
      );
    case Operator.Claim:
      return caller !== null && caller.issuer != API_KEY && caller.tests.has(node.number);
    case Operator.CapturedClaim:
      return facts.isUnsure ? Truth.Unknown : <Truth>isAboutPath(node, caller, facts);
    case Operator.Authenticated:
      return caller !== null;
    default:
      facts.undecided = true;
      return false;
  }
}

function holdsAny(node: Node, facts: Facts): Truth {
  const kept = captured(facts);
  let any = Truth.No;
  for (let it = node.first; it; it = it!.next) {
    const before = captured(facts);
    const truth = holds(it, facts);
    if (truth == Truth.Yes) {
      // An earlier alternative may hold as well, and then its captures count.
      return before > kept ? Truth.Unknown : truth;
    }
    if (truth == Truth.Unknown) any = truth;
  }
  return any;
}

/** Number of captures so far. An expression that does not hold leaves none. */
export function captured(facts: Facts): i32 {
  return facts.captured;
}

export function takeBack(facts: Facts, kept: i32): void {
  const captures = facts.captures;
  if (captures) captures.takeBack(kept);
}

/** Drops all captures before another rule is evaluated, or the same rule again. */
export function forget(facts: Facts): void {
  takeBack(facts, 0);
}

function isOneOf(words: Argument | null, word: Bytes): bool {
  while (words) {
    if (words.text.equals(word)) return true;
    words = words.next;
  }
  return false;
}

/** `values`: all values of the header, joined by NUL. */
function hasValue(values: Bytes | null, value: Bytes): bool {
  if (!values) return false;
  for (let from = 0; from <= values.length;) {
    const end = values.indexOfEither(0, 0, from);
    // A header may have thousands of values.
    const before = mark();
    const isSame = values.slice(from, end).equals(value);
    release(before);
    if (isSame) return true;
    from = end + 1;
  }
  return false;
}

/** Follows Traefik: without a value, the parameter must be there and empty. */
function hasParameter(query: Bytes, node: Node): bool {
  const parameters = new Parameters(query);
  // A query may have thousands of parameters.
  for (let before = mark(); parameters.next(); before = mark()) {
    if (!parameters.broken && parameters.name.equals(node.name!)) {
      const value = parameters.value;
      if (node.arguments ? isOneOf(node.arguments, value) : value.length == 0) return true;
    }
    release(before);
  }
  return false;
}

/**
 * A pair whose name cannot be read with certainty may be any parameter to the application, so it
 * counts as another value. So does a name with parts: `a[]=false` is a list.
 */
function hasOnly(query: Bytes, node: Node): bool {
  const form = node.name!;
  const parameters = new Parameters(query);
  for (let before = mark(); parameters.next(); before = mark()) {
    const name = parameters.name;
    if (parameters.broken || !isUtf8(name) || hasEscape(name)) return false;
    const it = new LooseName(name, form.length);
    while (it.next()) {
      if (!it.text.equals(form)) continue;
      if (it.hasPart || !isOneOf(node.arguments, parameters.value)) return false;
    }
    release(before);
  }
  return true;
}

/** True if decoding the name once more would give another name. */
function hasEscape(name: Bytes): bool {
  for (let i = 0; i + 2 < name.length; i++) {
    const isEscape = name.at(i) == Char.Percent && hexValue(name.at(i + 1)) >= 0;
    if (isEscape && hexValue(name.at(i + 2)) >= 0) return true;
  }
  return false;
}

/**
 * True if the request is an upgrade and every protocol that it offers is listed, because the server
 * may take any of them.
 */
function isUpgradeTo(request: Request, protocols: Argument | null): bool {
  if (!isUpgrade(request)) return false;
  const offered = new Elements(request.get(Field.Upgrade)!);
  let it = offered.next();
  if (!it) return false;
  for (; it; it = offered.next()) if (!isNamed(protocols, it)) return false;
  return true;
}

function isNamed(words: Argument | null, word: Bytes): bool {
  for (let it = words; it; it = it!.next) if (it.text.equalsInAnyCase(word)) return true;
  return false;
}

/**
 * True if this expression allows an upgrade to the protocol: it must name it wherever it can hold.
 */
export function namesUpgrade(node: Node | null, protocol: Bytes): bool {
  if (!node || node.operator == Operator.Not) return false;
  if (node.operator == Operator.Upgrade) return isNamed(node.arguments, protocol);
  // Any alternative may be the one that holds, so each must name the protocol.
  const isAny = node.operator == Operator.Or;
  for (let it = node.first; it; it = it!.next) {
    if (namesUpgrade(it, protocol) != isAny) return !isAny;
  }
  return isAny;
}

function isFromRange(peer: Bytes | null, ranges: Argument | null): bool {
  const address = peer ? addressOfPeer(peer) : null;
  if (!address) return false;
  for (let it = ranges; it; it = it!.next) if (isInRange(address, it.text)) return true;
  return false;
}

function isAboutPath(node: Node, caller: Identity | null, facts: Facts): bool {
  return caller !== null && caller.issuer != API_KEY && holdsCaptured(node.number, caller, facts);
}

function holdsCaptured(number: i32, caller: Identity, facts: Facts): bool {
  const test = facts.vocabulary.captured[number];
  const values: Array<Bytes> = [];
  for (let i = 0; i < test.values.length; i++) values.push(facts.captures!.expand(test.values[i]));
  return test.holds(caller.claim(number), values);
}

/**
 * Compares a host with a stored pattern. A pattern that begins with a dot matches every name below
 * it (`**.example.com`), one that begins with `*` matches names with one more label.
 */
function hostMatches(pattern: Bytes, host: Bytes): bool {
  const isOne = pattern.at(0) == Char.Asterisk;
  if (!isOne && pattern.at(0) != Char.Dot) return pattern.equals(host);
  const suffix = isOne ? pattern.rest(1) : pattern;
  if (!host.endsWith(suffix)) return false;
  return !isOne || host.slice(0, host.length - suffix.length).indexOf(Char.Dot) < 0;
}
