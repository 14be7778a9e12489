/** The functions of the rule language, one by one: what holds, and what nearly does. */
import { token } from "../support/tokens.ts";
import { type Case, type Expected, forbidden, malformed, passes, unauthenticated } from "./case.ts";

const caller = await token({
  tenants: ["acme", "a/b"],
  team: { name: "red" },
  list: "a;b;c",
  level: 3,
  nothing: null,
  groups: ["g0", "g1"],
});
const other = await token({ tenants: "acme", team: ["red"], list: ["b"], level: "4" });
const runner = await token({ realm_access: { roles: ["läufer-extern"] } });
const narrowed = unauthenticated();
const no = (rule: string) => forbidden("rule_not_satisfied", rule);

const request = (
  name: string,
  target: string,
  expect: Expected,
  more: Partial<Case> = {},
): Case => ({ name: `${name}: ${target}`, gate: "language", target, expect, ...more });

const upgrade = (value: string, connection = "Upgrade") => ({
  headers: { Connection: connection, Upgrade: value },
});
const refused = malformed("upgrade_not_allowed");

/** Gate, path, header, then what comes of it; on a path that is open to all, an upgrade is a way past all rules. */
const UPGRADES: [string, string, string, Expected, Partial<Case>?][] = [
  ["language", "/any", "websocket", passes()],
  ["language", "/any", "WebSocket, websocket", passes()],
  ["language", "/any", "foo", refused],
  ["language", "/any", "foo, websocket", refused],
  ["language", "/any", "websocket, foo", refused],
  ["language", "/any", "websocket/13", refused],
  ["language", "/any", "h2c-14", refused],
  ["language", "/any", "h2c", refused],
  ["language", "/any", "websocket, H2C", refused],
  ["language", "/any", '"h2c"', refused],
  ["language", "/any", "tcp", refused],
  ["language", "/any", "TLS/1.0", refused],
  ["language", "/any", ",", refused],
  ["language", "/tcp", ",", refused],
  ["language", "/any", "", passes()],
  ["language", "/tcp", "tcp", passes({ rule: "tcp" })],
  ["language", "/tcp", "TCP", passes({ rule: "tcp" })],
  ["language", "/tcp", "SPDY/3.1", passes({ rule: "tcp" })],
  ["language", "/tcp", "SPDY/3.1, tcp", passes({ rule: "tcp" })],
  ["language", "/tcp", "SPDY", refused],
  ["language", "/tcp", "tcp, foo", refused],
  ["language", "/tcp", "websocket", narrowed],
  ["language", "/exec", "tcp", passes({ rule: "exec" }), { token: caller }],
  ["language", "/exec", "tcp", unauthenticated()],
  ["language", "/exec", "foo", refused, { token: caller }],
  ["language", "/not-tcp", "tcp", refused],
  ["language", "/not-tcp", "foo", refused],
  ["language", "/any", "websocket", refused, { method: "POST" }],
  ["language", "/nowhere", "foo", refused, { token: caller }],
  ["open", "/a", "foo", refused, { token: caller }],
  ["open", "/a", "websocket", passes(), { token: caller }],
  ["report", "/api/a", "foo", refused],
  ["report", "/api/a", "websocket, foo", refused],
  ["report", "/api/a", "websocket", passes({ reason: "credential_missing" })],
  ["report-upgrade", "/tcp", "tcp", passes({ rule: "tcp" }), { token: caller }],
  // What a rule does not let pass would be a tunnel that nobody has a right to.
  ["report-upgrade", "/tcp", "tcp", unauthenticated()],
  ["report-upgrade", "/tcp", "websocket, tcp", unauthenticated()],
  ["report-upgrade", "/tcp", "websocket", passes({ reason: "credential_missing" })],
  ["main", "/public", "foo", refused],
];

export const LANGUAGE: Case[] = [
  request("Header", "/header", passes({ rule: "header" }), { headers: { "x-mode": "fast" } }),
  request("Header: another value", "/header", narrowed, { headers: { "X-Mode": "faster" } }),
  request("Header: one of two", "/header", passes(), {
    headers: [
      ["X-Mode", "slow"],
      ["X-Mode", "fast"],
    ],
  }),
  request("Query", "/query?x=2&a+b=1", passes({ rule: "query" })),
  request("Query", "/query?a%20b=%31", passes({ rule: "query" })),
  request("Query", "/query?a%20b=2", narrowed),
  request("Query", "/empty?q=", passes({ rule: "empty" })),
  request("Query", "/empty?q", passes({ rule: "empty" })),
  request("Query", "/empty?q=1&q=", passes({ rule: "empty" })),
  request("Query", "/empty?q=1", narrowed),
  request("Query", "/empty", narrowed),
  request("QueryOnly without values", "/present?q=1", passes({ rule: "present" })),
  request("QueryOnly without values", "/present?q", passes({ rule: "present" })),
  request("QueryOnly without values", "/present?x=1", narrowed),
  request("QueryOnly", "/only", passes({ rule: "only" })),
  request("QueryOnly", "/only?secrets=false&secrets=0", passes()),
  request("QueryOnly", "/only?secrets=false&secrets=true", narrowed),
  request("QueryOnly", "/only?secrets=true&secrets=false", narrowed),
  request("QueryOnly", "/only?%73ecrets=%74rue", narrowed),
  request("QueryOnly", "/only?secrets", narrowed),
  request("QueryOnly", "/only?x=1;secrets=true", narrowed),
  request("QueryOnly", "/only?%zz=1", narrowed),
  ...[
    ...["Secrets", "SECRETS", "%C5%BFecrets", "+secrets", "secrets+", "%20secrets", "sec%00rets"],
    ...["_secrets", "[secrets]", "sec-rets", "secrets%20"],
  ].flatMap((name) => [
    request("QueryOnly", `/only?${name}=true`, narrowed),
    request("QueryOnly", `/only?${name}=false`, passes()),
  ]),
  ...[
    "secrets[]",
    "secrets%5B0%5D",
    "secrets.",
    "secrets.a",
    "secrets%00a",
    "%2573ecrets",
    "%FF",
  ].map((name) => request("QueryOnly", `/only?${name}=false`, narrowed)),
  ...["secretsa", "asecrets", "a[secrets]", "100%25"].map((name) =>
    request("QueryOnly", `/only?${name}=true`, passes()),
  ),
  request("WebSocket: no upgrade", "/socket", narrowed),
  request("WebSocket: another protocol", "/socket", refused, upgrade("foo")),
  request("WebSocket: a header that the connection does not carry", "/socket", narrowed, {
    headers: { Connection: "close", Upgrade: "websocket" },
  }),
  request("WebSocket: not by POST", "/socket", refused, {
    ...upgrade("websocket"),
    method: "POST",
  }),
  ...UPGRADES.map(([gate, path, value, expect, more = {}], number) => ({
    ...request(`Upgrade ${number}, ${gate}: ${value}`, path, expect),
    ...upgrade(value),
    gate: gate as Case["gate"],
    ...more,
  })),
  request("Upgrade: in two fields", "/any", refused, {
    headers: [
      ["Connection", "upgrade"],
      ["Upgrade", "foo"],
      ["Upgrade", "websocket"],
    ],
  }),
  request("Upgrade: among other options", "/any", refused, upgrade("foo", "keep-alive, UPGRADE")),
  // No upgrade: the proxy does not pass the field on.
  ...["close", "Upgrades", "x-upgrade"].map((connection) =>
    request(
      `Upgrade: Connection: ${connection}`,
      "/any",
      passes({ upstream: { absent: ["Upgrade"] } }),
      {
        ...upgrade("foo", connection),
      },
    ),
  ),
  request("Upgrade: without Connection", "/any", passes({ upstream: { absent: ["Upgrade"] } }), {
    headers: { Upgrade: "foo" },
  }),
  {
    ...request("Upgrade: a preflight", "/api/a", refused, { method: "OPTIONS", gate: "cors" }),
    headers: {
      ...upgrade("foo").headers,
      Origin: "https://ui.example.com",
      "Access-Control-Request-Method": "GET",
    },
  },
  request("PathPrefix with a slash", "/folder/", passes({ rule: "folder" })),
  request("PathPrefix with a slash", "/folder/a/b", passes({ rule: "folder" })),
  request("PathPrefix with a slash", "/folder", narrowed),
  request("characters as such", "/*/{id}", passes({ rule: "star" })),
  request("characters as such", "/%2a/%7Bid%7d", passes({ rule: "star" })),
  request("characters as such", "/x/{id}", narrowed),
  request("characters as such", "/*/1", narrowed),
  request("captured: what did not hold is taken back", "/o/other/acme/secret", no("other"), {
    token: caller,
  }),
  request("captured: what did hold stands", "/o/acme/other/secret", passes({ rule: "other" }), {
    token: caller,
  }),
  request("captured: in one alternative of allow", "/w/other/acme/x", no("twice"), {
    token: caller,
  }),
  request("ClientIP", "/near", passes({ rule: "near" })),
  request("ClientIP", "/far", narrowed),
  request("ClientIP: no range of IPv6 for IPv4", "/six", narrowed),
  request("ClientIP: not by a header", "/far", narrowed, {
    headers: { "X-Forwarded-For": "10.0.0.1", "X-Real-Ip": "10.0.0.1" },
  }),
  request("captured", "/t/acme/x", passes({ rule: "tenant" }), { token: caller }),
  request("captured", "/t/other/x", no("tenant"), { token: caller }),
  request("captured: a text is no list", "/t/acme/x", no("tenant"), { token: other }),
  // What is no text, number or boolean is not compared as one.
  ...(await Promise.all(
    ["null", "[object Object]", "acme"].map(async (name) =>
      request("captured: no text in the list", `/t/${encodeURI(name)}/x`, no("tenant"), {
        token: await token({ tenants: [null, {}, ["acme"], { acme: "acme" }] }),
      }),
    ),
  )),
  request("captured: nobody", "/t/acme/x", unauthenticated()),
  request("captured: a separator in disguise", "/t/a%2Fb/x", malformed("path_encoded_separator"), {
    token: caller,
  }),
  ...["equals", "prefix", "split", "oneof", "exists", "group", "issuer"].flatMap((rule): Case[] => [
    request("claims", `/${rule}`, passes({ rule }), { token: caller }),
    request(
      "claims of other types",
      `/${rule}`,
      rule === "exists" || rule === "issuer" ? passes({ rule }) : no(rule),
      { token: other },
    ),
    request("claims of nobody", `/${rule}`, unauthenticated()),
  ]),
  request("the name of another issuer", "/foreign", no("foreign"), { token: caller }),
  ...(
    [
      ["/g%C3%A4ste", passes({ rule: "guests", upstream: { target: "/g%C3%A4ste" } })],
      ["/andere", forbidden("rule_not_satisfied", "others")],
    ] as const
  ).map(([target, expect]): Case => ({
    name: `names that are not ASCII: ${target}`,
    gate: "names",
    target,
    token: runner,
    expect,
  })),
  // Many applications take `delete` for DELETE.
  ...["delete", "Delete", "gET", "GEt", "PROPFINd", "pROPFIND", "PROPPATCh"].map(
    (method): Case => ({
      name: `method: ${method} has another spelling`,
      gate: "main",
      method,
      target: "/public/x",
      expect: malformed("method_invalid"),
    }),
  ),
];

/** Keycloak's groups are paths; a group has those below it only where the rule says so. */
const group = (groups: unknown, rule: "below" | "parent", holds: boolean) =>
  token({ groups }).then((value) =>
    request(
      `Group(${rule}) of ${JSON.stringify(groups)}`,
      `/${rule}`,
      holds ? passes({ rule }) : no(rule),
      { token: value },
    ),
  );
const domain = (email: unknown, holds: boolean, more: object = {}) =>
  token({ email, ...more }).then((value) => [
    request(
      `EmailDomain of ${JSON.stringify(email)}${JSON.stringify(more)}`,
      "/domain",
      holds ? passes({ rule: "domain" }) : no("domain"),
      { token: value },
    ),
  ]);

LANGUAGE.push(
  ...(await Promise.all([
    group(["/sales"], "below", true),
    group(["/sales/eu"], "below", true),
    group(["/hr", "/sales/eu/north"], "below", true),
    group("/sales/eu", "below", true),
    group(["team"], "below", true),
    group(["team/a"], "below", true),
    group(["/team/a"], "below", false),
    group(["/salesforce"], "below", false),
    group(["/sales-eu"], "below", false),
    group(["sales/eu"], "below", false),
    group(["/hr/sales/eu"], "below", false),
    group(["/sale"], "below", false),
    group(["/"], "below", false),
    group([], "below", false),
    group(undefined, "below", false),
    group({ "/sales": true }, "below", false),
    group(["/sales"], "parent", true),
    group(["/sales/eu"], "parent", false),
    group(["/sales/"], "parent", false),
  ])),
  ...(
    await Promise.all([
      domain("alice@example.com", true),
      domain("Alice@EXAMPLE.com", true),
      domain("alice@ex.org", true),
      domain('"a@evil.example"@example.com', true),
      domain("alice@example.com", false, { email_verified: false }),
      domain("alice@example.com", false, { email_verified: undefined }),
      domain("a@example.com@evil.example", false),
      domain("attacker@evil.example@example.com", false),
      domain('a"@evil.example"@example.com', false),
      domain("alice@sub.example.com", false),
      domain("alice@badexample.com", false),
      domain("alice@example.com.evil.example", false),
      domain("alice@example.com.", false),
      domain("alice@example.com ", false),
      domain("alice@example.co", false),
      domain("@example.com", false),
      domain("example.com", false),
      domain("", false),
      domain("@", false),
      domain(["alice@example.com"], false),
      domain({ a: "alice@example.com" }, false),
      domain(null, false),
      domain(undefined, false),
    ])
  ).flat(),
  request("!EmailDomain of another", "/not-domain", passes({ rule: "not-domain" }), {
    token: await token({ email: "a@evil.example" }),
  }),
  request("!EmailDomain of an unverified one", "/not-domain", passes({ rule: "not-domain" }), {
    token: await token({ email_verified: false }),
  }),
  request("!EmailDomain of ours", "/not-domain", no("not-domain"), { token: await token() }),
);
