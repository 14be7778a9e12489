/** Mistakes in rules: the column says where, the message what was expected. */
import { type BadConfiguration, but, type Row, rowsOf } from "./configurations.ts";

const rule = (match: unknown, allow: unknown = "authenticated") => ({ match, allow });
const rules = (...list: unknown[]) => ({ rules: list });
const order = (value: unknown) => ({ ...rule("Path(`/a`)"), order: value });
const nested = (depth: number) => `${"(".repeat(depth)}Path(\`/a\`)${")".repeat(depth)}`;

const ROWS: Row[] = [
  ["rules: an empty list", { rules: [] }, ["rules", "empty", "is empty"]],
  ["rules: a map", { rules: { a: "b" } }, ["rules", "wrong_type", "a list of maps"]],
  ["rules: without match", rules({ allow: "deny" }), ["rules[0].match", "missing", "PathPrefix"]],
  [
    "rules: without allow",
    rules({ match: "Path(`/a`)" }),
    ["rules[0].allow", "missing", "public, optional, authenticated"],
  ],
  [
    "rules: both empty",
    rules({ match: "", allow: "" }),
    ["rules[0].match", "empty", "is empty"],
    ["rules[0].allow", "empty", "is empty"],
  ],
  [
    "rules: an unknown key",
    rules({ ...rule("Path(`/a`)"), alow: "deny" }),
    ["rules[0].alow", "unknown_key", "rules[0].allow"],
  ],
  [
    "rules: more than 512",
    { rules: Array.from({ length: 513 }, () => rule("Path(`/a`)")) },
    ["rules", "too_many", "512"],
  ],
  [
    "rules: more than 4,096 paths",
    {
      rules: Array.from({ length: 65 }, (_, i) =>
        rule(`Path(${Array.from({ length: 64 }, (_, j) => `\`/${i}/${j}\``).join(", ")})`),
      ),
    },
    ["rules", "too_many", "4096 paths"],
  ],
  [
    "match: longer than 64 KiB",
    rules(rule(`Path(\`/${"a".repeat(65_536)}\`)`)),
    ["rules[0].match", "wrong_value", "65536"],
  ],
  [
    "order: only some",
    rules(order(1), rule("Path(`/b`)")),
    ["rules", "order_incomplete", "give one to each"],
  ],
  ["order: twice the same", rules(order(1), order(1)), ["rules", "order_duplicate", "the order 1"]],
  ["order: no number", rules(order("first")), ["rules[0].order", "wrong_value", "whole number"]],
  ["order: negative", rules(order(-1)), ["rules[0].order", "wrong_value", "whole number"]],
  [
    "encodedPath of a rule",
    rules({ ...rule("Path(`/a`)"), encodedPath: "yes" }),
    ["rules[0].encodedPath", "wrong_value", "refuse, allow"],
  ],
  [
    "audit: of a rule, no word of the list",
    rules({ ...rule("Path(`/a`)"), audit: "some" }),
    ["rules[0].audit", "wrong_value", "off, denied, writes, all"],
  ],
  [
    "detail: 201 bytes",
    rules({ ...rule("Path(`/a`)"), detail: "é".repeat(100) + "e" }),
    ["rules[0].detail", "wrong_value", "at most 200 bytes"],
  ],
  [
    "detail: two lines",
    rules({ ...rule("Path(`/a`)"), detail: "No.\nNever." }),
    ["rules[0].detail", "wrong_value", "in one line"],
  ],
  ["default", { default: "allow" }, ["default", "wrong_value", "deny, authenticated"]],
  ["encodedPath", { encodedPath: true }, ["encodedPath", "wrong_value", "refuse, allow"]],
  ...[
    "PathPrefix(`/`)",
    "Path(`/**`)",
    "Path(`/*`)",
    "Path(`/{all}`)",
    "Path(`/*/**`)",
    "Host(`app.example.com`)",
    "Method(`GET`)",
    "!Path(`/a`)",
    "!(Path(`/a`) && Method(`POST`))",
    "Path(`/a`) || Method(`GET`)",
    "Path(`/a`, `/**`)",
    "Path(`/**/*a*`)",
    "PathPrefix(`/**/static`)",
    "PathPrefix(`/*.js`)",
    "!(!PathPrefix(`/a`))",
  ].map((match): Row => [
    `public is too wide: ${match}`,
    rules(rule(match, "public")),
    ["rules[0].match", "public_too_wide", "names its paths"],
  ]),
  [
    "optional is too wide",
    rules(rule("PathPrefix(`/`)", "optional")),
    ["rules[0].match", "public_too_wide", "names its paths"],
  ],
];

/** Rules whose `allow` names what their `match` does not capture, or not whichever part of it holds. */
const NOT_CAPTURED: [string, string][] = [
  ["Path(`/{b}`)", "Contains(`tenants`, `{a}`)"],
  ["Path(`/a`)", "Contains(`tenants`, `{a}`)"],
  ["Path(`/{a}`, `/{b}/x`)", "Contains(`tenants`, `{a}`)"],
  ["Path(`/{a}`) || Path(`/x/{b}`)", "Contains(`tenants`, `{a}`)"],
  ["PathPrefix(`/x`) && !Path(`/x/{a}`)", "Contains(`tenants`, `{a}`)"],
  ["Path(`/{A}`)", "Role(`owner`) || Equals(`sub`, `{a}`)"],
];

/** Rules in which one name is captured at two places. */
const TWICE: [string, string][] = [
  ["Path(`/{a}/{a}`)", "authenticated"],
  ["Path(`/{a}`, `/{b}/{b}`)", "authenticated"],
  ["Path(`/t/{a}/**`) && PathPrefix(`/*/{a}`)", "authenticated"],
  ["Path(`/t/{a}/**`) && !Path(`/t/*/{a}/secret`)", "Contains(`tenants`, `{a}`)"],
  ["Path(`/t/{a}/**`) && (Method(`GET`) || Path(`/t/*/{a}`))", "authenticated"],
  ["(Path(`/{a}`) || Path(`/x/{a}`)) && Path(`/**/{a}`)", "authenticated"],
];

/** Expression -> column and part of the message. `match` unless it stands under ALLOW. */
const MATCH: Record<string, [number, string]> = {
  "PathPrefix(`/`": [15, "expected `)`, found the end"],
  "PathPrefix(`/)": [12, "found an invalid character, an unclosed text"],
  PathPrefix: [11, "expected `(`, found the end"],
  "PathPrefix()": [12, "expected a text in backticks or double quotes"],
  "PathPrefix(/)": [12, "expected a text"],
  "PathPrefix('/')": [12, "expected a text"],
  "Path(`/a`,)": [11, "expected a text"],
  "Path(`a`)": [6, "starts with `/`"],
  "Path(``)": [6, "an empty text"],
  [`Path(\`/{${"a".repeat(129)}}\`)`]: [6, "shorter"],
  "Path(`/a//b`)": [6, "an empty segment"],
  "Path(`/a/../b`)": [6, "a dot segment"],
  "PathPrefix(`/adm%69n`)": [12, "written decoded"],
  "PathPrefix(`/a%2fb`)": [12, "written decoded"],
  "Path(`/caf%C3%A9`)": [6, "written decoded"],
  "Path(`/a\\b`)": [6, "no regular expressions"],
  "Host(`.example.com`)": [6, "a host name"],
  "Header(`X-A`)": [13, "takes 2 arguments"],
  "Header(`X A`, `b`)": [8, "the name of a header"],
  "Header(`Host`, `b`)": [8, "Host(`…`)"],
  "Header(`HOST`, `b`)": [8, "Host(`…`)"],
  "Header(`X-A`, ``)": [15, "an empty text"],
  "Query(`a`, ``)": [12, "leave it out"],
  "QueryOnly()": [11, "expected a text"],
  "Upgrade()": [9, "expected a text"],
  "Upgrade(`a b`)": [9, "a protocol"],
  "Upgrade(`tcp, foo`)": [9, "a protocol"],
  "Upgrade(`/1`)": [9, "a protocol"],
  "Upgrade(`a/`)": [9, "a protocol"],
  "Upgrade(`a/1/2`)": [9, "a protocol"],
  "PathRegexp(`^/a`)": [1, "no regular expressions"],
  "HostRegexp(`.+`)": [1, "no regular expressions"],
  // Traefik 2 had expressions between the braces, and people know them from elsewhere.
  "Path(`/files/{name:[a-z]+.css}`)": [6, "Traefik 2"],
  "Path(`/users/{id:[0-9]+}`)": [6, "Traefik 2"],
  "PathPrefix(`/{path:(a|b)/c}`)": [12, "Traefik 2"],
  "PathPrefix(`/admin/.*`)": [12, "Traefik 2"],
  "Path(`/a/.+`)": [6, "Traefik 2"],
  "Path(`/a/[0-9]+`)": [6, "Traefik 2"],
  "Path(`/a/\\d`)": [6, "Traefik 2"],
  "Path(`/(a|b)`)": [6, "Traefik 2"],
  "Path(`/^a`)": [6, "Traefik 2"],
  "Path(`/a$`)": [6, "Traefik 2"],
  "Path(`/{a-b}`)": [6, "a whole segment"],
  "Path(`/{1}`)": [6, "a whole segment"],
  "Path(`/a}`)": [6, "a whole segment"],
  "Path(`/%7b`)": [6, "written decoded"],
  "ClientIP(`10.0.0.0/33`)": [10, "an address or a range"],
  "BodyOnly(`a`, `x`)": [15, "a JSON literal"],
  'BodyOnly(`a`, `"x`)': [15, "a JSON literal"],
  "BodyOnly(`a`, `tru`)": [15, "a JSON literal"],
  "BodyOnly(`a`, `1.`)": [15, "a JSON literal"],
  "BodyJSON(`a..b`)": [10, "a path of names"],
  "BodyJSON(`a._`)": [10, "a letter or a digit"],
  "BodyOnly(`$`, `1`)": [10, "a letter or a digit"],
  "QueryOnly(`_`, `1`)": [11, "a letter or a digit"],
  [`BodyOnly(\`${"a.".repeat(32)}a\`, \`1\`)`]: [10, "deeper than 32"],
  "Path(`/a?b`)": [6, "query or fragment"],
  "Path(`/x{id}`)": [6, "a whole segment"],
  "Path(`/{}`)": [6, "a whole segment"],
  "Path(`/a**`)": [6, "whole segments"],
  "path(`/a`)": [1, "did you mean Path?"],
  "Foo(`/a`)": [1, "unknown function Foo"],
  "Path(`/a`) Path(`/b`)": [12, "expected `&&`, `||` or the end, found a name"],
  "Path(`/a`) & Path(`/b`)": [12, "found an invalid character"],
  "<Authenticated()> && Path(`/a`)": [1, "or a placeholder"],
  "Path(`/a`) &&": [14, "expected a function, `!` or `(`, found the end"],
  "Path(`/a`) and Path(`/b`)": [12, "expected `&&`"],
  "&& Path(`/a`)": [1, "found `&&`"],
  "(Path(`/a`)": [12, "expected `)`"],
  "Path(`/a`))": [11, "found `)`"],
  "!": [2, "found the end"],
  'Path("/a)': [6, "found an invalid character"],
  'Path("/a\\n")': [6, "found an invalid character"],
  "Method(`get`)": [8, "upper case"],
  "Method(`GET /`)": [8, "an HTTP method"],
  "Host(`app.example.com:80`)": [6, "without a port"],
  "Host(`a b`)": [6, "a host name"],
  "Host(`[::1]:80`)": [6, "without a port"],
  "Host(`::1`)": [6, "IPv6 in brackets"],
  "Host(`[app.example.com]`)": [6, "IPv6 in brackets"],
  "Host(`*.[::1]`)": [6, "a host name"],
  "Host(`10.1`)": [6, "a host name"],
  "Host(`*`)": [6, "a host name"],
  "Role(`viewer`)": [1, "is about the caller and belongs in `allow`"],
  "Path(`/a`) && Authenticated()": [15, "belongs in `allow`"],
  [nested(33)]: [33, "nested deeper than 32"],
  ["!".repeat(40) + "Path(`/a`)"]: [33, "nested deeper than 32"],
};

const ALLOW: Record<string, [number, string]> = {
  "Role(`viewer`": [14, "expected `)`"],
  "Role()": [6, "expected a text"],
  "Authenticated(`a`)": [15, "expected `)`"],
  "Scope(`a b`)": [7, "a scope"],
  'Scope(`a", realm="x`)': [7, "a scope"],
  "Equals(`a`)": [11, "takes 2 arguments"],
  "Equals(`a..b`, `c`)": [8, "a claim path"],
  "Exists(`a`, `b`)": [16, "takes 1 argument"],
  "EmailDomain(`@example.com`)": [13, "the domain of addresses"],
  "EmailDomain(`a.example`, `*.example.com`)": [26, "the domain of addresses"],
  "EmailDomain(`localhost`)": [13, "the domain of addresses"],
  "EmailDomain(`example.com.`)": [13, "the domain of addresses"],
  "EmailDomain(`example.com:80`)": [13, "the domain of addresses"],
  "EmailDomain(``)": [13, "an empty text"],
  "EmailDomain()": [13, "expected a text"],
  "Group(`a`, `/**`)": [12, "a group before"],
  Optional: [1, "unknown function Optional"],
  Public: [1, "unknown function Public"],
  everybody: [1, "unknown function everybody"],
  "Role(`a`) && public": [14, "unknown function public"],
};

const expressions = (key: "match" | "allow", table: Record<string, [number, string]>) =>
  Object.entries(table).map(([text, [column, says]]): BadConfiguration => ({
    name: `${key}: ${text.length > 50 ? `${text.slice(0, 20)}… (${text.length})` : text}`,
    config: but(rules(key === "match" ? rule(text) : rule("Path(`/a`)", text))),
    mistakes: [{ path: `rules[0].${key}`, code: "syntax", says, column }],
  }));

export const BAD_RULES: BadConfiguration[] = [
  ...rowsOf(ROWS),
  ...rowsOf(
    TWICE.map(([match, allow]): Row => [
      `captured twice: ${match}`,
      rules(rule(match, allow)),
      ["rules[0].match", "captured_twice", "a name of its own"],
    ]),
  ),
  ...rowsOf(
    NOT_CAPTURED.map(([match, allow]): Row => [
      `not captured: ${match}, ${allow}`,
      rules(rule(match, allow)),
      ["rules[0].allow", "not_captured", "{a} is captured by no Path of `match`"],
    ]),
  ),
  ...rowsOf(
    ["Path(`/t/*/{a}`)", "!Path(`/x/{a}`)", "Authenticated() && Path(`/**/{a}`)"].map(
      (allow): Row => [
        `captured twice: in match and in ${allow}`,
        rules(rule("Path(`/t/{a}/**`)", allow)),
        ["rules[0].allow", "captured_twice", "two places"],
      ],
    ),
  ),
  ...expressions("match", MATCH),
  ...expressions("allow", ALLOW),
  {
    name: "rules: two of three have a mistake",
    config: but(rules(rule("Path(`/a`)", "Rol(`a`)"), rule("Path(`/b`)"), rule("Path(b)"))),
    mistakes: [
      { path: "rules[0].allow", code: "syntax", says: "did you mean Role?", column: 1 },
      { path: "rules[2].match", code: "syntax", says: "expected a text", column: 6 },
    ],
  },
];
