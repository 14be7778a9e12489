import { Bits } from "../../../assembly/claims/bits";
import { Identity } from "../../../assembly/claims/identity";
import { ClaimValue } from "../../../assembly/claims/test";
import { Field, Request } from "../../../assembly/http/request";
import { parse as parseJson } from "../../../assembly/json/parse";
import { nameOf } from "../../../assembly/outcome/reason";
import { Body } from "../../../assembly/policy/body";
import { Captures } from "../../../assembly/policy/captures";
import { Facts, holds, Truth } from "../../../assembly/policy/evaluate";
import { Node } from "../../../assembly/policy/expression";
import { Parser } from "../../../assembly/policy/parser";
import { Vocabulary } from "../../../assembly/policy/vocabulary";
import { Bytes } from "../../../assembly/text/bytes";

let bodyText = "";
let bodyReads = 0;

function readBody(): Bytes | null {
  bodyReads++;
  return bodyText == "(large)" ? null : Bytes.of(bodyText);
}

const PAYLOAD =
  '{"team":"red","level":3,"tenants":["acme","x,y"],"groups":["g1"],"list":"a b c","empty":"","nothing":null}';

let bodyType = "";

function readType(request: Request): void {
  request.set(Field.ContentType, Bytes.of(bodyType));
}

function parse(text: string): Node {
  return new Parser(new Vocabulary()).parse(Bytes.of(text), true)!;
}

/** Column and message of the first mistake, or an empty text. */
function mistake(text: string, requestOnly: bool = false): string {
  const parser = new Parser(new Vocabulary());
  return parser.parse(Bytes.of(text), requestOnly)
    ? ""
    : parser.column.toString() + ": " + parser.message;
}

/** Whether it holds for GET /a?x=1 on app.h.com, for a caller with the role `r`, the scope `s` and PAYLOAD, or nobody. */
function evaluate(
  text: string,
  somebody: bool = true,
  query: string = "?x=1",
  path: string = "/a",
  method: string = "GET",
): bool {
  const vocabulary = new Vocabulary();
  const node: Node = new Parser(vocabulary).parse(Bytes.of(text), false)!;
  const r = vocabulary.roles.role(Bytes.of("r"));
  const s = vocabulary.scopes.add(Bytes.of("s"));
  node.close(vocabulary);
  const roles = Bits.make(vocabulary.roles.names.length);
  const scopes = Bits.make(vocabulary.scopes.length);
  const tests = Bits.make(vocabulary.claims.length);
  roles.add(r);
  scopes.add(s);
  const payload = parseJson(Bytes.of(PAYLOAD))!;
  for (let i = 0; i < vocabulary.claims.length; i++) {
    const test = vocabulary.claims[i];
    if (test.holds(ClaimValue.of(test.path.find(payload)), test.values)) tests.add(i);
  }
  const kept: Array<ClaimValue> = [];
  for (let i = 0; i < vocabulary.captured.length; i++) {
    kept.push(ClaimValue.of(vocabulary.captured[i].path.find(payload)));
  }
  const request = new Request(Bytes.of(method), Bytes.of("/a"));
  request.peer = Bytes.of("10.1.2.3:4711");
  request.set(Field.Connection, Bytes.of("keep-alive, Upgrade"));
  request.set(Field.Upgrade, Bytes.of("h2c, WebSocket"));
  request.headers = new StaticArray<Bytes | null>(vocabulary.headers.length);
  for (let i = 0; i < vocabulary.headers.length; i++) {
    request.headers[i] = vocabulary.headers.at(i).is("x-a") ? Bytes.of("one\0two") : null;
  }
  bodyReads = 0;
  const body = new Body(vocabulary.body, readBody, readType);
  const facts = new Facts(request, body, vocabulary);
  facts.begin(request, Bytes.of(path), Bytes.of(query), false);
  facts.host = Bytes.of("app.h.com");
  facts.captures = new Captures();
  if (somebody) {
    facts.caller = Identity.make(0, 0, roles, scopes, tests, Bytes.empty(), [], kept);
    facts.callerName = Bytes.of("https://sso");
  }
  let result = holds(node, facts);
  if (result == Truth.Unknown) {
    facts.readBody();
    result = holds(node, facts);
  }
  bodyReason = nameOf(facts.unread);
  return result == Truth.Yes;
}

let bodyReason = "";

/** Whether it holds over a body, or why that cannot be read. */
function withBody(text: string, body: string, type: string = "application/json"): string {
  bodyText = body;
  bodyType = type;
  const result = evaluate(text);
  return bodyReason != "none" ? bodyReason : result ? "yes" : "no";
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
    // Up to eight capitals are compared as a number, others as text.
    const methods = ["T", "GET", "PUT", "POST", "PROPFIND", "PROPFINE", "MKCALENDAR", "X-PURGE"];
    for (let i = 0; i < methods.length; i++) {
      for (let j = 0; j < methods.length; j++) {
        const text = `Method(\`OTHER\`, \`${methods[j]}\`)`;
        expect(evaluate(text, true, "", "/a", methods[i])).toBe(i == j);
      }
    }
    expect(evaluate("Host(`app.h.com`)")).toBe(true);
    expect(evaluate("Host(`*.h.com`)")).toBe(true);
    expect(evaluate("Host(`h.com`)")).toBe(false);
    expect(evaluate("Host(`*.app.h.com`)")).toBe(false);
    expect(evaluate("Host(`*.com`)")).toBe(false);
    expect(evaluate("Host(`**.com`)")).toBe(true);
    expect(evaluate("Host(`**.h.com`)")).toBe(true);
    expect(evaluate("Host(`**.app.h.com`)")).toBe(false);
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
      "12: expected `&&`, `||` or the end, found an invalid character, an unclosed text or a placeholder",
    );
    expect(mistake("Path(/a)")).toBe(
      "6: expected a text in backticks or double quotes, found an invalid character, an unclosed text or a placeholder",
    );
    expect(mistake("Path()")).toBe("6: expected a text in backticks or double quotes, found `)`");
    expect(mistake("Equals(`a`)")).toBe("11: Equals takes 2 arguments");
    expect(mistake("Query(`a`, `b`, `c`)")).toBe("20: Query takes 1 to 2 arguments");
    expect(mistake("Exists(`a`, `b`)")).toBe("16: Exists takes 1 argument");
    expect(mistake("Path(`/a`,)")).toBe(
      "11: expected a text in backticks or double quotes, found `)`",
    );
    expect(mistake("ClientIP(`10.0.0.0/33`)")).toBe(
      "10: expected an address or a range, as in 10.0.0.0/8",
    );
    expect(mistake("BodyOnly(`a`, `x`)")).toBe(
      '15: expected a JSON literal: false, 1 or "text" with its quotes',
    );
    expect(mistake("(Path(`/a`)")).toBe("12: expected `)`, found the end");
    expect(mistake("Pathh(`/a`)")).toBe("1: unknown function Pathh; did you mean Path?");
    expect(mistake("Path(`a`)")).toBe("6: a path starts with `/`");
    expect(mistake("Method(`get`)")).toBe(
      "8: methods are case-sensitive: write them in upper case",
    );
    expect(mistake("Authenticated(`x`)")).toBe("15: expected `)`, found a quoted text");
    expect(mistake("Path(`/a")).toBe(
      "6: expected a text in backticks or double quotes, found an invalid character, an unclosed text or a placeholder",
    );
    expect(mistake("Role(`r`)", true)).toBe("1: Role is about the caller and belongs in `allow`");
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

describe("the request", () => {
  test("has headers, parameters, an address and an upgrade", () => {
    expect(evaluate("Header(`X-A`, `two`)")).toBe(true);
    expect(evaluate("Header(`X-A`, `one two`)")).toBe(false);
    expect(evaluate("Header(`X-B`, `two`)")).toBe(false);
    expect(evaluate("Query(`x`)")).toBe(false);
    expect(evaluate("Query(`x`)", true, "?x=1&x=")).toBe(true);
    expect(evaluate("Query(`x`)", true, "?x")).toBe(true);
    expect(evaluate("!QueryOnly(`x`)")).toBe(true);
    expect(evaluate("!QueryOnly(`y`)")).toBe(false);
    expect(evaluate("Query(`x`, `1`)")).toBe(true);
    expect(evaluate("Query(`x`, `2`)")).toBe(false);
    expect(evaluate("Query(`x`, `2`)", true, "?x=1&%78=2")).toBe(true);
    expect(evaluate("Query(`a b`, `c d`)", true, "?a+b=c%20d")).toBe(true);
    expect(evaluate("ClientIP(`10.0.0.0/8`)")).toBe(true);
    expect(evaluate("ClientIP(`10.1.2.4`, `::1`)")).toBe(false);
    expect(evaluate("WebSocket()")).toBe(true);
    expect(evaluate("Upgrade(`websocket`)")).toBe(false);
    expect(evaluate("Upgrade(`WEBSOCKET`, `H2C`)")).toBe(true);
  });
  test("has a parameter with those values only, or not at all", () => {
    const only = "QueryOnly(`s`, `false`, `0`)";
    expect(evaluate(only, true, "")).toBe(true);
    expect(evaluate(only, true, "?x=1")).toBe(true);
    expect(evaluate(only, true, "?s=false&s=0")).toBe(true);
    expect(evaluate(only, true, "?s=false&s=true")).toBe(false);
    expect(evaluate(only, true, "?s=true&s=false")).toBe(false);
    expect(evaluate(only, true, "?%73=%74rue")).toBe(false);
    expect(evaluate(only, true, "?s")).toBe(false);
    expect(evaluate(only, true, "?%zz=true")).toBe(false);
  });
  test("has a parameter under whatever name parsers take for it", () => {
    const only = "QueryOnly(`Is_Öd`, `no`)";
    const names = [
      "Is_Öd",
      "isöd",
      "IS-%C3%96D",
      "iſ_öd",
      "+Is_Öd",
      "Is_Öd+",
      "%20is%00öd",
      "is%C2%A0öd",
      "İs_öd",
      "ıs.öd",
      "[is_öd]",
      "$is_öd",
      "is%E2%80%8Böd",
    ];
    for (let i = 0; i < names.length; i++) {
      expect(evaluate(only, true, "?" + names[i] + "=yes")).toBe(false, names[i]);
      expect(evaluate(only, true, "?" + names[i] + "=no")).toBe(true, names[i]);
    }
    const parts = [
      "is_öd[]",
      "is_öd[0]",
      "is_öd.",
      "is_öd.a",
      "Is_Öd%5Ba%5D",
      "is_öd%00a",
      "isöd[",
    ];
    for (let i = 0; i < parts.length; i++) {
      expect(evaluate(only, true, "?" + parts[i] + "=no")).toBe(false, parts[i]);
    }
    const unsure = ["%C3", "is_%FFod", "%2569s", "a%25c3"];
    for (let i = 0; i < unsure.length; i++) {
      expect(evaluate(only, true, "?" + unsure[i] + "=no")).toBe(false, unsure[i]);
    }
    const others = [
      "is_od",
      "is_üd",
      "is",
      "is_öde",
      "ais_öd",
      "x[is_öd]",
      "x.is_öd",
      "100%25",
      "",
    ];
    for (let i = 0; i < others.length; i++) {
      expect(evaluate(only, true, "?" + others[i] + "=yes")).toBe(true, others[i]);
    }
  });
});

describe("the body", () => {
  test("is guarded by every occurrence", () => {
    const only = "BodyOnly(`s`, `false`)";
    expect(withBody(only, "")).toBe("yes");
    expect(withBody(only, "{}")).toBe("yes");
    expect(withBody(only, '{"s":false}')).toBe("yes");
    expect(withBody(only, '{"s":false,"s":true}')).toBe("no");
    expect(withBody(only, '{"s":true,"s":false}')).toBe("no");
    expect(withBody(only, '{"\\u0073":true}')).toBe("no");
    const values = ["true", '"false"', "0", "0.0", "null", "[false]", "{}", '"yes"'];
    for (let i = 0; i < values.length; i++) {
      expect(withBody(only, '{"s":' + values[i] + "}")).toBe("no", values[i]);
    }
    expect(withBody("BodyJSON(`s`) && !BodyJSON(`s`, `false`)", '{"s":false,"s":true}')).toBe("no");
    expect(withBody('BodyJSON(`a.b`, `"x"`)', '{"a":{"b":"x"}}')).toBe("yes");
  });
  test("has to say that it is JSON, in UTF-8", () => {
    const only = "BodyOnly(`s`, `false`)";
    const good = [
      "application/json",
      "Application/JSON",
      " application/vnd.api+json ;ext=a",
      "application/json;charset=UTF-8",
      'application/json; charset="utf-8"; a=b',
    ];
    for (let i = 0; i < good.length; i++)
      expect(withBody(only, "{}", good[i])).toBe("yes", good[i]);
    const bad = [
      "",
      "json",
      "text/plain",
      "text/json",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=a",
      "multipart/a+json",
      "application/jsonp",
      "application/json, text/plain",
      "application/json\0multipart/form-data; boundary=a",
      "application/x-www-form-urlencoded application/json",
      "application/json-patch+json",
      "application/json; charset=utf-7",
      "application/json; charset='utf-8'",
      "application/json; charset*=utf-8",
      "application/json; charset=utf-8; CHARSET=utf-7",
      "application/json; charset",
      "application/json; charset =utf-7",
      "application/x/y+json",
    ];
    for (let i = 0; i < bad.length; i++) {
      expect(withBody(only, "{}", bad[i])).toBe("body_type_not_json", bad[i]);
      expect(withBody(only, "", bad[i])).toBe("yes", bad[i]);
    }
  });
  test("that cannot be read refuses the request", () => {
    const only = "BodyOnly(`s`, `false`)";
    expect(withBody(only, "(large)")).toBe("body_too_large");
    expect(withBody(only, "{")).toBe("body_not_json");
    expect(withBody(only, "\ufeff{}")).toBe("body_not_json");
    expect(withBody(only, "s=false")).toBe("body_not_json");
    expect(withBody("!" + only, "{")).toBe("body_not_json");
  });
  test("is read once, and only when the answer rests on it", () => {
    bodyText = "{}";
    expect(evaluate("Role(`r`) || BodyOnly(`s`, `false`)")).toBe(true);
    expect(bodyReads).toBe(0);
    expect(evaluate("Role(`q`) && BodyOnly(`s`, `false`)")).toBe(false);
    expect(bodyReads).toBe(0);
    expect(evaluate("BodyOnly(`s`, `false`) && Role(`q`)")).toBe(false);
    expect(evaluate("BodyOnly(`s`, `false`) || Role(`r`)")).toBe(true);
    expect(bodyReads).toBe(0);
    bodyType = "application/json";
    expect(evaluate("BodyOnly(`s`, `false`) && BodyOnly(`t`, `false`)")).toBe(true);
    expect(bodyReads).toBe(1);
  });
});

describe("claims", () => {
  test("are compared by their type", () => {
    expect(evaluate("Equals(`team`, `red`)")).toBe(true);
    expect(evaluate("Equals(`level`, `3`)")).toBe(true);
    expect(evaluate("Equals(`tenants`, `acme`)")).toBe(false);
    expect(evaluate("Equals(`missing`, `red`)")).toBe(false);
    expect(evaluate("Equals(`empty`, ``)")).toBe(true);
    expect(evaluate("!Equals(`missing`, `red`)")).toBe(true);
    expect(evaluate("Prefix(`team`, `re`)")).toBe(true);
    expect(evaluate("Prefix(`team`, `ed`)")).toBe(false);
    expect(evaluate("Contains(`tenants`, `acme`)")).toBe(true);
    expect(evaluate("Contains(`tenants`, `acm`)")).toBe(false);
    expect(evaluate("Contains(`team`, `red`)")).toBe(false);
    expect(evaluate("SplitContains(`list`, ` `, `b`)")).toBe(true);
    expect(evaluate("SplitContains(`list`, ` `, `a b`)")).toBe(false);
    expect(evaluate("SplitContains(`tenants`, `,`, `x`)")).toBe(false);
    expect(evaluate("OneOf(`team`, `blue`, `red`)")).toBe(true);
    expect(evaluate("Exists(`team`)")).toBe(true);
    expect(evaluate("Exists(`nothing`)")).toBe(false);
    expect(evaluate("Group(`g0`, `g1`)")).toBe(true);
    expect(evaluate("Issuer(`https://sso`)")).toBe(true);
    expect(evaluate("ApiKey(`https://sso`)")).toBe(false);
    expect(evaluate("Exists(`team`)", false)).toBe(false);
  });
  test("are compared with what the path holds", () => {
    const tenant = "Path(`/t/{tenant}/**`) && Contains(`tenants`, `{tenant}`)";
    expect(evaluate(tenant, true, "", "/t/acme/x")).toBe(true);
    expect(evaluate(tenant, true, "", "/t/other/x")).toBe(false);
    expect(evaluate("Path(`/t/{a}/{b}`) && Equals(`team`, `{b}{a}`)", true, "", "/t/d/re")).toBe(
      true,
    );
    expect(evaluate("Path(`/**/{a}/z`) && Equals(`team`, `{a}`)", true, "", "/x/y/red/z")).toBe(
      true,
    );
  });
});

describe("a long chain", () => {
  test("nests no deeper than a short one", () => {
    expect(evaluate("Path(`/b`) || ".repeat(20000) + "Path(`/a`)")).toBe(true);
    expect(evaluate("Path(`/a`) && ".repeat(20000) + "Path(`/b`)")).toBe(false);
  });
});

describe("a public rule's match", () => {
  test("captures a name when each alternative does", () => {
    const name = Bytes.of("x");
    expect(parse("Path(`/{x}`)").captures(name)).toBe(true);
    expect(parse("Path(`/{x}`, `/a/{x}`) && Method(`GET`)").captures(name)).toBe(true);
    expect(parse("Path(`/{x}`) || PathPrefix(`/a/{x}`)").captures(name)).toBe(true);
    expect(parse("Path(`/{x}`, `/a`)").captures(name)).toBe(false);
    expect(parse("Path(`/{x}`) || Path(`/a`)").captures(name)).toBe(false);
    expect(parse("!Path(`/{x}`)").captures(name)).toBe(false);
    expect(parse("Path(`/{xy}`)").captures(name)).toBe(false);
  });
  test("is narrow when each alternative names its paths", () => {
    expect(parse("Path(`/a`)").isNarrow()).toBe(true);
    expect(parse("Path(`/a`) && Method(`GET`)").isNarrow()).toBe(true);
    expect(parse("Path(`/a`) || PathPrefix(`/b`)").isNarrow()).toBe(true);
    expect(parse("Method(`GET`)").isNarrow()).toBe(false);
    expect(parse("PathPrefix(`/`)").isNarrow()).toBe(false);
    expect(parse("Path(`/a`, `/**`)").isNarrow()).toBe(false);
    expect(parse("Path(`/a`) || Method(`GET`)").isNarrow()).toBe(false);
    expect(parse("!Path(`/a`)").isNarrow()).toBe(false);
    expect(parse("!Path(`/a`) && Host(`h`)").isNarrow()).toBe(false);
  });
});
