/** Sign-in as it is configured otherwise: trust in the connection, strict cookies, another path, other hosts, the token for the upstream. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { COOKIE, placeOf } from "../support/baked-session.ts";
import { CookieJar, parseSetCookie } from "../support/cookie-jar.ts";
import { rsa, strangerRsa } from "../support/keys.ts";
import { json } from "../support/fake-provider.ts";
import { events, locationOf, LoginHost, NAVIGATION, said } from "../support/login-host.ts";
import { openSession } from "../support/session-text.ts";
import { type Claims, ISSUER } from "../support/tokens.ts";
import { type Block, block, PLACE, SECRET } from "./configuration.ts";

const start = (changes: Block) => LoginHost.start(block(changes));

describe("login.trustTransport, without a source of keys", () => {
  const TRUST = { jwks: undefined, login: { trustTransport: true } };

  test("the connection vouches for the ID token, and for nothing beside it", async () => {
    const host = await start(TRUST);
    host.provider.idKey = strangerRsa;
    host.provider.idToken = { realm_access: { roles: ["app-viewer"] } };
    host.provider.accessToken = { realm_access: { roles: ["app-owner"] } };
    assert.deepEqual(events(await host.signIn()), ["access_token_unread", "signed_in"]);
    const { identity } = openSession(PLACE, host.jar.get(COOKIE)!);
    assert.match(Buffer.from(identity, "hex").toString(), /viewer/);
    assert.doesNotMatch(Buffer.from(identity, "hex").toString(), /owner/);
  });

  test("its claims are checked all the same", async () => {
    const host = await start(TRUST);
    for (const changes of [
      { nonce: "other" },
      { aud: "other" },
      { exp: 1 },
      { iss: "https://e" },
    ]) {
      host.jar = new CookieJar();
      host.provider.idToken = changes;
      assert.deepEqual(events(await host.signIn()), ["id_token_refused"]);
    }
  });

  test("plain http vouches for nothing, not even on this machine", async () => {
    const issuer = "http://localhost/realms/app";
    const endpoints = Object.fromEntries(
      ["authorization", "token"].map((name) => [name, `${issuer}/${name}`]),
    );
    const host = await start({ ...TRUST, issuer, login: { trustTransport: true, endpoints } });
    host.provider.idToken = { iss: issuer };
    const { searchParams } = new URL(locationOf(await host.visit("/oidc/login"))!);
    host.provider.nonce = searchParams.get("nonce")!;
    host.provider.instead.token = async () => json(await host.provider.tokens());
    const result = await host.end(searchParams);
    assert.deepEqual(events(result), ["id_token_refused"]);
    assert.match(said(result), /keys_unavailable/);
  });

  test("with a source of keys it counts for nothing", async () => {
    const host = await start({ login: { trustTransport: true } });
    host.provider.idKey = strangerRsa;
    host.provider.idHeader = { kid: rsa.kid };
    const result = await host.signIn();
    assert.deepEqual(events(result), ["id_token_refused"]);
    assert.match(said(result), /"key_unknown"|"signature_invalid"|"keys_unavailable"/);
  });
});

describe("session.sameSite", () => {
  test("strict: the way back is a step of our own page", async () => {
    const host = await start({ session: { sameSite: "strict" } });
    const result = await host.signIn("/a?b&c");
    assert.equal(result.response.status, 200);
    assert.match(result.response.body.toString(), /url=\/a\?b&amp;c/i);
    const cookies = result.response.headers.values("Set-Cookie").map(parseSetCookie);
    const sameSite = Object.fromEntries(cookies.map((it) => [it.name, it.attributes.samesite]));
    assert.equal(sameSite[COOKIE], "Strict");
    assert.equal(sameSite["__Secure-rolegate-refresh"], "Lax");
  });

  test("none", async () => {
    const host = await start({ session: { sameSite: "none" } });
    const result = await host.signIn();
    const line = result.response.headers.values("Set-Cookie").find((it) => it.startsWith(COOKIE))!;
    assert.match(line, /; Secure/);
    assert.match(line, /SameSite=None/);
  });
});

test("several hosts: each comes back to itself, with a session of its own", async () => {
  const host = await start({ publicUrl: ["https://app.example.com", "https://b.example.com"] });
  const ask = { host: "b.example.com" };
  const parameters = await host.begin("/a", ask);
  assert.equal(parameters.get("redirect_uri"), "https://b.example.com/oidc/callback");
  // The attempt of one host is none of the other's.
  const crossed = await host.end(parameters, {}, { jar: host.jar.copy() });
  assert.deepEqual(events(crossed), ["state_unknown"]);
  assert.equal(locationOf(await host.end(parameters, {}, ask)), "/a");
  const place = placeOf(SECRET, "https://b.example.com");
  assert.equal(openSession(place, host.jar.get(COOKIE)!).user, "alice");
});

test("one host on two ports: the button signs out on either", async () => {
  const port = "https://app.example.com:8443";
  const host = await start({ publicUrl: ["https://app.example.com", port] });
  const post = (origin: string) =>
    host.visit("/oidc/logout", {
      method: "POST",
      host: "app.example.com:8443",
      headers: { ...NAVIGATION, Origin: origin, "Sec-Fetch-Site": "same-origin" },
    });
  await host.signIn();
  await post("https://app.example.com:9443");
  assert.ok(host.jar.get(COOKIE), "of another port that is not ours");
  await post(port);
  assert.equal(host.jar.get(COOKIE), undefined);
});

describe("login.endpointOrigins", () => {
  const OAUTH = "https://oauth.example.net";
  const of = (service: string, endpoints = {}) => ({
    login: { endpointOrigins: { oauth: OAUTH }, service, endpoints },
  });
  const metadata = { token_endpoint: `${OAUTH}/token`, userinfo_endpoint: `${OAUTH}/userinfo` };
  const known = { authorization: `${ISSUER}/authorize`, token: `${OAUTH}/token` };

  test("a router that leads elsewhere sends no code there, and says which one is missing", async () => {
    const host = await start(of("provider"));
    host.provider.metadata = metadata;
    const result = await host.signIn();
    assert.deepEqual(events(result), ["wrong_router"]);
    assert.match(said(result), /oauth\.example\.net/);
    assert.equal(result.response.status, 500);
    assert.ok(!host.provider.asked.some((it) => it.startsWith("POST")), "a code was sent");
  });

  test("nor does discovery go where the issuer is not", async () => {
    const host = await start(of("oauth"));
    const result = await host.visit("/oidc/login");
    assert.deepEqual(events(result), ["wrong_router"]);
    assert.deepEqual(host.provider.asked, []);
  });

  test("the service's own router sends it", async () => {
    const host = await start(of("oauth", known));
    host.provider.instead.token = async () => json(await host.provider.tokens());
    assert.deepEqual(events(await host.signIn()), ["signed_in"]);
    assert.equal(host.provider.received[0]!.target, "/token");
    host.clock.pass(240);
    assert.deepEqual(events(await host.visit("/oidc/refresh?rd=%2F")), ["refreshed"]);
  });

  test("a session that holds goes on where its refresh has no router", async () => {
    const host = await start(of("oauth", known));
    host.provider.instead.token = async () => json(await host.provider.tokens());
    await host.signIn();
    const other = await LoginHost.start(block(of("provider", known)), { clock: host.clock });
    host.clock.pass(240);
    const result = await other.visit("/oidc/refresh?rd=%2Fa", { jar: host.jar });
    assert.deepEqual(events(result), ["wrong_router"]);
    assert.equal(locationOf(result), "/a");
    assert.deepEqual(other.provider.asked, []);
  });
});

test("a provider's page that the application's own router has caught: a page, and no round more", async () => {
  const issuer = "https://app.example.com/idp";
  const host = await start({ issuer });
  const metadata = json({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
  });
  host.provider.instead["openid-configuration"] = () => metadata;
  const first = await host.visit("/oidc/login?rd=%2Fa");
  const address = new URL(locationOf(first)!);
  assert.equal(address.origin + address.pathname, `${issuer}/authorize`);
  const caught = encodeURIComponent(address.pathname + address.search);
  const result = await host.visit(`/oidc/login?rd=${caught}`);
  assert.equal(result.response.status, 500);
  assert.deepEqual(events(result), ["provider_gated"]);
  // Its other pages, and paths that only begin so, are the application's to gate or not.
  for (const rd of ["/idp", "/idp/authorize/x", "/authorize"]) {
    const other = await host.visit(`/oidc/login?rd=${encodeURIComponent(rd)}`);
    assert.equal(other.response.status, 302, rd);
  }
});

test("another path: all is below it, and the usual one is not there", async () => {
  const host = await start({ login: { path: "/sign-in/x" } });
  const begun = await host.visit("/sign-in/x/login?rd=%2Foidc%2Fa");
  const parameters = new URL(locationOf(begun)!).searchParams;
  assert.equal(parameters.get("redirect_uri"), "https://app.example.com/sign-in/x/callback");
  host.provider.nonce = parameters.get("nonce")!;
  const query = new URLSearchParams({ code: "a", state: parameters.get("state")! });
  const result = await host.visit(`/sign-in/x/callback?${query}`);
  assert.equal(locationOf(result), "/oidc/a");
  const refresh = result.response.headers
    .values("Set-Cookie")
    .find((it) => it.includes("-refresh"));
  assert.match(refresh!, /Path=\/sign-in\/x;/);
  assert.equal((await host.visit("/oidc/login")).response.status, 404);
});

test("the token for the upstream is in the session, and nowhere else", async () => {
  const host = await start({ forwardAuthorization: true });
  const result = await host.signIn();
  const { token: kept } = openSession(PLACE, host.jar.get(COOKIE)!);
  assert.match(kept, /^eyJ/);
  assert.ok(!JSON.stringify(result.response.headers.entries()).includes(kept.slice(0, 60)));
});

test("claims of the ID token alone, where it is to be so", async () => {
  const host = await start({ login: { claimsFrom: ["id_token"] } });
  host.provider.idToken = { preferred_username: "from-the-id-token" };
  await host.signIn();
  assert.equal(openSession(PLACE, host.jar.get(COOKIE)!).user, "from-the-id-token");
});

test("an access token of another subject, or one that has expired, is no source of claims", async () => {
  const host = await start({});
  for (const changes of [{ sub: "somebody-else" }, { exp: 1 }, { nbf: 9_999_999_999 }]) {
    await signInWithout(host, { ...changes, preferred_username: "root" });
  }
});

test("a token of another kind in its place is no source of claims", async () => {
  const host = await start({});
  for (const changes of [
    ...["ID", "Refresh", "Offline", "Logout"].map((typ) => ({ typ })),
    ...[{ token_use: "id" }, { events: {} }, { typ: undefined, token_use: "id" }],
  ] as Claims[]) {
    await signInWithout(host, { ...changes, preferred_username: "root" });
  }
});

/** A sign-in whose access token says nothing that counts. */
async function signInWithout(host: LoginHost, accessToken: Claims): Promise<void> {
  host.jar = new CookieJar();
  host.provider.accessToken = accessToken;
  assert.deepEqual(events(await host.signIn()), ["access_token_unread", "signed_in"]);
  const session = openSession(PLACE, host.jar.get(COOKIE)!);
  assert.equal(session.user, "8d6f3a6e-0001", JSON.stringify(accessToken));
  assert.doesNotMatch(Buffer.from(session.identity, "hex").toString(), /viewer|root/);
}

describe("metadata that lead to an origin of login.endpointOrigins over plain http", () => {
  const PLAIN = "http://sso.internal";
  const elsewhere = async (issuer: string, metadata: Claims) => {
    const login = { endpointOrigins: { plain: PLAIN }, userinfo: true };
    const host = await start({ issuer, login });
    host.provider.metadata = { ...metadata, issuer };
    return host.visit("/oidc/login");
  };
  const names = ["authorization_endpoint", "token_endpoint", "userinfo_endpoint"];
  for (const name of [...names, "end_session_endpoint"]) {
    test(`${name} of an issuer with https is refused`, async () => {
      const result = await elsewhere(ISSUER, { [name]: `${PLAIN}/x` });
      assert.deepEqual(events(result), ["metadata_refused"]);
      assert.match(said(result), new RegExp(`${name} is plain http`));
    });
  }

  test("where a browser is sent is refused of an issuer on this machine, too", async () => {
    const issuer = "http://localhost/realms/main";
    const own = Object.fromEntries(
      [...names, "end_session_endpoint", "jwks_uri"].map((name) => [name, `${issuer}/x`]),
    );
    assert.ok(locationOf(await elsewhere(issuer, own))?.startsWith(`${issuer}/x?`));
    assert.ok(locationOf(await elsewhere(issuer, { ...own, token_endpoint: `${PLAIN}/x` })));
    for (const name of ["authorization_endpoint", "end_session_endpoint"]) {
      const result = await elsewhere(issuer, { ...own, [name]: `${PLAIN}/x` });
      assert.deepEqual(events(result), ["metadata_refused"], name);
      assert.match(said(result), new RegExp(`${name} is plain http`));
    }
  });
});

test("a session ends with the access token, with expires_in, or with refreshEvery: the least", async () => {
  const host = await start({});
  const { seconds } = host.clock;
  const ends: [Record<string, unknown>, Record<string, unknown>, number][] = [
    [{}, {}, 300],
    [{ exp: seconds + 100 }, {}, 100],
    [{}, { expires_in: 50 }, 50],
    [{ exp: seconds + 100 }, { expires_in: 9999 }, 100],
    [{}, { expires_in: "50" }, 300],
  ];
  for (const [accessToken, answer, expected] of ends) {
    host.jar = new CookieJar();
    host.provider.accessToken = accessToken;
    host.provider.answer = answer;
    await host.signIn();
    assert.equal(openSession(PLACE, host.jar.get(COOKIE)!).end - seconds, expected);
  }
});

test("without a refresh token a session lasts as long as the ID token, unless refreshEvery is given", async () => {
  for (const [session, idToken, answer, expected] of [
    [{}, {}, {}, 600],
    [{}, { exp: 3600 }, { expires_in: undefined }, 600],
    [{}, { exp: 100 }, {}, 100],
    [{}, {}, { expires_in: 50 }, 50],
    [{ maxAge: "60s" }, {}, {}, 60],
    [{ refreshEvery: "5m" }, {}, {}, 300],
    [{ refreshEvery: "20m" }, {}, {}, 600],
  ] as [object, { exp?: number }, object, number][]) {
    const host = await start({ session });
    const { seconds } = host.clock;
    host.provider.idToken = idToken.exp ? { exp: seconds + idToken.exp } : {};
    host.provider.answer = { refresh_token: undefined, ...answer };
    assert.deepEqual(events(await host.signIn()), ["no_refresh_token", "signed_in"]);
    const opened = openSession(PLACE, host.jar.get(COOKIE)!);
    assert.equal(opened.end - seconds, expected, JSON.stringify([session, idToken, answer]));
  }
});

test("after signing out people are where it is configured", async () => {
  for (const [postLogoutRedirect, expected] of [
    ["/bye?a=b", "https://app.example.com/bye?a=b"],
    ["https://www.example.com/", "https://www.example.com/"],
  ]) {
    const host = await start({ login: { postLogoutRedirect } });
    await host.signIn();
    const url = new URL(locationOf(await host.visit("/oidc/logout"))!);
    assert.equal(`${url.origin}${url.pathname}`, `${ISSUER}/end`);
    assert.equal(url.searchParams.get("post_logout_redirect_uri"), expected);
  }
});
