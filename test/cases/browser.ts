/** Tokens in a cookie: the browser sends it along whichever page asks, so other sites' pages must not get through. */
import { token } from "../support/tokens.ts";
import { type Case, invalid, malformed, passes, unauthenticated } from "./case.ts";

const alice = await token({ realm_access: { roles: ["app-runner"] } });
const bob = await token({ preferred_username: "bob" });
const HOST = "app.example.com";
const cookie = `session=${alice}`;
export const crossSite = { status: 403, code: "cross_site", reason: "cross_site" };
const wrongHost = { status: 421, code: "wrong_host", reason: "wrong_host" };

interface Row {
  name: string;
  method?: string;
  target?: string;
  headers?: Record<string, string | string[]>;
  expect: Case["expect"];
}

const ours = "https://app.example.com";
const site = (value: string) => ({ "Sec-Fetch-Site": value });

const CREDENTIAL: Row[] = [
  {
    name: "a good token",
    expect: passes({ upstream: { headers: { "X-Forwarded-User": "alice" }, absent: ["Cookie"] } }),
  },
  { name: "an empty one is none", headers: { Cookie: "session=" }, expect: unauthenticated() },
  {
    name: "another name is none",
    headers: { Cookie: `Session=${alice}; xsession=${alice}` },
    expect: unauthenticated(),
  },
  { name: "a bad token", headers: { Cookie: "session=abc" }, expect: invalid("token_not_compact") },
  {
    name: "beside others, which go on",
    headers: { Cookie: `a=1; ${cookie}; b=2` },
    expect: passes({ upstream: { headers: { Cookie: "a=1; b=2" } } }),
  },
  {
    name: "in the second Cookie header",
    headers: { Cookie: ["a=1", cookie] },
    expect: passes({ upstream: { headers: { Cookie: "a=1" } } }),
  },
  { name: "twice, alike", headers: { Cookie: `${cookie}; ${cookie}` }, expect: passes() },
  {
    name: "twice, different",
    headers: { Cookie: `${cookie}; session=${bob}` },
    expect: malformed("credential_repeated"),
  },
  {
    name: "and a bearer token that differs",
    headers: { Cookie: cookie, Authorization: `Bearer ${bob}` },
    expect: malformed("credentials_conflict"),
  },
  {
    name: "and the same bearer token",
    headers: { Cookie: cookie, Authorization: `Bearer ${alice}` },
    expect: passes(),
  },
  {
    name: "and a stale Basic header",
    headers: { Cookie: cookie, Authorization: "Basic YTpi" },
    expect: passes({
      upstream: { headers: { "X-Forwarded-User": "alice" }, absent: ["Authorization"] },
    }),
  },
  {
    name: "and a malformed bearer header",
    headers: { Cookie: cookie, Authorization: "Bearer" },
    expect: malformed("authorization_malformed"),
  },
  {
    name: "on a public path it is removed too",
    target: "/public",
    expect: passes({ upstream: { absent: ["Cookie"] } }),
  },
  {
    name: "of a host that is not ours",
    headers: { Cookie: cookie, Host: "evil.example" },
    expect: wrongHost,
  },
  {
    name: "of a host that is ours, on a port and in capitals",
    headers: { Cookie: cookie, Host: "APP.example.com:8080" },
    expect: passes(),
  },
];

/** Unsafe methods need `Origin` to be ours, or without it `Sec-Fetch-Site: same-origin`. */
export const UNSAFE: [string, Record<string, string>, boolean][] = [
  ["nothing said", {}, false],
  ["our origin", { Origin: ours }, true],
  ["our other origin", { Origin: "http://app.example.com:8080" }, true],
  ["our origin by another scheme", { Origin: "http://app.example.com" }, false],
  ["our origin with a slash", { Origin: `${ours}/` }, false],
  ["our origin on a port", { Origin: `${ours}:8443` }, false],
  ["another origin", { Origin: "https://evil.example" }, false],
  ["an origin that begins as ours", { Origin: `${ours}.evil.example` }, false],
  ["origin null", { Origin: "null" }, false],
  ["origin null, same-origin", { Origin: "null", ...site("same-origin") }, true],
  ["origin null, same-site", { Origin: "null", ...site("same-site") }, false],
  ["origin null, cross-site", { Origin: "null", ...site("cross-site") }, false],
  ["origin null, none", { Origin: "null", ...site("none") }, false],
  [
    "another origin, but same-origin",
    { Origin: "https://evil.example", ...site("same-origin") },
    false,
  ],
  ["same-origin", site("same-origin"), true],
  ["same-site", site("same-site"), false],
  ["cross-site", site("cross-site"), false],
  ["none", site("none"), false],
  ["our origin and cross-site", { Origin: ours, ...site("cross-site") }, true],
  ["a navigation", { ...site("cross-site"), "Sec-Fetch-Mode": "navigate" }, false],
];

/** Safe methods are refused for other sites' pages, unless it is a navigation or the origin is allowed. */
export const SAFE: [string, Record<string, string>, boolean][] = [
  ["nothing said", {}, true],
  ["same-origin", site("same-origin"), true],
  ["none", site("none"), true],
  ["cross-site", site("cross-site"), false],
  ["same-site", site("same-site"), false],
  ["cross-site, our origin", { Origin: ours, ...site("cross-site") }, true],
  ["cross-site, another origin", { Origin: "https://evil.example", ...site("cross-site") }, false],
  ["origin null", { Origin: "null" }, false],
  ["origin null, same-origin", { Origin: "null", ...site("same-origin") }, true],
  ["origin null, cross-site", { Origin: "null", ...site("cross-site") }, false],
  ["cross-site navigation", { ...site("cross-site"), "Sec-Fetch-Mode": "navigate" }, true],
];

const row = ({ name, method = "GET", target = "/me", headers = {}, expect }: Row): Case => ({
  name: `cookie: ${name}`,
  gate: "cookie",
  method,
  target,
  headers: { Host: HOST, Cookie: cookie, ...headers },
  expect,
});

export const BROWSER: Case[] = [
  ...CREDENTIAL.map(row),
  ...["POST", "PUT", "DELETE", "PROPFIND"].flatMap((method) =>
    UNSAFE.map(([name, headers, good]) =>
      row({ name: `${method}, ${name}`, method, headers, expect: good ? passes() : crossSite }),
    ),
  ),
  ...["GET", "HEAD", "OPTIONS"].flatMap((method) =>
    SAFE.map(([name, headers, good]) =>
      row({ name: `${method}, ${name}`, method, headers, expect: good ? passes() : crossSite }),
    ),
  ),
  ...[
    ["another origin", { Origin: "https://evil.example" }, crossSite],
    ["nothing said", {}, crossSite],
  ].map(([name, headers, expect]) =>
    row({
      name: `upgrade, ${name as string}`,
      headers: { Connection: "Upgrade", Upgrade: "websocket", ...(headers as object) },
      expect: expect as Case["expect"],
    }),
  ),
  row({
    name: "public: another site's page gets no identity",
    target: "/public",
    headers: site("cross-site"),
    expect: passes({ upstream: { absent: ["X-Forwarded-User", "Cookie"] } }),
  }),
  {
    name: "bearer tokens need no such defence: no other page can send them",
    gate: "cookie",
    method: "POST",
    target: "/api/a",
    headers: { Host: HOST, Origin: "https://evil.example" },
    token: alice,
    expect: passes({ rule: "write" }),
  },
  {
    name: "a cookie is none where none is configured",
    gate: "main",
    headers: { Cookie: cookie },
    expect: unauthenticated(),
  },
];
