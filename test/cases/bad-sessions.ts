/** Mistakes in `session` and in what a session cannot be without. */
import { ISSUER } from "../support/tokens.ts";
import { type BadConfiguration, type Row, rowsOf } from "./configurations.ts";
import { OLD_SECRET, SESSION_SECRET, SIGN_IN, signIn } from "./sign-in.ts";

const session = (changes: object) => signIn({ session: { secrets: [SESSION_SECRET], ...changes } });
const secrets = (...list: unknown[]) => signIn({ session: { secrets: list } });

const SESSION: Row[] = [
  [
    "session: a text",
    signIn({ session: "yes" }),
    ["session", "wrong_type", "a map"],
    ["session.secrets", "missing", "rolegate secret"],
  ],
  [
    "session: a list",
    signIn({ session: [SESSION_SECRET] }),
    ["session", "wrong_type", "a map"],
    ["session.secrets", "missing", "rolegate secret"],
  ],
  [
    "session: no secret",
    signIn({ session: { maxAge: "1h" } }),
    ["session.secrets", "missing", "rolegate secret"],
  ],
  [
    "session: an empty list of secrets",
    secrets(),
    ["session.secrets", "missing", "rolegate secret"],
  ],
  [
    "session: an empty secret",
    secrets(SESSION_SECRET, ""),
    ["session.secrets[1]", "empty", "empty"],
  ],
  [
    "session: a placeholder for a secret",
    secrets("<secret>"),
    ["session.secrets[0]", "empty", "placeholder"],
  ],
  [
    "session: a map of secrets",
    signIn({ session: { secrets: { a: SESSION_SECRET } } }),
    ["session.secrets", "wrong_type", "a list of texts"],
  ],
  [
    "session: a short secret",
    secrets(SESSION_SECRET.slice(0, 42)),
    ["session.secrets[0]", "bad_secret", "32 bytes"],
  ],
  [
    "session: a short secret in hexadecimal",
    secrets(OLD_SECRET.slice(0, 62)),
    ["session.secrets[0]", "bad_secret", "32 bytes"],
  ],
  [
    "session: a secret in words",
    secrets("correct horse battery staple and so on, 1234"),
    ["session.secrets[0]", "bad_secret", "base64url"],
  ],
  [
    "session: a secret in base64 with padding",
    secrets(`${SESSION_SECRET}=`),
    ["session.secrets[0]", "bad_secret", "base64url"],
  ],
  [
    "session: a secret of few bytes",
    secrets("000102030405060708090a0b0c0d0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e"),
    ["session.secrets[0]", "bad_secret", "few different bytes"],
  ],
  [
    "session: an example",
    secrets("change-me-change-me-change-me-change-me-12345678"),
    ["session.secrets[0]", "bad_secret", "an example"],
  ],
  [
    "session: a reference that nobody replaced",
    secrets("urn:k8s:secret:default:rolegate:session"),
    ["session.secrets[0]", "bad_secret", "urn:"],
  ],
  [
    "session: a variable that is not there",
    secrets("env:NOWHERE"),
    ["session.secrets[0]", "secret_missing", "settings.envs"],
  ],
  [
    "session: a file that is not there",
    secrets(SESSION_SECRET, "file:/state/nowhere"),
    ["session.secrets[1]", "secret_missing", "settings.mounts"],
  ],
  [
    "session: a secret twice",
    secrets(SESSION_SECRET, SESSION_SECRET),
    ["session.secrets[1]", "duplicate", "already"],
  ],
  [
    "session: five secrets",
    secrets(...[1, 2, 3, 4, 5].map((n) => `${n}${SESSION_SECRET.slice(1)}`)),
    ["session.secrets", "too_many", "4"],
  ],
  [
    "session: an unknown key",
    session({ secret: "x" }),
    ["session.secret", "unknown_key", "session.secrets"],
  ],
  [
    "session: a key twice in different case",
    session({ MaxAge: "1h", maxAge: "2h" }),
    ["session.maxAge", "duplicate_key", "different case"],
  ],
  [
    "session: cookieName empty",
    session({ cookieName: "" }),
    ["session.cookieName", "empty", "is empty"],
  ],
  [
    "session: cookieName with a space",
    session({ cookieName: "my app" }),
    ["session.cookieName", "wrong_name", "no name of a cookie"],
  ],
  [
    "session: cookieName with a prefix",
    session({ cookieName: "__host-app" }),
    ["session.cookieName", "wrong_name", "__Host-"],
  ],
  [
    "session: cookieName of 65 bytes",
    session({ cookieName: "a".repeat(65) }),
    ["session.cookieName", "wrong_name", "64 bytes"],
  ],
  [
    "session: the cookie of tokens",
    { ...session({}), token: { cookie: "__Host-rolegate" } },
    ["session.cookieName", "conflict", "token.cookie"],
  ],
  [
    "session: domain with a dot in front",
    session({ domain: ".example.com" }),
    ["session.domain", "wrong_value", "lower case"],
  ],
  [
    "session: domain in capitals",
    session({ domain: "Example.com" }),
    ["session.domain", "wrong_value", "lower case"],
  ],
  [
    "session: domain of one label",
    session({ domain: "com" }),
    ["session.domain", "wrong_value", "as in example.com"],
  ],
  [
    "session: domain with a port",
    session({ domain: "example.com:443" }),
    ["session.domain", "wrong_value", "as in example.com"],
  ],
  [
    "session: domain a list",
    session({ domain: ["example.com"] }),
    ["session.domain", "wrong_type", "a text"],
  ],
  [
    "session: domain of another site",
    session({ domain: "ample.com" }),
    ["session.domain", "wrong_value", "does not cover"],
  ],
  [
    "session: sameSite Lax",
    session({ sameSite: "Lax" }),
    ["session.sameSite", "wrong_value", "lax, strict, none"],
  ],
  [
    "session: sameSite none over http",
    { ...session({ sameSite: "none" }), publicUrl: "http://localhost" },
    ["session.sameSite", "conflict", "needs https"],
  ],
  [
    "session: maxAge 0",
    session({ maxAge: 0 }),
    ["session.maxAge", "wrong_value", "from 1 to 31536000"],
  ],
  [
    "session: maxAge of years",
    session({ maxAge: "366d" }),
    ["session.maxAge", "wrong_value", "from 1 to 31536000"],
  ],
  [
    "session: maxAge in words",
    session({ maxAge: "long" }),
    ["session.maxAge", "wrong_value", "such as 15m"],
  ],
  [
    "session: refreshEvery 0",
    session({ refreshEvery: "0s" }),
    ["session.refreshEvery", "wrong_value", "from 1 to 86400"],
  ],
  [
    "session: refreshEvery a list",
    session({ refreshEvery: ["5m"] }),
    ["session.refreshEvery", "wrong_value", "such as 15m"],
  ],
  [
    "session: revocationTtl 2h",
    session({ revocationTtl: "2h" }),
    ["session.revocationTtl", "wrong_value", "from 0 to 3600"],
  ],
  [
    "session: revocationUnreadable pass",
    session({ revocationUnreadable: "pass" }),
    ["session.revocationUnreadable", "wrong_value", "refuse, allow"],
  ],
  [
    "session: audience a list",
    session({ audience: ["a"] }),
    ["session.audience", "wrong_type", "a text"],
  ],
];

const AROUND: Row[] = [
  [
    "session without publicUrl",
    signIn({ publicUrl: undefined }),
    ["publicUrl", "missing", "https://app.example.com"],
  ],
  [
    "session with an empty publicUrl",
    signIn({ publicUrl: "" }),
    ["publicUrl", "missing", "https://app.example.com"],
  ],
  [
    "session with a placeholder for publicUrl",
    signIn({ publicUrl: "<url>" }),
    ["publicUrl[0]", "empty", "placeholder"],
  ],
  [
    "session over http",
    signIn({ publicUrl: "http://app.example.com" }),
    ["publicUrl[0]", "insecure_url", "needs https"],
  ],
  [
    "session over http and https",
    signIn({ publicUrl: ["https://app.example.com", "http://localhost"] }),
    ["publicUrl[1]", "conflict", "http and https"],
  ],
  [
    "session without a client",
    signIn({ clientId: undefined, audience: "a" }),
    ["clientId", "missing", "sign-in needs"],
  ],
  [
    "session with an issuer over http",
    signIn({ issuer: "http://sso.example.com" }),
    ["issuer", "wrong_value", "https URL"],
  ],
  [
    "session with an issuer with a query",
    signIn({ issuer: `${ISSUER}?a=b` }),
    ["issuer", "wrong_value", "without query"],
  ],
  [
    "session with an issuer that is no URL",
    signIn({ issuer: "accounts.example.com" }),
    ["issuer", "wrong_value", "https URL"],
  ],
  [
    "mode login without a session",
    { ...SIGN_IN, mode: "login", session: undefined },
    ["session", "missing", "session.secrets"],
  ],
  ...[
    "https://app.example.com.",
    // The dot is no part of the host, and what follows reads as a port that is in range.
    ...[
      "https://app.example.com.:1",
      "https://app.example.com.:443",
      "https://app.example.com.:8443",
    ],
    "https://app.example.com:443",
    "https://app.example.com:",
    "https://app.example.com:08443",
    "https://app.example.com:70000",
    "https://127.1",
    "https://0x7f000001",
    "https://[0:0:0:0:0:0:0:1]",
    "https://[::ffff:127.0.0.1]",
    "https://user@app.example.com",
    "HTTPS://app.example.com",
    "https://App.example.com",
    "https://app.example.com/#top",
    "https://äpp.example.com",
  ].map((url): Row => [
    `publicUrl ${url}`,
    signIn({ publicUrl: url }),
    ["publicUrl[0]", "wrong_value", "as browsers write it"],
  ]),
];

/** Only a JSON document has types that a text cannot stand for. */
const TYPED: Row[] = [
  [
    "session.secrets with null",
    signIn({ session: { secrets: [null] } }),
    ["session.secrets[0]", "wrong_type", "a text"],
  ],
  [
    "session.maxAge true",
    session({ maxAge: true }),
    ["session.maxAge", "wrong_value", "such as 15m"],
  ],
  [
    "session.sameSite false",
    session({ sameSite: false }),
    ["session.sameSite", "wrong_value", "lax"],
  ],
];

export const BAD_SESSIONS: BadConfiguration[] = [
  ...rowsOf([...SESSION, ...AROUND]),
  ...rowsOf(TYPED, { typedOnly: true }),
];

/** Not wrong, but worth a word. */
export const SESSIONS_WARNED: BadConfiguration[] = rowsOf([
  ["session.secrets in clear", SIGN_IN, ["session.secrets[0]", "literal_secret", "env:NAME"]],
  [
    "session.domain",
    session({ domain: "example.com" }),
    ["session.domain", "shared_cookie", "every host"],
    ["session.secrets[0]", "literal_secret", ""],
  ],
  [
    "plain http",
    signIn({ publicUrl: "http://localhost" }),
    ["publicUrl[0]", "insecure_url", "on this machine only"],
    ["session.secrets[0]", "literal_secret", ""],
  ],
  [
    "login.clientSecret in clear",
    signIn({ mode: "login" }),
    ["login.clientSecret", "literal_secret", "file:/path"],
    ["session.secrets[0]", "literal_secret", ""],
  ],
]);
