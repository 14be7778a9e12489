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

const upgrade = (value: string) => ({ headers: { Connection: "Upgrade", Upgrade: value } });

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
  request("WebSocket: another protocol", "/socket", narrowed, upgrade("h2c")),
  request("WebSocket: a header that the connection does not carry", "/socket", narrowed, {
    headers: { Connection: "close", Upgrade: "websocket" },
  }),
  request("WebSocket: not by POST", "/socket", narrowed, {
    ...upgrade("websocket"),
    method: "POST",
  }),
  request("ClientIP", "/near", passes({ rule: "near" })),
  request("ClientIP", "/far", narrowed),
  request("ClientIP: not by a header", "/far", narrowed, {
    headers: { "X-Forwarded-For": "10.0.0.1", "X-Real-Ip": "10.0.0.1" },
  }),
  request("captured", "/t/acme/x", passes({ rule: "tenant" }), { token: caller }),
  request("captured", "/t/other/x", no("tenant"), { token: caller }),
  request("captured: a text is no list", "/t/acme/x", no("tenant"), { token: other }),
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
  ...["delete", "Delete", "gET"].map((method): Case => ({
    name: `method: ${method} has another spelling`,
    gate: "main",
    method,
    target: "/public/x",
    expect: malformed("method_invalid"),
  })),
];
