/** Mistakes in all that is neither a rule nor a key. */
import { ec, keySet } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";
import { type BadConfiguration, GOOD, type Row, rowsOf } from "./configurations.ts";

/** The names of one of three rules, which have 8,193 together. */
const many = (rule: number, write: (name: string) => string) =>
  Array.from({ length: 2731 }, (_, i) => write(`${rule}-${i}`));
const threeRules = (allow: (rule: number) => string) => ({
  rules: ["a", "b", "c"].map((path, i) => ({ match: `Path(\`/${path}\`)`, allow: allow(i) })),
});
const headers = (forwardHeaders: unknown) => ({ forwardHeaders });
const validation = (changes: unknown) => ({ validation: changes });
const entry = { issuer: "https://b.example", clientId: "b", jwks: JSON.stringify(keySet(ec)) };
const none = { issuer: undefined, clientId: undefined, jwks: undefined };

const basic = (credential: string, scheme = "Basic") => ({
  upstreamAuthorization: `${scheme} ${Buffer.from(credential).toString("base64")}`,
});

/** What a Basic credential says in clear, that is no secret. */
const NO_CREDENTIALS = ["admin:pass", "prefect:change-me", "ADMIN:PASSWORD", "admin:admin", "a:"];

const pages = (changes: unknown) => ({ pages: changes });
const logo = (value: string) => pages({ name: "Flows", logo: value });

const ROWS: Row[] = [
  ["pages: an unknown key", pages({ title: "x" }), ["pages.title", "unknown_key", "unknown key"]],
  [
    "pages.name: 81 bytes",
    pages({ name: "é".repeat(40) + "e" }),
    ["pages.name", "wrong_value", "at most 80 bytes"],
  ],
  ...[
    "https://cdn.example.com/logo.svg",
    "data:text/html;base64,PHNjcmlwdD4=",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "data:image/svg+xml;charset=utf-8;base64,PHN2Zy8+",
    "data:image/gif;base64,R0lGODlh",
    "data:image/png;base64,",
    "data:image/png;base64,iVBO Rw0K",
    'data:image/png;base64,iVBOR"onerror=alert(1)',
    "data:image/png;base64,iVBOR",
  ].map((value): Row => [
    `pages.logo ${value}`,
    logo(value),
    ["pages.logo", "wrong_value", "data:image/svg+xml;base64"],
  ]),
  [
    "pages.logo: too large",
    logo(`data:image/png;base64,${"A".repeat(8 * 1024)}`),
    ["pages.logo", "wrong_value", "at most 8192 bytes"],
  ],
  [
    "pages.logo without a name",
    pages({ logo: "data:image/png;base64,iVBORw0KGgo=" }),
    ["pages.logo", "conflict", "needs pages.name"],
  ],
  ...["red", "1d5bbf", "#1d5bb", "#1d5bbf0", "#1d5bbg", "#fff;}*{display:none"].map(
    (color): Row => [
      `pages.color ${color}`,
      pages({ color }),
      ["pages.color", "wrong_value", "six hexadecimal digits"],
    ],
  ),
  ...[
    "it",
    "it@",
    "@example.com",
    "a@b@example.com",
    "it@example.com?body=x",
    "it@example.com,x@example.com",
    'it"@example.com',
    "mailto:it@example.com",
    "http://help.example.com/",
    "javascript:alert(1)",
    "//help.example.com",
    "https://help.example.com/ x",
  ].map((contact): Row => [
    `pages.contact ${contact}`,
    pages({ contact }),
    ["pages.contact", "wrong_value", "an e-mail address, or an https URL"],
  ]),
  ["pages.language", pages({ language: "nl" }), ["pages.language", "wrong_value", "en, de, es"]],
  [
    "pages.showRoles",
    pages({ showRoles: "yes" }),
    ["pages.showRoles", "wrong_type", "true or false"],
  ],
  ...NO_CREDENTIALS.flatMap((credential) =>
    ["Basic", "Basic Basic", "Bearer  basic"].map((scheme): Row => [
      `upstreamAuthorization: ${scheme} with ${credential}`,
      basic(credential, scheme),
      ["upstreamAuthorization", "bad_secret", ""],
    ]),
  ),
  [
    "an unknown key",
    { isuer: ISSUER, issuer: undefined },
    ["issuer", "missing", "exactly as its tokens have it"],
    ["isuer", "unknown_key", "did you mean issuer?"],
  ],
  ["an unknown key like no other", { xyzzy: 1 }, ["xyzzy", "unknown_key", "unknown key"]],
  [
    "an unknown key inside another",
    validation({ clockSkw: 3 }),
    ["validation.clockSkw", "unknown_key", "validation.clockSkew"],
  ],
  [
    "a key twice in different case",
    { Issuer: ISSUER },
    ["issuer", "duplicate_key", "different case"],
  ],
  [
    "three mistakes at once",
    { audit: "some", logLevel: "trace", default: "maybe" },
    ["audit", "wrong_value", "off, denied, writes, all"],
    ["logLevel", "wrong_value", "debug, info, warn, error"],
    ["default", "wrong_value", "deny"],
  ],
  [
    "audit: a map with a wrong word, claim and flag, and an unknown key",
    { audit: { decisions: "some", user: "a..b", client: "maybe", who: "bob" } },
    ["audit.decisions", "wrong_value", "off, denied, writes, all"],
    ["audit.user", "wrong_value", "a claim path"],
    ["audit.client", "wrong_type", "true or false"],
    ["audit.who", "unknown_key", "unknown key"],
  ],
  ["audit: no user", { audit: { user: "" } }, ["audit.user", "empty", "give it a value"]],
  ["audit: a list", { audit: ["all"] }, ["audit", "wrong_value", "off, denied, writes, all"]],
  ["issuer missing", { issuer: undefined }, ["issuer", "missing", "issuer URL"]],
  ["issuer empty", { issuer: "" }, ["issuer", "empty", "give it a value"]],
  [
    "issuer a placeholder",
    { issuer: "<your issuer>" },
    ["issuer", "placeholder", "your own value"],
  ],
  ["issuer change-me", { issuer: "Change-Me" }, ["issuer", "placeholder", "your own value"]],
  ["issuer a list", { issuer: [ISSUER] }, ["issuer", "wrong_type", "a text"]],
  ["issuer a map", { issuer: { a: ISSUER } }, ["issuer", "wrong_type", "a text"]],
  ["no audience at all", { clientId: undefined }, ["audience", "missing", "clientId or audience"]],
  ["audience an empty list", { audience: [] }, ["audience", "empty", "no token would pass"]],
  ["audience with an empty text", { audience: ["a", ""] }, ["audience[1]", "empty", "empty"]],
  ["audience a map", { audience: { a: "b" } }, ["audience", "wrong_type", "a list of texts"]],
  [
    "audience with a map in it",
    { audience: [{ a: "b" }] },
    ["audience[0]", "wrong_type", "a text"],
  ],
  [
    "acceptAzp without a client",
    { clientId: undefined, audience: "a", ...validation({ acceptAzp: true }) },
    ["clientId", "missing", "acceptAzp"],
  ],
  ["mode", { mode: "protected" }, ["mode", "wrong_value", "protect"]],

  ["validation a text", validation("strict"), ["validation", "wrong_type", "a map"]],
  [
    "clockSkew too large",
    validation({ clockSkew: 301 }),
    ["validation.clockSkew", "wrong_value", "0 to 300"],
  ],
  [
    "clockSkew negative",
    validation({ clockSkew: -1 }),
    ["validation.clockSkew", "wrong_value", "0 to 300"],
  ],
  [
    "clockSkew with an unknown unit",
    validation({ clockSkew: "5x" }),
    ["validation.clockSkew", "wrong_value", "such as 15m"],
  ],
  [
    "clockSkew a fraction",
    validation({ clockSkew: 0.5 }),
    ["validation.clockSkew", "wrong_value", "seconds"],
  ],
  [
    "maxTokenAge of years",
    validation({ maxTokenAge: "1000d" }),
    ["validation.maxTokenAge", "wrong_value", "0 to 31536000"],
  ],
  [
    "maxTokenAge beyond all integers",
    validation({ maxTokenAge: "99999999999999999999d" }),
    ["validation.maxTokenAge", "wrong_value", "seconds"],
  ],
  [
    "requireExpiration yes",
    validation({ requireExpiration: "yes" }),
    ["validation.requireExpiration", "wrong_type", "true or false"],
  ],
  [
    "requireExpiration 1",
    validation({ requireExpiration: 1 }),
    ["validation.requireExpiration", "wrong_type", "true or false"],
  ],
  [
    "requireSubject a text",
    validation({ requireSubject: "at+jwt" }),
    ["validation.requireSubject", "wrong_type", "true or false"],
  ],
  [
    "acceptIdTokens a list",
    validation({ acceptIdTokens: ["Google"] }),
    ["validation.acceptIdTokens", "wrong_type", "true or false"],
  ],
  [
    "tokenTypes an empty list",
    validation({ tokenTypes: [] }),
    ["validation.tokenTypes", "empty", "[JWT, at+jwt]"],
  ],
  [
    "forwardAuthorization a list",
    { forwardAuthorization: ["true"] },
    ["forwardAuthorization", "wrong_type", "true or false"],
  ],

  [
    "token.cookie without publicUrl",
    { token: { cookie: "session" } },
    ["token.cookie", "needs_public_url", "give publicUrl"],
  ],
  [
    "token.header Cookie",
    { token: { header: "Cookie" } },
    ["token.header", "wrong_name", "another name"],
  ],
  [
    "token.header no name",
    { token: { header: "X Token" } },
    ["token.header", "wrong_name", "no header name"],
  ],
  [
    "publicUrl without a scheme",
    { publicUrl: "app.example.com" },
    ["publicUrl[0]", "wrong_value", "https://app.example.com"],
  ],
  [
    "publicUrl with a path",
    { publicUrl: ["https://a.example", "https://b.example/app"] },
    ["publicUrl[1]", "wrong_value", "an origin"],
  ],

  ["forwardHeaders a list", headers(["X-User"]), ["forwardHeaders", "wrong_type", "a map"]],
  ...[
    "Connection",
    "Host",
    "cookie",
    "Content-Length",
    "Transfer_Encoding",
    "Sec-Fetch-Site",
    "Proxy-Authorization",
    "Set-Cookie",
    "TE",
    "Upgrade",
    "Origin",
    "Forwarded",
  ].map((name): Row => [
    `forwardHeaders: ${name}`,
    headers({ [name]: "sub" }),
    [`forwardHeaders.${name}`, "wrong_name", "a meaning of its own"],
  ]),
  [
    "forwardHeaders: Authorization",
    headers({ Authorization: "sub" }),
    ["forwardHeaders.Authorization", "wrong_name", "credentials"],
  ],
  [
    "forwardHeaders: no header name",
    headers({ "X User": "sub" }),
    ["forwardHeaders.X User", "wrong_name", "no header name"],
  ],
  [
    "forwardHeaders: two aliases",
    headers({ "X-User": "sub", X_User: "email" }),
    ["forwardHeaders.X_User", "duplicate", "the same header"],
  ],
  [
    "forwardHeaders: an empty claim",
    headers({ "X-User": "" }),
    ["forwardHeaders.X-User", "empty", "is empty"],
  ],
  [
    "forwardHeaders: no claim path",
    headers({ "X-User": "a..b" }),
    ["forwardHeaders.X-User", "wrong_value", "a claim path"],
  ],
  ...[
    "``",
    "`a",
    "a`",
    "`a`b`c",
    "`a`@roles",
    "@roles`a`",
    "sub``",
    "`a``b`",
    "`a` `b` sub",
    "`a`@",
  ].map((value): Row => [
    `forwardHeaders: ${value}`,
    headers({ "X-User": value }),
    ["forwardHeaders.X-User", "wrong_value", "between texts in backticks"],
  ]),
  ...["forwardAuthorization", "upstreamAuthorization"].map((key): Row => [
    `token.header for the application, and ${key}`,
    {
      token: { header: "" },
      [key]: key === "forwardAuthorization" ? "true" : "Basic c29tZWJvZHk6cmVhbGx5LXNlY3JldA==",
    },
    [key, "conflict", "leaves to the application"],
  ]),
  [
    "validation.audienceFrom empty",
    validation({ audienceFrom: [] }),
    ["validation.audienceFrom", "empty", "no token would pass"],
  ],
  [
    "validation.audienceFrom of another claim",
    validation({ audienceFrom: ["aud", "cid"] }),
    ["validation.audienceFrom[1]", "wrong_value", "aud or client_id or azp"],
  ],
  [
    "forwardHeaders: more than 32",
    headers(Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`X-H${i}`, "sub"]))),
    ["forwardHeaders", "too_many", "32"],
  ],
  [
    "emailUnverified maybe",
    { emailUnverified: "maybe", ...headers({ "X-Email": "email" }) },
    ["emailUnverified", "wrong_type", "true or false"],
  ],

  ["roles a list", { roles: ["viewer"] }, ["roles", "wrong_type", "a map"]],
  ["roles with an empty name", { roles: { viewer: [""] } }, ["roles.viewer[0]", "empty", "empty"]],
  [
    "roles with a map",
    { roles: { viewer: { a: "b" } } },
    ["roles.viewer", "wrong_type", "a list of texts"],
  ],
  [
    "rolesFrom with an empty part",
    { rolesFrom: ["roles", "a..b"] },
    ["rolesFrom[1]", "wrong_value", "a claim path"],
  ],
  [
    "roles: a role of 4,097 names",
    { roles: { viewer: Array.from({ length: 4097 }, (_, i) => `${i}`) } },
    ["roles.viewer", "too_many", "4096"],
  ],
  [
    "roleHierarchy: more than 8,192 roles that others have",
    {
      roleHierarchy: Object.fromEntries(
        ["a", "b", "c"].map((name) => [name, Array.from({ length: 2731 }, (_, i) => `${i}`)]),
      ),
    },
    ["roleHierarchy", "too_many", "8192"],
  ],
  [
    "more than 8,192 roles",
    {
      roleHierarchy: Object.fromEntries(
        ["a", "b", "c"].map((name) => [
          name,
          Array.from({ length: 2730 }, (_, i) => `${name}-${i}`),
        ]),
      ),
    },
    ["", "too_many", "8192 roles in all"],
  ],
  [
    "more than 8,192 scopes",
    threeRules((i) => `Scope(${many(i, (name) => `\`${name}\``).join(", ")})`),
    ["rules", "too_many", "8192 scopes, or functions about claims"],
  ],
  [
    "more than 8,192 functions about claims",
    threeRules((i) => many(i, (name) => `Exists(\`${name}\`)`).join(" || ")),
    ["rules", "too_many", "8192 scopes, or functions about claims"],
  ],
  ["roleHierarchy a list", { roleHierarchy: ["owner"] }, ["roleHierarchy", "wrong_type", "a map"]],

  ["issuers an empty list", { ...none, issuers: [] }, ["issuers", "empty", "give an issuer"]],
  ["issuers a map", { issuers: { a: "b" } }, ["issuers", "wrong_type", "a list of maps"]],
  [
    "issuers with a key of one beside them",
    { ...none, clientId: CLIENT, issuers: [entry] },
    ["clientId", "misplaced", "give `issuer` beside it"],
  ],
  [
    "issuers: the same twice",
    { issuers: [{ ...entry, issuer: ISSUER }] },
    ["issuers[0].issuer", "duplicate", "is listed already"],
  ],
  [
    "issuers: one without audience and keys",
    { issuers: [{ issuer: "https://b.example" }] },
    ["issuers[0].audience", "missing", "clientId or audience"],
    ["issuers[0].jwksFile", "no_keys", "no source"],
  ],
  [
    "issuers: an unknown key",
    { issuers: [{ ...entry, mode: "protect" }] },
    ["issuers[0].mode", "unknown_key", "unknown key"],
  ],
  [
    "issuers: more than 16",
    {
      issuers: Array.from({ length: 16 }, (_, i) => ({ ...entry, issuer: `https://${i}.example` })),
    },
    ["issuers", "too_many", "16"],
  ],
];

/** With real types only: the file provider and labels make texts of them, or Traefik refuses the whole file. */
const TYPED: Row[] = [
  ["issuer true", { issuer: true }, ["issuer", "wrong_type", "a text"]],
  ["audience with null", { audience: [null] }, ["audience[0]", "wrong_type", "a text"]],
  ["audience with a list", { audience: [["a"]] }, ["audience[0]", "wrong_type", "a text"]],
  [
    "rules of texts",
    { rules: ["deny"] },
    ["rules[0]", "wrong_type", "a map"],
    ["rules[0].match", "missing", "PathPrefix"],
    ["rules[0].allow", "missing", "who may"],
  ],
];

const notAMap = { path: "", code: "not_a_map", says: "a map of keys" };

/** Texts that are no configuration at all. */
export const NO_MAPS: Record<string, string> = {
  nothing: "",
  null: "null",
  "a list": "[]",
  "a text": '"issuer"',
  "no JSON": "issuer: a",
  "half of it": JSON.stringify(GOOD).slice(0, 100),
  "a key twice": '{"issuer":"a","issuer":"b"}',
  "depth 1,000": `{"a":${"[".repeat(1000)}${"]".repeat(1000)}}`,
  "not UTF-8": '{"issuer":"\u00ff"}',
};

export const BAD_SETTINGS: BadConfiguration[] = [
  ...rowsOf(ROWS),
  ...rowsOf(TYPED, { typedOnly: true }),
];

export const NOT_A_MAP = [notAMap];
