/** Identity headers of several issuers: by one name for users of two, they are an error or a warning. */
import { ec, keySet, rsa } from "../support/keys.ts";
import { type BadConfiguration, but, type Row, rowsOf } from "./configurations.ts";
import type { Configuration } from "./gates.ts";

const entry = { issuer: "https://b.example", clientId: "b", jwks: JSON.stringify(keySet(ec)) };
const third = { issuer: "https://c.example", audience: "c", jwks: JSON.stringify(keySet(rsa)) };
const none = { issuer: undefined, clientId: undefined, jwks: undefined };
const user = (claim: string) => ({ forwardHeaders: { "X-User": claim } });
const tenants = (...list: string[]) => ({
  issuer: "https://login.example.com/{tenantid}/v2.0",
  tenants: list.map((it) => `00000000-0000-0000-0000-00000000000${"xy".indexOf(it)}`),
});
const inherited: [string, string, string] = [
  "forwardHeaders.X-User",
  "shared_header",
  "forwardHeaders of its own",
];
const written: [string, string, string] = [
  "issuers[0].forwardHeaders.X-User",
  "shared_header",
  "https://sso.example.com/realms/main sets it too",
];

export const SHARED_HEADERS: BadConfiguration[] = rowsOf([
  ...["preferred_username", "sub", "email", "`both:`sub"].map((claim): Row => [
    `two issuers, one header from the top: ${claim}`,
    { ...user(claim), issuers: [entry] },
    inherited,
  ]),
  ["two issuers of a list", { ...none, ...user("sub"), issuers: [entry, third] }, inherited],
  [
    "three issuers, one with headers of its own",
    { ...user("sub"), issuers: [{ ...entry, ...user("`b:`sub") }, third] },
    [inherited[0], inherited[1], "give issuers[1] forwardHeaders"],
  ],
  [
    "two headers from the top",
    { forwardHeaders: { "X-User": "sub", X_Mail: "email", "X-Roles": "@roles" }, issuers: [entry] },
    inherited,
    ["forwardHeaders.X_Mail", "shared_header", "forwardHeaders of its own"],
  ],
  ...["``sub", "`a", "`a`b..c", "`a`@roles", "a`b`..", "` `"].map((value): Row => [
    `no text before a claim: ${value}`,
    user(value),
    ["forwardHeaders.X-User", "wrong_value", "texts in backticks"],
  ]),
]);

export const SHARED_HEADERS_WARNED: BadConfiguration[] = rowsOf([
  [
    "two issuers that each set it",
    { ...user("sub"), issuers: [{ ...entry, ...user("sub") }] },
    written,
  ],
  [
    "in another spelling",
    { ...user("sub"), issuers: [{ ...entry, forwardHeaders: { x_user: "email" } }] },
    ["issuers[0].forwardHeaders.x_user", "shared_header", "sets it too"],
  ],
  [
    "the name of API keys, and a claim",
    { ...user("@apiKey"), issuers: [{ ...entry, ...user("sub") }] },
    ["issuers[0].forwardHeaders.X-User", "shared_header", "a user can be called as a key is"],
  ],
  [
    "the name of API keys, and a claim in another spelling of the second of two",
    {
      ...user("@apiKey"),
      issuers: [
        { ...entry, ...user("`b:`sub") },
        { ...third, forwardHeaders: { x_user: "email" } },
      ],
    },
    ["issuers[1].forwardHeaders.x_user", "shared_header", "a user can be called as a key is"],
  ],
  [
    "users of two tenants",
    { ...tenants("x", "y"), ...user("sub") },
    ["forwardHeaders.X-User", "shared_header", "forward `tid`"],
  ],
  [
    "texts of which one begins with the other",
    { ...user("`a:`sub"), issuers: [{ ...entry, ...user("`a:b:`sub") }] },
    written,
  ],
  [
    "a text alone that may be the name of a user of the other",
    { ...user("`ab`"), issuers: [{ ...entry, ...user("`a`sub") }] },
    written,
  ],
]);

/** Nothing is said of these. */
export const APART: Record<string, Configuration> = Object.fromEntries(
  Object.entries<Configuration>({
    "issuers: a header each": {
      ...user("sub"),
      issuers: [{ ...entry, forwardHeaders: { "X-Other": "sub" } }],
    },
    "issuers: a text for the second": {
      ...user("sub"),
      issuers: [{ ...entry, ...user("`b:`sub") }],
    },
    "issuers: a text each": { ...user("`a:`sub"), issuers: [{ ...entry, ...user("`b:`sub") }] },
    "issuers: a text before what may be a key's name": {
      ...user("@apiKey"),
      issuers: [{ ...entry, ...user("`b:`sub") }],
    },
    "issuers: keys have a header of their own": {
      forwardHeaders: { "X-Key": "@apiKey" },
      issuers: [{ ...entry, forwardHeaders: { "X-User": "sub", "X-Key": "@apiKey" } }],
    },
    "issuers: roles and keys of all": {
      forwardHeaders: { "X-Roles": "@roles", "X-Key": "@apiKey" },
      issuers: [entry],
    },
    "issuers: one text for users of both": { ...user("`gate`"), issuers: [entry] },
    "issuers: a text each, alone": { ...user("`a`"), issuers: [{ ...entry, ...user("`ab`") }] },
    "issuers: a text alone, and a claim": {
      ...user("`a`"),
      issuers: [{ ...entry, ...user("sub") }],
    },
    "issuers: users of two tenants, by tenant": {
      ...tenants("x", "y"),
      forwardHeaders: { "X-User": "sub", "X-Tenant": "tid" },
    },
    "issuers: users of one tenant": { ...tenants("x"), ...user("sub") },
    "issuers: roles of users of two tenants": { ...tenants("x", "y"), ...user("@roles") },
    "issuers: one in a list": { ...none, ...user("sub"), issuers: [entry] },
  }).map(([name, changes]) => [name, but(changes)]),
);
