/** What callers get who have no session that is enough: sent to sign in, a page, a problem document, or gRPC's status. */
import { type Expected, forbidden, malformed, passes, invalid, unauthenticated } from "./case.ts";
import { cookie, GRACE, NAVIGATION } from "./session-cookies.ts";
import {
  page,
  signsIn,
  told,
  alice,
  nobody,
  bearer,
  basic,
  good,
  german,
  SIGN_IN_URL,
  type SessionRow,
  ours,
} from "./session-rows.ts";

/** Beside other credentials, and on other hosts. */
export const BESIDE: SessionRow[] = [
  [
    "as a Bearer token",
    undefined,
    { token: good },
    { ...invalid("token_not_compact"), urls: SIGN_IN_URL },
  ],
  ["a Bearer token", cookie(good), { token: bearer }, malformed("credentials_conflict")],
  [
    "its own text as a Bearer token",
    cookie(good),
    { token: good },
    { ...invalid("token_not_compact"), urls: SIGN_IN_URL },
  ],
  [
    "a malformed Bearer header",
    cookie(good),
    { headers: { Authorization: "Bearer" } },
    malformed("authorization_malformed"),
  ],
  [
    "a stale Basic header",
    cookie(good),
    { headers: { Authorization: basic("a:b") } },
    passes({
      upstream: { headers: { "X-Forwarded-User": "alice", Authorization: basic("a:b") } },
    }),
  ],
  [
    "another host",
    cookie(good),
    { headers: { Host: "evil.example" } },
    { status: 421, code: "wrong_host", reason: "wrong_host" },
  ],
  [
    "another host, a person",
    cookie(good),
    { headers: { ...NAVIGATION, Host: "evil.example" } },
    page(421, {
      reason: "wrong_host",
      code: "wrong_host",
      page: { language: "en", has: ["https://app.example.com/"] },
    }),
  ],
  [
    "another host, nobody",
    undefined,
    { headers: { ...NAVIGATION, Host: "evil.example" } },
    page(401, { ...unauthenticated() }),
  ],
  [
    "another host, on a public path",
    cookie(good),
    { target: "/public", headers: { Host: "evil.example" } },
    nobody(),
  ],
  [
    "its host in capitals and on a port",
    cookie(good),
    { headers: { Host: "APP.example.com:8443" } },
    alice,
  ],
];

/** Who is not signed in, by what they ask with. */
const long = `/me?${"a".repeat(6_140)}`;
const grpc = { "Content-Type": "application/grpc+proto" };
const html = { Accept: "text/html,*/*;q=0.8" };
const shown = (...has: string[]) =>
  page(401, { ...unauthenticated(), page: { language: "en", has } });
export const NOBODY: SessionRow[] = [
  ["a person", undefined, { headers: NAVIGATION }, signsIn("credential_missing")],
  [
    "a person, through a service worker",
    undefined,
    {
      headers: { ...NAVIGATION, "Sec-Fetch-Dest": "empty", "Sec-Fetch-Site": "same-origin" },
    },
    signsIn("credential_missing"),
  ],
  [
    "a picture, through a service worker",
    undefined,
    {
      headers: {
        "Sec-Fetch-Mode": "no-cors",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Site": "same-origin",
      },
    },
    told("credential_missing"),
  ],
  [
    "a person with a browser of before",
    undefined,
    { headers: html },
    signsIn("credential_missing"),
  ],
  [
    "a person, with a query",
    undefined,
    { headers: NAVIGATION, target: "/me?a=%2F&b" },
    signsIn("credential_missing", "%2Fme%3Fa%3D%252F%26b"),
  ],
  [
    "an address of 6,144 bytes",
    undefined,
    { headers: NAVIGATION, target: long },
    signsIn("credential_missing", `%2Fme%3F${"a".repeat(6_140)}`),
  ],
  [
    "an address of 6,145 bytes",
    undefined,
    { headers: NAVIGATION, target: `${long}a` },
    signsIn("credential_missing", "%2F"),
  ],
  ...["iframe", "frame", "object", "embed"].flatMap((dest): SessionRow[] => [
    [
      `a person, in ${dest}`,
      undefined,
      { headers: { ...NAVIGATION, "Sec-Fetch-Dest": dest }, target: "/me?a" },
      shown("Sign-in required", "/oidc/login?rd=%2Fme%3Fa"),
    ],
    [
      `what a page loads as ${dest} without showing it as a page`,
      undefined,
      { headers: { ...NAVIGATION, "Sec-Fetch-Dest": dest, "Sec-Fetch-Mode": "no-cors" } },
      told("credential_missing"),
    ],
  ]),
  [
    "a script",
    undefined,
    {
      headers: {
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Site": "same-origin",
        ...html,
      },
    },
    told("credential_missing"),
  ],
  ["a program", undefined, { headers: { Accept: "*/*" } }, told("credential_missing")],
  ["HEAD", undefined, { method: "HEAD", headers: NAVIGATION }, told("credential_missing")],
  [
    "POST of a form",
    undefined,
    { method: "POST", headers: NAVIGATION },
    shown("Sign in and send again", "/oidc/login?rd=%2Fme"),
  ],
  [
    "POST of a form, in a frame",
    undefined,
    { method: "POST", headers: { ...NAVIGATION, "Sec-Fetch-Dest": "iframe" } },
    shown("Sign in and send again", "/oidc/login?rd=%2Fme"),
  ],
  [
    "POST of a form, with a browser of before",
    undefined,
    { method: "POST", headers: html },
    shown("Sign in and send again", "/oidc/login?rd=%2Fme"),
  ],
  [
    "POST of a form to an address of 1,501 bytes",
    undefined,
    { method: "POST", headers: NAVIGATION, target: `${long}a` },
    shown("Sign in and send again", '/oidc/login?rd=%2F"'),
  ],
  [
    "POST of a script",
    undefined,
    {
      method: "POST",
      headers: { ...NAVIGATION, "Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors" },
    },
    told("credential_missing"),
  ],
  [
    "gRPC",
    undefined,
    { method: "POST", headers: grpc },
    { status: 200, reason: "credential_missing", grpc: 16 },
  ],
  [
    "gRPC in grace",
    cookie(GRACE),
    { method: "POST", headers: { ...grpc, ...ours } },
    { status: 200, reason: "session_expired", grpc: 16 },
  ],
  [
    "a front end of an allowed origin",
    undefined,
    {
      headers: {
        Origin: "https://ui.example.com",
        "Sec-Fetch-Site": "same-site",
        "Sec-Fetch-Mode": "cors",
      },
    },
    {
      ...told("credential_missing"),
      answer: { "Access-Control-Allow-Origin": "https://ui.example.com", Vary: "Origin" },
    },
  ],
  [
    "at the other host its own addresses",
    undefined,
    { headers: { Host: "b.example.com" } },
    { ...unauthenticated(), urls: { login_url: "https://b.example.com/oidc/login" } },
  ],
  [
    "a token that is wrong, a person",
    undefined,
    { headers: NAVIGATION, token: "a.b" },
    signsIn("token_not_compact"),
  ],
];

/** What a person sees who is refused. */
export const PAGES: SessionRow[] = [
  [
    "403",
    cookie(good),
    { headers: NAVIGATION, target: "/internal" },
    page(403, {
      ...forbidden("rule_denies", "internal"),
      page: { language: "en", has: ["/oidc/logout"] },
    }),
  ],
  [
    "403 in German",
    cookie(good),
    { headers: german, target: "/internal" },
    page(403, { ...forbidden("rule_denies"), page: { language: "de", has: ["/oidc/logout"] } }),
  ],
  [
    "403 in a language that is none",
    cookie(good),
    { headers: { ...NAVIGATION, "Accept-Language": "tlh" }, target: "/internal" },
    page(403, { ...forbidden("rule_denies"), page: { language: "en" } }),
  ],
  [
    "400",
    cookie(good),
    { headers: NAVIGATION, target: "/a%2Fb" },
    page(400, malformed("path_encoded_separator")),
  ],
  [
    "500, the sign-in router is missing",
    undefined,
    { headers: german, target: "/oidc/login?rd=%2F" },
    page(500, {
      code: "login_router_missing",
      reason: "login_router_missing",
      page: { language: "de" },
    }),
  ],
];

/** Sign-in's own paths have a router of their own; here they are never the application's. */
const MISSING: Expected = {
  status: 500,
  code: "login_router_missing",
  reason: "login_router_missing",
};
export const ROUTER: SessionRow[] = [
  ...[
    "/oidc",
    "/oidc/",
    "/oidc/login",
    "/oidc/callback?code=a&state=b",
    "/oidc/keys",
    "/%6Fidc/x",
    "/oidc/a/b",
  ].map((target): SessionRow => [target, cookie(good), { target }, MISSING]),
  ["POST", cookie(good), { target: "/oidc/backchannel-logout", method: "POST" }, MISSING],
  ...["/oidcx", "/OIDC/login", "/a/oidc/login"].map((target): SessionRow => [
    `${target} is the application's`,
    cookie(good),
    { target },
    forbidden("no_rule"),
  ]),
];
