/** The addresses below the path of sign-in: what each is for, what goes to the provider, and that there is nothing else (docs/login.md). */
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { CLIENT, ISSUER } from "../support/tokens.ts";
import { CookieJar, parseSetCookie } from "../support/cookie-jar.ts";
import { locationOf, LoginHost, NAVIGATION, ORIGIN, SCRIPT } from "../support/login-host.ts";
import { block } from "./configuration.ts";

let host: LoginHost;
before(async () => {
  host = await LoginHost.start(block());
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
});

const lines = (result: Awaited<ReturnType<LoginHost["visit"]>>) =>
  result.response.headers.values("Set-Cookie");

describe("login", () => {
  test("asks for the metadata, and sends the browser on with PKCE, state and nonce", async () => {
    const result = await host.visit("/oidc/login?rd=%2Fa");
    assert.deepEqual(host.provider.asked, ["GET /.well-known/openid-configuration"]);
    const url = new URL(locationOf(result)!);
    assert.equal(`${url.origin}${url.pathname}`, `${ISSUER}/authorize`);
    const { state, nonce, code_challenge, ...rest } = Object.fromEntries(url.searchParams);
    assert.deepEqual(rest, {
      response_type: "code",
      client_id: CLIENT,
      redirect_uri: `${ORIGIN}/oidc/callback`,
      scope: "openid profile email",
      code_challenge_method: "S256",
    });
    assert.match(nonce!, /^[\w-]{43}$/);
    assert.match(code_challenge!, /^[\w-]{43}$/);
    assert.ok(!state!.includes("/a"), "sealed");
  });

  test("one endpoint that is configured does not do without the metadata", async () => {
    for (const name of ["authorization", "token"]) {
      const endpoints = { [name]: `${ISSUER}/${name}` };
      const partly = await LoginHost.start(block({ login: { endpoints } }));
      await partly.begin();
      assert.deepEqual(partly.provider.asked, ["GET /.well-known/openid-configuration"], name);
    }
  });

  test("its cookie is small, and of this host and browser only", async () => {
    const result = await host.visit("/oidc/login?rd=%2Fa");
    const [line] = lines(result);
    const { name, value, attributes } = parseSetCookie(line!);
    assert.match(name, /^__Host-rolegate-login-[\w-]{12}$/);
    assert.ok(value.length < 300, `${value.length} bytes`);
    assert.deepEqual(attributes, {
      ...{ path: "/", httponly: "", samesite: "Lax", secure: "", "max-age": "600" },
    });
  });

  test("no two attempts have a value in common", async () => {
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const { state, nonce, code_challenge } = Object.fromEntries(await host.begin("/"));
      for (const value of [state!, nonce!, code_challenge!]) seen.add(value);
    }
    assert.equal(seen.size, 60);
  });
});

describe("nothing else", () => {
  const METHODS: Record<string, string> = {
    login: "GET",
    callback: "GET",
    refresh: "GET, HEAD",
    userinfo: "GET",
    session: "GET",
    logout: "GET, POST",
    "backchannel-logout": "POST",
    "frontchannel-logout": "GET",
  };
  const ALL = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
  for (const [name, allowed] of Object.entries(METHODS)) {
    test(`${name}: ${allowed}`, async () => {
      for (const method of ALL.filter((it) => !allowed.split(", ").includes(it))) {
        const { response, forwarded } = await host.visit(`/oidc/${name}`, { method });
        assert.equal(response.status, 405, method);
        assert.equal(response.headers.get("Allow"), allowed);
        assert.equal(forwarded, null);
      }
    });
  }

  const PATHS = [
    ...[
      "/oidc",
      "/oidc/",
      "/oidc/x",
      "/oidc/login/",
      "/oidc/login/x",
      "/oidc/Login",
      "/oidc/login%2F",
    ],
    ...["/oidc/login;a=b", "/oidc/login.json", "/oidc/keys", "/oidc/token", "/oidc/authorize"],
    ...[
      "/oidc/../realms/main/token",
      "/oidc/%2e%2e/realms/main/token",
      "/oidc/./token",
      "/oidc//token",
    ],
    ...[
      "/oidc/realms/main/protocol/openid-connect/token",
      "/oidc/.well-known/openid-configuration",
    ],
    // Read up to where it is refused, these are visits.
    ...["/oidc/login%00", "/oidc/login%0A", "/oidc/session%7F", "/oidc/logout%09"],
    ...[
      "/oidc/..%2Frealms",
      "/oidc/%252e%252e/x",
      "/oidc/a%5C..%5Cx",
      "/realms/main/token",
      "/",
      "/x",
    ],
    ...[
      "/OIDC/login",
      "/oidc%2Flogin",
      "/oidc/auth",
      "/oidc/admin/master/console/",
      "/oidc/metrics",
    ],
  ];
  for (const target of PATHS) {
    test(`${target} is not there`, async () => {
      for (const method of ["GET", "POST"]) {
        const { response, forwarded } = await host.visit(target, { method, body: "a=b" });
        assert.equal(response.status, 404);
        assert.equal(forwarded, null);
        assert.doesNotMatch(response.body.toString(), /canary/);
      }
    });
  }

  test("what a browser fetches ahead is refused, and uses nothing up", async () => {
    const parameters = await host.begin("/a");
    for (const purpose of ["prefetch", "prefetch;prerender"]) {
      for (const name of ["login", "callback", "refresh", "logout", "session"]) {
        const headers = { ...NAVIGATION, "Sec-Purpose": purpose };
        const query = new URLSearchParams({ code: "a", state: parameters.get("state")! });
        const { response, forwarded } = await host.visit(`/oidc/${name}?${query}`, { headers });
        assert.deepEqual([response.status, forwarded], [503, null], name);
      }
    }
    assert.equal(locationOf(await host.end(parameters)), "/a");
  });

  test("what is to become a service worker is not there, and uses nothing up", async () => {
    const parameters = await host.begin("/a");
    const asked: Record<string, string>[] = [
      { "Service-Worker": "script", "Sec-Fetch-Dest": "serviceworker" },
      { "service-worker": "script" },
      { ...SCRIPT, "Sec-Fetch-Dest": "serviceworker" },
    ];
    for (const headers of asked) {
      for (const name of ["login", "callback", "refresh", "logout", "session", "userinfo"]) {
        const query = new URLSearchParams({ code: "a", state: parameters.get("state")! });
        const result = await host.visit(`/oidc/${name}?${query}`, { headers });
        assert.deepEqual([result.response.status, result.forwarded], [404, null], name);
        assert.deepEqual(lines(result), []);
      }
    }
    assert.equal(locationOf(await host.end(parameters)), "/a");
  });

  test("whose headers are not all known: nothing is done, and nothing goes out", async () => {
    await host.signIn();
    host.provider.received.length = 0;
    const large = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [`X-${i}-${"a".repeat(20)}`, "1"]),
    );
    for (const headers of [large, { "X-Request-Id": "a".repeat(8193) }]) {
      for (const name of Object.keys(METHODS)) {
        const method = METHODS[name] === "POST" ? "POST" : "GET";
        const all = { ...NAVIGATION, ...headers };
        const { response, forwarded } = await host.visit(`/oidc/${name}`, { method, headers: all });
        assert.deepEqual([response.status, forwarded], [400, null], name);
        assert.match(response.body.toString(), /<html/);
        assert.deepEqual(response.headers.values("Set-Cookie"), []);
      }
    }
  });

  test("another host name: 421, whatever is asked", async () => {
    for (const name of ["login", "callback", "session", "logout"]) {
      for (const other of ["evil.example", "app.example.com.evil.example", "xapp.example.com"]) {
        const { response, forwarded } = await host.visit(`/oidc/${name}`, { host: other });
        assert.deepEqual([response.status, forwarded], [421, null]);
        assert.doesNotMatch(response.body.toString(), /evil/);
      }
    }
  });

  test("every answer is not stored, tells no address on, and is what it says", async () => {
    await host.signIn();
    for (const target of [
      "/oidc/login",
      "/oidc/callback",
      "/oidc/refresh",
      "/oidc/session",
      "/oidc/x",
      "/oidc/logout",
      "/oidc/backchannel-logout",
    ]) {
      const { response } = await host.visit(target);
      assert.equal(response.headers.get("Cache-Control"), "no-store", target);
      assert.equal(response.headers.get("Referrer-Policy"), "no-referrer", target);
      assert.equal(response.headers.get("X-Content-Type-Options"), "nosniff", target);
      assert.equal(response.headers.get("Access-Control-Allow-Origin"), undefined);
    }
  });
});

describe("session", () => {
  test("says who it is, to pages of this origin", async () => {
    await host.signIn();
    const { response } = await host.visit("/oidc/session", { headers: SCRIPT });
    assert.equal(response.headers.get("Content-Type"), "application/json");
    const now = host.clock.seconds;
    assert.deepEqual(JSON.parse(response.body.toString()), {
      ...{ subject: "8d6f3a6e-0001", user: "alice", roles: ["viewer"] },
      ...{ signedIn: now, expires: now + 300, refreshAt: now + 225 },
    });
  });

  test("to nobody else", async () => {
    await host.signIn();
    for (const headers of [
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { Origin: "https://evil.example" },
      { Origin: "null" },
    ] as Record<string, string>[]) {
      const { response } = await host.visit("/oidc/session", { headers });
      assert.equal(response.status, 403);
      assert.equal(response.body.length, 0);
    }
  });

  test("without a session, or with one that has ended, 401", async () => {
    await host.signIn();
    const none = await host.visit("/oidc/session", { headers: SCRIPT, jar: null });
    assert.equal(none.response.status, 401);
    host.clock.pass(300);
    const ended = await host.visit("/oidc/session", { headers: SCRIPT });
    assert.equal(ended.response.status, 401);
    assert.equal(JSON.parse(ended.response.body.toString()).code, "authentication_required");
  });
});
