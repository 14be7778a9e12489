/** Evaluates an expression over a request and, where there is one, a caller. */
import { API_KEY, Identity } from "../claims/identity";
import { addressOfPeer, isInRange } from "../http/address";
import { Parameters } from "../http/query";
import { Field, Request } from "../http/request";
import { Bytes } from "../text/bytes";
import { Body } from "./body";
import { Captures } from "./captures";
import { Argument, Node, Operator } from "./expression";
import { Vocabulary } from "./vocabulary";

/** What expressions ask about. */
@final
export class Facts {
  /** Null: nobody. */
  caller: Identity | null = null;
  /** The name of the caller's issuer, or of the API key. */
  callerName: Bytes = Bytes.empty();
  /** Null: no rule puts a part of the path into a value. */
  captures: Captures | null = null;
  /** Something was asked that nothing here answers: the request is refused, whatever came of it, for `!` turns a false. */
  undecided: bool = false;

  constructor(
    readonly request: Request,
    /** Canonical path. */
    readonly path: Bytes,
    readonly query: Bytes,
    /** Canonical host; empty when no rule asks for it. */
    readonly host: Bytes,
    readonly body: Body,
    readonly vocabulary: Vocabulary,
  ) {}
}

export function holds(node: Node, facts: Facts): bool {
  const caller = facts.caller;
  switch (node.operator) {
    case Operator.And:
      for (let it = node.first; it; it = it!.next) if (!holds(it, facts)) return false;
      return true;
    case Operator.Or:
      for (let it = node.first; it; it = it!.next) if (holds(it, facts)) return true;
      return false;
    case Operator.Not:
      return !holds(node.first!, facts);
    case Operator.Path:
      for (let it = node.patterns; it; it = it!.next) {
        if (it.matches(facts.path, facts.captures)) return true;
      }
      return false;
    case Operator.Method:
      return isOneOf(node.arguments, facts.request.method);
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
    case Operator.ClientIP:
      return isFromRange(facts.request.peer, node.arguments);
    case Operator.BodyJson:
      return facts.body.some(node.body!);
    case Operator.BodyOnly:
      return facts.body.only(node.body!);
    case Operator.Role:
      return caller !== null && caller.roles.meets(node.set!);
    case Operator.Scope:
      return caller !== null && caller.scopes.meets(node.set!);
    case Operator.Issuer:
      return (
        caller !== null && caller.issuer != API_KEY && isOneOf(node.arguments, facts.callerName)
      );
    case Operator.ApiKey:
      return (
        caller !== null && caller.issuer == API_KEY && isOneOf(node.arguments, facts.callerName)
      );
    case Operator.Claim:
      return caller !== null && caller.issuer != API_KEY && caller.tests.has(node.number);
    case Operator.CapturedClaim:
      return (
        caller !== null && caller.issuer != API_KEY && holdsCaptured(node.number, caller, facts)
      );
    case Operator.Authenticated:
      return caller !== null;
    default:
      facts.undecided = true;
      return false;
  }
}

function isOneOf(words: Argument | null, word: Bytes): bool {
  for (let it = words; it; it = it!.next) if (it.text.equals(word)) return true;
  return false;
}

/** `values`: all of the header's, joined by NUL. */
function hasValue(values: Bytes | null, value: Bytes): bool {
  if (!values) return false;
  let from = 0;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && values.at(i) != 0) continue;
    if (values.slice(from, i).trim().equals(value)) return true;
    from = i + 1;
  }
  return false;
}

function hasParameter(query: Bytes, node: Node): bool {
  const parameters = new Parameters(query);
  while (parameters.next()) {
    if (parameters.broken || !parameters.name.equals(node.name!)) continue;
    if (!node.arguments || isOneOf(node.arguments, parameters.value)) return true;
  }
  return false;
}

/** A pair with a broken escape may be any parameter to the application: it is none of the values. */
function hasOnly(query: Bytes, node: Node): bool {
  const parameters = new Parameters(query);
  while (parameters.next()) {
    if (parameters.broken) return false;
    if (!parameters.name.equals(node.name!)) continue;
    if (!isOneOf(node.arguments, parameters.value)) return false;
  }
  return true;
}

/** RFC 6455 §4.2.1. Without `Connection: upgrade` a server ignores the other header (RFC 9110 §7.8). */
function isWebSocket(request: Request): bool {
  return (
    request.method.is("GET") &&
    hasElement(request.get(Field.Upgrade), "websocket") &&
    hasElement(request.get(Field.Connection), "upgrade")
  );
}

/** Whether a header that is a list has an element, in any case. */
function hasElement(values: Bytes | null, element: string): bool {
  if (!values) return false;
  let from = 0;
  for (let i = 0; i <= values.length; i++) {
    const c = i < values.length ? values.at(i) : 0;
    if (c != 0 && c != 0x2c) continue;
    if (values.slice(from, i).trim().isInAnyCase(element)) return true;
    from = i + 1;
  }
  return false;
}

function isFromRange(peer: Bytes | null, ranges: Argument | null): bool {
  const address = peer ? addressOfPeer(peer) : null;
  if (!address) return false;
  for (let it = ranges; it; it = it!.next) if (isInRange(address, it.text)) return true;
  return false;
}

function holdsCaptured(number: i32, caller: Identity, facts: Facts): bool {
  const test = facts.vocabulary.captured[number];
  const values: Array<Bytes> = [];
  for (let i = 0; i < test.values.length; i++) values.push(facts.captures!.expand(test.values[i]));
  return test.holds(caller.claim(number), values);
}

/** A pattern that begins with a dot stands for any name below it, as `*.example.com` was written. */
function hostMatches(pattern: Bytes, host: Bytes): bool {
  if (pattern.at(0) != 0x2e) return pattern.equals(host);
  return host.length > pattern.length && host.slice(host.length - pattern.length).equals(pattern);
}
