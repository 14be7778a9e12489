import { Bits } from "../../../assembly/claims/bits";
import { Identity } from "../../../assembly/claims/identity";
import { Hierarchy } from "../../../assembly/claims/roles";
import { Facts, holds } from "../../../assembly/policy/evaluate";
import { Node } from "../../../assembly/policy/expression";
import { Parser } from "../../../assembly/policy/parser";
import { Bytes } from "../../../assembly/text/bytes";
import { Names } from "../../../assembly/text/names";

const roles = new Hierarchy();
const scopes = new Names();

function parse(text: string, requestOnly: bool): Parser {
  const parser = new Parser(Bytes.of(text), requestOnly, roles, scopes);
  return parser;
}

/** Column and message of the first mistake, or an empty text. */
function mistake(text: string, requestOnly: bool = false): string {
  const parser = parse(text, requestOnly);
  return parser.parse() ? "" : parser.column.toString() + ": " + parser.message;
}

/** Whether it holds for GET /a on host h, for a caller with the role `r` and the scope `s`, or nobody. */
function evaluate(text: string, somebody: bool = true): bool {
  const node: Node = parse(text, false).parse()!;
  const r = roles.role(Bytes.of("r"));
  const s = scopes.add(Bytes.of("s"));
  node.close(roles.names.length, scopes.length);
  const roleSet = Bits.make(roles.names.length);
  const scopeSet = Bits.make(scopes.length);
  roleSet.add(r);
  scopeSet.add(s);
  const caller = Identity.make(0, 0, roleSet, scopeSet, Bytes.empty(), []);
  const facts = new Facts(
    Bytes.of("GET"),
    Bytes.of("/a"),
    Bytes.of("app.h.com"),
    somebody ? caller : null,
  );
  return holds(node, facts);
}

describe("an expression", () => {
  test("binds `!` before `&&` before `||`", () => {
    expect(evaluate("Path(`/a`) || Path(`/b`) && Path(`/c`)")).toBe(true);
    expect(evaluate("(Path(`/a`) || Path(`/b`)) && Path(`/c`)")).toBe(false);
    expect(evaluate("!Path(`/b`) && Path(`/a`)")).toBe(true);
    expect(evaluate("!(Path(`/b`) || Path(`/a`))")).toBe(false);
    expect(evaluate("!!Path(`/a`)")).toBe(true);
  });
  test("asks about the request", () => {
    expect(evaluate("Method(`POST`, `GET`)")).toBe(true);
    expect(evaluate('Method("POST")')).toBe(false);
    expect(evaluate("Host(`app.h.com`)")).toBe(true);
    expect(evaluate("Host(`*.h.com`)")).toBe(true);
    expect(evaluate("Host(`h.com`)")).toBe(false);
    expect(evaluate("Host(`*.app.h.com`)")).toBe(false);
    expect(evaluate("PathPrefix(`/x`, `/a`)")).toBe(true);
  });
  test("asks about the caller", () => {
    expect(evaluate("Role(`q`, `r`)")).toBe(true);
    expect(evaluate("Role(`q`)")).toBe(false);
    expect(evaluate("Role(`q`) || Scope(`s`)")).toBe(true);
    expect(evaluate("Scope(`t`)")).toBe(false);
    expect(evaluate("Authenticated()")).toBe(true);
    expect(evaluate("Authenticated()", false)).toBe(false);
    expect(evaluate("Role(`r`)", false)).toBe(false);
    expect(evaluate("!Role(`q`)", false)).toBe(true);
  });
  test("names the column and what was expected", () => {
    expect(mistake("Path(`/a`) &&")).toBe("14: expected a function, `!` or `(`, found the end");
    expect(mistake("Path(`/a`) & Path(`/b`)")).toBe(
      "12: expected `&&`, `||` or the end, found something that is no part of the language",
    );
    expect(mistake("Path(/a)")).toBe(
      "6: expected a text in backticks or double quotes, found something that is no part of the language",
    );
    expect(mistake("Path()")).toBe("6: expected a text in backticks or double quotes, found `)`");
    expect(mistake("(Path(`/a`)")).toBe("12: expected `)`, found the end");
    expect(mistake("Pathh(`/a`)")).toBe("1: unknown function Pathh; did you mean Path?");
    expect(mistake("Path(`a`)")).toBe("6: a path starts with `/`");
    expect(mistake("Method(`get`)")).toBe(
      "8: methods are compared as they are, and stand in upper case",
    );
    expect(mistake("Authenticated(`x`)")).toBe("15: expected `)`, found a quoted text");
    expect(mistake("Path(`/a")).toBe(
      "6: expected a text in backticks or double quotes, found something that is no part of the language",
    );
    expect(mistake("Role(`r`)", true)).toBe("1: Role is about the caller and belongs into `allow`");
    expect(mistake("")).toBe("1: expected a function, `!` or `(`, found the end");
  });
  test("is bounded in depth", () => {
    expect(mistake("(".repeat(31) + "Path(`/a`)" + ")".repeat(31))).toBe("");
    expect(mistake("(".repeat(32) + "Path(`/a`)" + ")".repeat(32))).toBe(
      "33: nested deeper than 32 levels",
    );
    expect(mistake("!".repeat(1000))).toBe("33: nested deeper than 32 levels");
  });
});

describe("a long chain", () => {
  test("nests no deeper than a short one", () => {
    expect(evaluate("Path(`/b`) || ".repeat(20000) + "Path(`/a`)")).toBe(true);
    expect(evaluate("Path(`/a`) && ".repeat(20000) + "Path(`/b`)")).toBe(false);
  });
});

describe("a public rule's match", () => {
  test("is narrow when each alternative names its paths", () => {
    expect(parse("Path(`/a`)", true).parse()!.isNarrow()).toBe(true);
    expect(parse("Path(`/a`) && Method(`GET`)", true).parse()!.isNarrow()).toBe(true);
    expect(parse("Path(`/a`) || PathPrefix(`/b`)", true).parse()!.isNarrow()).toBe(true);
    expect(parse("Method(`GET`)", true).parse()!.isNarrow()).toBe(false);
    expect(parse("PathPrefix(`/`)", true).parse()!.isNarrow()).toBe(false);
    expect(parse("Path(`/a`, `/**`)", true).parse()!.isNarrow()).toBe(false);
    expect(parse("Path(`/a`) || Method(`GET`)", true).parse()!.isNarrow()).toBe(false);
    expect(parse("!Path(`/a`)", true).parse()!.isNarrow()).toBe(false);
    expect(parse("!Path(`/a`) && Host(`h`)", true).parse()!.isNarrow()).toBe(false);
  });
});
