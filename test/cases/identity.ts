/** What the upstream is told about the caller, and that nobody else can tell it. */
import { rsa } from "../support/keys.ts";
import { type Claims, token } from "../support/tokens.ts";
import { type Case, malformed, passes, unauthenticated } from "./case.ts";
import { KEYS, OTHER_ISSUER, otherRsa } from "./gates.ts";

const alice = await token();
/** As a server passes headers on to CGI or WSGI, all of these are X-Forwarded-User. */
const ALIASES = [
  "X-Forwarded-User",
  "x-forwarded-user",
  "x_forwarded_user",
  "X.Forwarded.User",
  "X~Forwarded~User",
  "X!Forwarded!User",
  "X-Forwarded_User",
  "X_FORWARDED-USER",
];
const sees = (headers: Record<string, string>, ...absent: string[]) =>
  passes({ upstream: { headers, absent } });
const main = (name: string, claims: object, expect: Case["expect"]): Promise<Case> =>
  token({ ...claims }).then((value) => ({
    name: `identity: ${name}`,
    gate: "main",
    token: value,
    expect,
  }));

/** Two issuers, and headers that both set: the second one's values begin with `ptr:`. */
const issuers = async (name: string, claims: Claims, expect: Case["expect"], other = true) => {
  const value = other
    ? await token({ iss: OTHER_ISSUER, aud: "api://app", ...claims }, otherRsa, { kid: rsa.kid })
    : await token(claims);
  return { name: `identity: ${name}`, gate: "issuers", token: value, expect } as Case;
};
const shared = await Promise.all([
  issuers("a name of the first of two issuers", { name: "a" }, sees({ "X-Name": "a" }), false),
  issuers("the same name of the second", { name: "a" }, sees({ "X-Name": "ptr:a" })),
  issuers("a list of the second", { list: ["a", 1] }, sees({ "X-List": "ptr:a,ptr:1" })),
  issuers("an address of the second", {}, sees({ "X-Email": "ptr:alice@example.com" })),
  issuers("an unverified one", { email_verified: false }, sees({}, "X-Email")),
  issuers("no name of the second", {}, sees({}, "X-Name")),
  issuers(
    "a name of the first that would be one of the second",
    { name: "ptr:admin" },
    sees({}, "X-Name"),
    false,
  ),
  issuers(
    "a list of the first with such a name",
    { list: ["a", "ptr:admin"] },
    sees({}, "X-List"),
    false,
  ),
  issuers(
    "a text of the second with a comma, behind which is a name of the first",
    { list: "a,admin" },
    sees({ "X-List": "ptr:a%2Cadmin" }),
  ),
  issuers(
    "a text of the first with a comma, behind which is a name of the second",
    { list: "a,ptr:admin" },
    sees({ "X-List": "a%2Cptr:admin" }),
    false,
  ),
  issuers("nearly such a name", { name: "ptr" }, sees({ "X-Name": "ptr" }), false),
]);

/** No key is called as a user is. */
const callers: Case[] = [
  ["a key", KEYS.person, sees({ "X-Caller": "alice" })],
  ["a key with a name that is a user's", KEYS.partner, sees({}, "X-Caller")],
  [
    "that user",
    await token({ iss: OTHER_ISSUER, aud: "api://app", sub: "alice" }, otherRsa, { kid: rsa.kid }),
    sees({ "X-Caller": "ptr:alice" }),
  ],
].map(([name, value, expect]) => ({
  name: `identity: ${name as string}`,
  gate: "issuers",
  token: value as string,
  expect: expect as Case["expect"],
}));

const spoofed = ALIASES.flatMap((alias): Case[] => {
  const absent = ALIASES.filter((it) => it.toLowerCase() !== "x-forwarded-user");
  const headers: [string, string][] = [
    [alias, "root"],
    ["X-Forwarded-Groups", "owner"],
  ];
  return [
    {
      name: `identity: ${alias} of a caller is replaced`,
      gate: "main",
      token: alice,
      headers,
      expect: sees({ "X-Forwarded-User": "alice", "X-Forwarded-Groups": "viewer" }, ...absent),
    },
    {
      name: `identity: ${alias} is removed on a public path`,
      gate: "main",
      target: "/public",
      headers,
      expect: sees({}, ...ALIASES, "X-Forwarded-Groups"),
    },
  ];
});

export const IDENTITY: Case[] = [
  ...spoofed,
  ...shared,
  ...callers,
  {
    name: "identity: an alias twice is removed twice",
    gate: "main",
    target: "/public",
    headers: [
      ["x_forwarded_user", "a"],
      ["X_Forwarded_User", "b"],
      ["X-Forwarded-User", "c"],
    ],
    expect: sees({}, ...ALIASES),
  },
  {
    name: "identity: headers that are nobody's go through",
    gate: "main",
    token: alice,
    headers: { "X-Forwarded-Users": "u", "X-Custom": "c", Accept: "text/plain" },
    expect: sees({ "X-Forwarded-Users": "u", "X-Custom": "c", Accept: "text/plain" }),
  },
  {
    name: "identity: an identity on a public path is a good token's",
    gate: "main",
    target: "/public",
    token: alice,
    expect: sees({ "X-Forwarded-User": "alice" }),
  },
  await main(
    "all three",
    {},
    sees({
      "X-Forwarded-User": "alice",
      "X-Forwarded-Email": "alice@example.com",
      "X-Forwarded-Groups": "viewer",
    }),
  ),
  await main(
    "a missing claim is no header",
    { preferred_username: undefined },
    sees({}, "X-Forwarded-User"),
  ),
  await main(
    "an empty claim is no header",
    { preferred_username: "" },
    sees({}, "X-Forwarded-User"),
  ),
  await main(
    "an object is its JSON",
    { preferred_username: { a: [1, null] } },
    sees({ "X-Forwarded-User": '{"a":[1,null]}' }),
  ),
  await main("null is no header", { preferred_username: null }, sees({}, "X-Forwarded-User")),
  await main("a number", { preferred_username: 42 }, sees({ "X-Forwarded-User": "42" })),
  await main("a boolean", { preferred_username: true }, sees({ "X-Forwarded-User": "true" })),
  await main(
    "a list",
    { preferred_username: ["a", 1, {}, "b,c"] },
    sees({ "X-Forwarded-User": "a,1,{},b%2Cc" }),
  ),
  await main(
    "a line break cannot end a header",
    { preferred_username: "a\r\nX-Admin: 1" },
    sees({ "X-Forwarded-User": "a%0D%0AX-Admin: 1" }, "X-Admin"),
  ),
  await main("NUL", { preferred_username: "a\u0000b" }, sees({ "X-Forwarded-User": "a%00b" })),
  await main(
    "what is not ASCII",
    { preferred_username: "Zoë" },
    sees({ "X-Forwarded-User": "Zo%C3%AB" }),
  ),
  await main(
    "a percent sign",
    { preferred_username: "Zo%C3%AB" },
    sees({ "X-Forwarded-User": "Zo%25C3%25AB" }),
  ),
  await main(
    "white space at the ends",
    { preferred_username: " alice " },
    sees({ "X-Forwarded-User": "%20alice%20" }),
  ),
  await main(
    "an escaped letter",
    { preferred_username: "al\\ice" },
    sees({ "X-Forwarded-User": "al\\ice" }),
  ),
  await main("an empty list", { address: [] }, sees({}, "X-Address")),
  await main("an empty text", { address: "" }, sees({}, "X-Address")),
  await main(
    "email verified as an object",
    { email_verified: { true: true } },
    sees({}, "X-Forwarded-Email"),
  ),
  await main("email not verified", { email_verified: false }, sees({}, "X-Forwarded-Email")),
  await main(
    "email without a word about it",
    { email_verified: undefined },
    sees({}, "X-Forwarded-Email"),
  ),
  await main(
    "email verified as a text",
    { email_verified: "true" },
    sees({ "X-Forwarded-Email": "alice@example.com" }),
  ),
  await main(
    "email verified as a list",
    { email_verified: ["true"] },
    sees({}, "X-Forwarded-Email"),
  ),
  await main(
    "roles with all that the hierarchy adds",
    { realm_access: { roles: ["app-owner"] } },
    sees({ "X-Forwarded-Groups": "owner,runner,viewer" }),
  ),
  await main("no roles", { realm_access: undefined }, sees({}, "X-Forwarded-Groups")),
  {
    name: "identity: email as it is, where that is configured",
    gate: "email",
    token: await token({ email_verified: false }),
    expect: sees({ "X-Email": "alice@example.com" }),
  },
  {
    name: "identity: without a map the provider's roles, and a claim inside another",
    gate: "unmapped",
    token: await token({ realm_access: { roles: ["editor", "other,one"] }, given: { name: "Al" } }),
    expect: sees({ "X-Roles": "editor,other%2Cone", "X-Name": "Al" }),
  },

  // The credential itself.
  {
    name: "credential: the upstream does not get the token",
    gate: "main",
    token: alice,
    expect: sees({}, "Authorization"),
  },
  {
    name: "credential: it does, where that is configured",
    gate: "forwarding",
    token: alice,
    expect: sees({ Authorization: `Bearer ${alice}` }),
  },
  ...["bearer", "BEARER", "bEaReR"].map((scheme): Case => ({
    name: `credential: the scheme as ${scheme}`,
    gate: "main",
    headers: { Authorization: `${scheme} ${alice}` },
    expect: passes(),
  })),
  {
    name: "credential: more than one space behind the scheme",
    gate: "main",
    headers: { authorization: `Bearer   ${alice}` },
    expect: passes(),
  },
  {
    name: "credential: two Authorization headers",
    gate: "main",
    headers: [
      ["Authorization", `Bearer ${alice}`],
      ["Authorization", "Bearer x"],
    ],
    expect: malformed("credential_repeated"),
  },
  {
    name: "credential: two Authorization headers, alike",
    gate: "main",
    headers: [
      ["Authorization", `Bearer ${alice}`],
      ["authorization", `Bearer ${alice}`],
    ],
    expect: malformed("credential_repeated"),
  },
  {
    name: "credential: two on a public path",
    gate: "main",
    target: "/public",
    headers: [
      ["Authorization", "Bearer a"],
      ["Authorization", "Bearer b"],
    ],
    expect: malformed("credential_repeated"),
  },
  ...["Authorization_", "authorizatio-n", "Proxy-Authorization"].map((name): Case => ({
    name: `credential: ${name} is none`,
    gate: "main",
    headers: { [name]: `Bearer ${alice}` },
    expect: unauthenticated(),
  })),
  {
    name: "credential: a bare token in another header",
    gate: "header",
    headers: { "X-Access-Token": alice },
    expect: sees({ "X-Forwarded-User": "alice" }, "X-Access-Token"),
  },
  {
    name: "credential: with a scheme in another header",
    gate: "header",
    headers: { "x-access-token": `Bearer ${alice}` },
    expect: sees({}, "X-Access-Token"),
  },
  {
    name: "credential: an alias of the header is none",
    gate: "header",
    headers: { x_access_token: alice },
    expect: unauthenticated(),
  },
  {
    name: "credential: Authorization is nothing then",
    gate: "header",
    headers: { Authorization: `Bearer ${alice}` },
    expect: unauthenticated(),
  },
  {
    name: "request: a token of 64 KiB",
    gate: "main",
    headers: { Authorization: `Bearer ${"a".repeat(64 * 1024)}` },
    expect: malformed("headers_too_large"),
  },
  {
    name: "request: another header of 64 KiB is the upstream's business",
    gate: "main",
    target: "/public",
    headers: { "X-Large": "a".repeat(10_000) },
    expect: sees({ "X-Large": "a".repeat(10_000) }),
  },
  {
    name: "request: a host that is none",
    gate: "main",
    target: "/host",
    headers: { Host: "admin!.example.com" },
    token: await token({}, rsa),
    expect: malformed("host_invalid"),
  },
  {
    name: "request: two hosts",
    gate: "main",
    target: "/public",
    headers: [
      ["Host", "a.example"],
      ["Host", "b.example"],
    ],
    expect: { status: 400, reason: "", beforeGuest: true },
  },
  {
    name: "request: Connection names the identity, where Traefik leaves that to us",
    gate: "main",
    token: alice,
    raw: true,
    headers: { Connection: "close, X-Forwarded-User" },
    expect: malformed("connection_names_owned_header"),
  },
  {
    name: "request: Connection names the identity, and Traefik applies it itself",
    gate: "main",
    token: alice,
    headers: { Connection: "X-Forwarded-User", "X-Forwarded-User": "root" },
    expect: sees({ "X-Forwarded-User": "alice" }),
  },
];
