/** Reads each function's arguments into its node, or names the first mistake. */
import { ClaimPath } from "../claims/path";
import { BELOW, ClaimTest, Question } from "../claims/test";
import { readRange } from "../http/address";
import { isToken } from "../http/header";
import { isMethod, lettersOf } from "../http/method";
import { readHost } from "../http/host";
import { isPlain } from "../http/plain-path";
import { isProtocol } from "../http/upgrade";
import { parse } from "../json/parse";
import { Literal, Question as BodyQuestion } from "../json/questions";
import { JSON_DEPTH } from "../limits";
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { looseForm } from "../text/loose-name";
import { hasNames } from "./captures";
import { Argument, Node, Operator } from "./expression";
import { Signature } from "./functions";
import { Pattern } from "./pattern";
import { problemOf } from "./spelling";
import { Vocabulary } from "./vocabulary";

/** Only letters and digits of a name count where a value is guarded; see text/loose-name.ts. */
const NAMELESS = "expected a name with a letter or a digit";

/** A mistake, and the number of the argument that has it. */
@final
export class Mistake {
  constructor(
    readonly argument: i32,
    readonly message: string,
  ) {}
}

/** Builds a function's node; null when an argument is wrong, and `mistake` then says why. */
@final
export class Builder {
  mistake: Mistake | null = null;

  constructor(private vocabulary: Vocabulary) {}

  build(signature: Signature, args: Array<Bytes>): Node | null {
    this.mistake = null;
    const node = new Node(signature.operator);
    // Arguments are chained from the last to the first, so the chain keeps their order.
    for (let i = args.length - 1; i >= 0; i--) {
      const text = unchecked(args[i]);
      if (text.length == 0 && !this.mayBeEmpty(signature, i)) {
        const isQuery = signature.operator == Operator.Query && i > 0;
        this.fail(
          i,
          isQuery
            ? "leave it out: without a value, an empty one is meant"
            : "an empty text matches nothing",
        );
      } else this.take(node, signature, text, i);
      if (this.mistake) return null;
    }
    this.note(node.operator);
    if (node.operator == Operator.Claim) this.claim(node, signature, args);
    if (node.operator == Operator.BodyJson || node.operator == Operator.BodyOnly) {
      this.body(node, args);
    }
    return this.mistake ? null : node;
  }

  private fail(argument: i32, message: string): void {
    this.mistake = new Mistake(argument, message);
  }

  /** Compared values may be empty; names and patterns may not. */
  private mayBeEmpty(signature: Signature, index: i32): bool {
    switch (signature.operator) {
      case Operator.QueryOnly:
        return index > 0;
      case Operator.Claim:
        return index > 0 && signature.question != Question.SplitContains;
      default:
        return false;
    }
  }

  private note(operator: Operator): void {
    const vocabulary = this.vocabulary;
    if (operator == Operator.Host) vocabulary.usesHost = true;
    if (operator == Operator.ClientIP) vocabulary.usesClientIp = true;
    if (operator == Operator.BodyJson || operator == Operator.BodyOnly) vocabulary.usesBody = true;
  }

  private take(node: Node, signature: Signature, text: Bytes, index: i32): void {
    const vocabulary = this.vocabulary;
    switch (node.operator) {
      case Operator.Path: {
        const isLiteral = isPlain(text);
        const problem = isLiteral ? "" : problemOf(text);
        if (problem.length > 0) return this.fail(index, problem);
        const pattern = new Pattern(text, signature.isPrefix, isLiteral);
        if (pattern.nextName(0) >= 0) vocabulary.captures = true;
        pattern.next = node.patterns;
        node.patterns = pattern;
        return;
      }
      case Operator.Method:
        if (isMethod(text)) return add(node, text, lettersOf(text));
        return this.fail(
          index,
          isToken(text)
            ? "methods are case-sensitive: write them in upper case"
            : "expected an HTTP method",
        );
      case Operator.Host: {
        // How many labels may precede the name: one (`*.`), or any number (`**.`).
        const stars = text.hasAt(0, "**.") ? 2 : text.hasAt(0, "*.") ? 1 : 0;
        const host = readHost(stars > 0 ? text.rest(stars + 1) : text);
        const isLiteral = stars == 0 && text.at(text.length - 1) == Char.CloseBracket;
        if (host && (isLiteral || text.indexOf(Char.Colon) < 0)) {
          return add(node, stars > 0 ? below(host, stars) : host, 0);
        }
        return this.fail(
          index,
          "expected a host name or address (IPv6 in brackets) without a port, or `*.` before a name",
        );
      }
      case Operator.Header:
        if (index > 0) return add(node, text, 0);
        if (!isToken(text)) return this.fail(index, "expected the name of a header");
        if (text.isInAnyCase("host")) return this.fail(index, "the host is asked for by Host(`…`)");
        node.number = vocabulary.headers.add(Vocabulary.lower(text));
        return;
      case Operator.Query:
      case Operator.QueryOnly:
        if (index > 0) return add(node, text, 0);
        node.name = node.operator == Operator.Query ? text : looseForm(text);
        if (node.name!.length == 0) this.fail(index, NAMELESS);
        return;
      case Operator.Upgrade:
        if (isProtocol(text)) return add(node, text, 0);
        return this.fail(index, "expected a protocol as in the header Upgrade: tcp, SPDY/3.1");
      case Operator.ClientIP: {
        const range = readRange(text);
        if (range) return add(node, range, 0);
        return this.fail(index, "expected an address or a range, as in 10.0.0.0/8");
      }
      case Operator.Role:
        return add(node, text, vocabulary.roles.role(text));
      case Operator.Scope:
        if (!isScope(text)) return this.fail(index, "expected a scope, without spaces and quotes");
        return add(node, text, vocabulary.scopes.add(text));
      case Operator.Issuer:
        vocabulary.issuers.add(text);
        vocabulary.usesCallerName = true;
        return add(node, text, 0);
      case Operator.ApiKey:
        vocabulary.apiKeys.add(text);
        vocabulary.usesCallerName = true;
        return add(node, text, 0);
      case Operator.WebSocket:
      case Operator.Authenticated:
        // These functions have no arguments.
        return;
      case Operator.BodyJson:
      case Operator.BodyOnly:
      case Operator.Claim:
        // `body` and `claim` read all arguments together.
        return;
      default:
        return this.fail(index, `nothing reads what ${signature.name} is given`);
    }
  }

  private claim(node: Node, signature: Signature, args: Array<Bytes>): void {
    const question = signature.question;
    const own = claimOf(question);
    const hasOwn = own.length > 0;
    const path = ClaimPath.parse(hasOwn ? Bytes.of(own) : args[0], null);
    if (!path) return this.fail(0, "expected a claim path, as in realm_access.roles");
    const isSplit = question == Question.SplitContains;
    const values = args.slice(hasOwn ? 0 : isSplit ? 2 : 1);
    for (let i = 0; i < values.length && hasOwn; i++) {
      const problem = problemOfValue(question, values[i]);
      if (problem.length > 0) return this.fail(i, problem);
    }
    const separator = isSplit ? args[1] : Bytes.empty();
    const test = new ClaimTest(signature.question, path, separator, values);
    if (test.isUnknown) return this.fail(0, `nothing answers ${signature.name}`);
    let isCaptured: bool = false;
    for (let i = 0; i < values.length && !hasOwn; i++)
      isCaptured = isCaptured || hasNames(values[i]);
    const tests = isCaptured ? this.vocabulary.captured : this.vocabulary.claims;
    node.number = tests.length;
    if (isCaptured) node.operator = Operator.CapturedClaim;
    tests.push(test);
  }

  private body(node: Node, args: Array<Bytes>): void {
    const path = ClaimPath.parse(args[0], null);
    if (!path) return this.fail(0, "expected a path of names, as in filter.name");
    const names = path.names;
    if (names.length > JSON_DEPTH) return this.fail(0, `no body is read deeper than ${JSON_DEPTH}`);
    for (let i = 0; i < names.length; i++) {
      if (looseForm(names[i]).length == 0) return this.fail(0, NAMELESS);
    }
    const values: Array<Literal> = [];
    for (let i = 1; i < args.length; i++) {
      const json = parse(args[i]);
      if (!json || json.isArray || json.isObject) {
        return this.fail(i, 'expected a JSON literal: false, 1 or "text" with its quotes');
      }
      values.push(new Literal(json.kind, json.text));
    }
    const isLoose = node.operator == Operator.BodyOnly;
    node.body = this.vocabulary.body.add(new BodyQuestion(names, values, isLoose));
  }
}

/** The claim that a function is about which has no argument for it; empty: it has one. */
function claimOf(question: Question): string {
  if (question == Question.Group) return "groups";
  return question == Question.EmailDomain ? "email" : "";
}

function problemOfValue(question: Question, value: Bytes): string {
  if (question == Question.EmailDomain) {
    const host = readHost(value);
    const isName = host !== null && value.equalsInAnyCase(host) && value.indexOf(Char.Dot) > 0;
    return isName ? "" : "expected the domain of addresses, as in example.com";
  }
  return value.is(BELOW) ? "expected a group before `/**`" : "";
}

function add(node: Node, text: Bytes, number: u64): void {
  const argument = new Argument(text, number);
  argument.next = node.arguments;
  node.arguments = argument;
}

/** scope-token of RFC 6749 §3.3; it is written in a challenge, between quotes. */
function isScope(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) {
    const c = text.at(i);
    if (c <= 0x20 || c >= 0x7f || c == Char.Quote || c == Char.Backslash) return false;
  }
  return true;
}

/** The stored form of a pattern for the names below a host: see `hostMatches`. */
function below(host: Bytes, stars: i32): Bytes {
  return Bytes.of(stars == 1 ? "*." : ".").concat(host);
}
