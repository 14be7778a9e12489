/** What was tried on sign-in with success once: addresses that nobody verified, other people's hints, stale answers, sockets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSetCookie } from "../support/cookie-jar.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { HOST, locationOf, LoginHost, NAVIGATION, ORIGIN } from "../support/login-host.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

const env = {
  SESSION_SECRET: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  CLIENT_SECRET: "rp-secret-for-tests-only-0123456789",
};
const config = {
  issuer: ISSUER,
  clientId: CLIENT,
  publicUrl: ORIGIN,
  jwks: JSON.stringify(keySet(rsa, ec)),
  session: { secrets: ["env:SESSION_SECRET"] },
  login: { clientSecret: "env:CLIENT_SECRET" },
  rules: [{ match: "PathPrefix(`/`)", allow: "Role(`app-viewer`)" }],
  forwardHeaders: { "X-Forwarded-Email": "email" },
};
const REFRESH = "__Secure-rolegate-refresh";

/** Mode protect of the same block, at the same time, asked with a browser's cookies. */
async function application(host: LoginHost, block: Record<string, unknown>) {
  const gate = await loadGate(fileForm({ mode: "protect", ...block }), {
    env,
    now: () => host.clock.ms,
  });
  return () =>
    gate.handle({
      target: "/x",
      headers: { Host: HOST, ...NAVIGATION, Cookie: host.jar.header("/x")! },
    });
}

const addresses: [string, Record<string, unknown>, Record<string, unknown>, string | null][] = [
  ["both by both", {}, { email: "alice@example.com", email_verified: true }, "alice@example.com"],
  [
    "one that only the access token has, beside the ID token's word for another",
    { email: "victim@example.com", email_verified: undefined },
    { email: "mallory@example.com", email_verified: true },
    null,
  ],
  [
    "one that only the ID token has, with its own word",
    { email: undefined, email_verified: undefined },
    { email: "alice@example.com", email_verified: true },
    "alice@example.com",
  ],
];
for (const [name, accessToken, idToken, expected] of addresses) {
  test(`an address is verified by who names it: ${name}`, async () => {
    const host = await LoginHost.start(config, { env });
    Object.assign(host.provider, { accessToken, idToken });
    await host.signIn();
    const ask = await application(host, config);
    const { forwarded } = await ask();
    assert.equal(forwarded!.headers.get("X-Forwarded-Email") ?? null, expected);
  });
}

test("with a domain, signing out clears the session's cookie where it was set", async () => {
  const block = { ...config, session: { ...config.session, domain: "example.com" } };
  const host = await LoginHost.start(block, { env });
  const set = (await host.signIn()).response.headers.values("Set-Cookie").map(parseSetCookie);
  const { response } = await host.visit("/oidc/logout");
  const cleared = response.headers.values("Set-Cookie").map(parseSetCookie);
  for (const name of ["__Secure-rolegate", REFRESH, "__Secure-rolegate-turns"]) {
    const [was, is] = [set, cleared].map((list) => list.filter((it) => it.name === name));
    assert.equal(is!.length, 1, name);
    const { "max-age": _, ...attributes } = was![0]!.attributes;
    assert.deepEqual(is![0]!.attributes, { ...attributes, "max-age": "0" });
  }
});

test("a refresh cookie of another session, which a sibling host can set, is no hint for signing out", async () => {
  const host = await LoginHost.start(config, { env });
  await host.signIn();
  const alice = host.jar.copy();
  assert.match(
    locationOf(await host.visit("/oidc/logout", { jar: alice.copy() }))!,
    /id_token_hint/,
  );
  host.jar.cookies.clear();
  host.provider.idToken = { sub: "mallory" };
  await host.signIn();
  alice.put(REFRESH, host.jar.get(REFRESH)!, "/oidc");
  const location = locationOf(await host.visit("/oidc/logout", { jar: alice }))!;
  assert.match(location, /client_id=app/);
  assert.doesNotMatch(location, /id_token_hint/);
});

test("mode auth: a handshake of another origin's page, which proxies show as a plain GET, is refused", async () => {
  const host = await LoginHost.start(config, { env });
  await host.signIn();
  const forwardAuth = {
    trusted: ["127.0.0.1/32"],
    uriHeader: "X-Original-URI",
    methodHeader: "X-Original-Method",
    hostHeader: "X-Original-Host",
  };
  const gate = await loadGate(fileForm({ ...config, mode: "auth", forwardAuth }), {
    env,
    now: () => host.clock.ms,
  });
  const statusFor = async (headers: Record<string, string>) => {
    const asked = { "X-Original-URI": "/ws", "X-Original-Method": "GET", "X-Original-Host": HOST };
    const result = await gate.handle({
      target: "/auth",
      headers: { Host: "auth", Cookie: host.jar.header("/ws")!, ...asked, ...headers },
    });
    return result.response.status;
  };
  assert.equal(await statusFor({ Origin: ORIGIN }), 200);
  assert.equal(await statusFor({}), 200);
  assert.equal(await statusFor({ Origin: "https://sibling.example.com" }), 403);
  assert.equal(await statusFor({ Origin: "null" }), 403);
});

type Block = Record<string, unknown>;
const rules = (allow: string) => ({ rules: [{ match: "PathPrefix(`/`)", allow }] });
const changes: [string, Block, Block][] = [
  [
    "the values of one question that read as another question",
    rules("OneOf(`dept`, `x`, `4`, `team`, ``, `y`)"),
    rules("OneOf(`dept`, `x`) || OneOf(`team`, `y`)"),
  ],
  [
    "whether the userinfo endpoint is asked",
    { login: { ...config.login, userinfo: true } },
    config,
  ],
];
for (const [name, was, is] of changes) {
  test(`a session is out of date when this changes: ${name}`, async () => {
    const host = await LoginHost.start({ ...config, ...was }, { env });
    host.provider.accessToken = { dept: "y" };
    await host.signIn();
    assert.equal((await (await application(host, { ...config, ...was }))()).response.status, 200);
    assert.equal((await (await application(host, { ...config, ...is }))()).response.status, 302);
  });
}

for (const dest of ["image", "iframe", "script", "style"]) {
  test(`what a page of ours shows as ${dest} signs nobody out`, async () => {
    const host = await LoginHost.start(config, { env });
    await host.signIn();
    const headers = { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors" };
    const { response } = await host.visit("/oidc/logout", {
      headers: { ...headers, "Sec-Fetch-Dest": dest },
    });
    assert.deepEqual(response.headers.values("Set-Cookie"), []);
  });
}
