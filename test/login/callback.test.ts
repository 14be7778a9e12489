/** The way back from the provider: a code, of this browser and once; what becomes of it, and attempts beside each other. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, beforeEach, describe, test } from "node:test";
import { CLIENT } from "../support/tokens.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar, parseSetCookie } from "../support/cookie-jar.ts";
import { events, locationOf, LoginHost, NAVIGATION, ORIGIN } from "../support/login-host.ts";
import { readSession } from "../support/session-text.ts";
import { open } from "../../src/session/seal.ts";
import { block, CLIENT_SECRET, PLACE, SECRET } from "./configuration.ts";

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

describe("callback", () => {
  test("the code goes to the token endpoint with its verifier, and nothing of the browser's", async () => {
    const parameters = await host.begin("/a?b");
    host.provider.received.length = 0;
    const canaries = {
      ...NAVIGATION,
      ...{ Authorization: "Bearer canary", Referer: "https://canary.example/", Origin: ORIGIN },
      ...{ "X-Forwarded-Host": "canary.example", "X-Canary": "canary", "Accept-Language": "xx" },
      ...{
        Forwarded: "host=canary",
        Range: "bytes=0-1",
        "If-None-Match": "canary",
        Expect: "canary",
      },
    };
    const result = await host.end(
      parameters,
      { canary: "canary" },
      { headers: canaries, body: "canary=1" },
    );
    assert.equal(locationOf(result), "/a?b");
    const [request] = host.provider.received;
    const { Authorization, ...headers } = Object.fromEntries(request!.headers.entries());
    assert.deepEqual(headers, {
      Accept: "application/json",
      "Accept-Encoding": "identity",
      "Content-Length": String(request!.body.length),
      "Content-Type": "application/x-www-form-urlencoded",
      Host: "app.example.com",
      "X-Forwarded-For": "127.0.0.1",
    });
    const [user, password] = Buffer.from(Authorization!.slice(6), "base64").toString().split(":");
    assert.deepEqual([user, decodeURIComponent(password!)], [CLIENT, CLIENT_SECRET]);
    const { code_verifier, ...form } = Object.fromEntries(
      new URLSearchParams(request!.body.toString()),
    );
    assert.match(code_verifier!, /^[\w-]{43}$/);
    assert.deepEqual(form, {
      grant_type: "authorization_code",
      code: "code-1",
      redirect_uri: `${ORIGIN}/oidc/callback`,
    });
    assert.doesNotMatch(JSON.stringify(headers) + request!.target, /canary/);
  });

  test("the verifier is the challenge's", async () => {
    const parameters = await host.begin("/");
    await host.end(parameters);
    const form = new URLSearchParams(host.provider.received.at(-1)!.body.toString());
    const challenge = createHash("sha256").update(form.get("code_verifier")!).digest("base64url");
    assert.equal(challenge, parameters.get("code_challenge"));
  });

  test("cookies as they are promised, and the attempt's goes", async () => {
    const result = await host.signIn();
    const cookies = Object.fromEntries(
      lines(result).map((line) => {
        const { name, value, attributes } = parseSetCookie(line);
        return [name.replace(/login-.*/, "login-…"), { length: value.length, attributes }];
      }),
    );
    const common = { httponly: "", samesite: "Lax", secure: "" };
    assert.deepEqual(
      Object.fromEntries(Object.entries(cookies).map(([name, it]) => [name, it.attributes])),
      {
        [COOKIE]: { ...common, path: "/", "max-age": "43200" },
        "__Secure-rolegate-refresh": { ...common, path: "/oidc", "max-age": "43200" },
        "__Secure-rolegate-turns": { ...common, path: "/oidc", "max-age": "60" },
        "__Host-rolegate-login-…": { ...common, path: "/", "max-age": "0" },
      },
    );
    assert.ok(cookies[COOKIE]!.length < 600, `${cookies[COOKIE]!.length} bytes`);
  });

  test("a user with 200 groups has a session below 600 bytes", async () => {
    const roles = Array.from({ length: 200 }, (_, i) => `a-group-with-a-long-name-${i}`);
    host.provider.accessToken = {
      realm_access: { roles: [...roles, "app-viewer"] },
      groups: roles,
    };
    await host.signIn();
    const sealed = host.jar.get(COOKIE)!;
    assert.ok(sealed.length < 600, `${sealed.length} bytes`);
    assert.deepEqual(
      JSON.parse((await host.visit("/oidc/session")).response.body.toString()).roles,
      ["viewer"],
    );
  });

  test("no token is in the session, and all of them are in the other cookie", async () => {
    await host.signIn();
    const sealed = host.jar.get(COOKIE)!;
    const text = open([SECRET], { ...PLACE, purpose: "session" }, sealed)!;
    assert.doesNotMatch(Buffer.from(text).toString("latin1"), /eyJ|refresh-/);
    assert.equal(readSession(text).user, "alice");
    const name = "__Secure-rolegate-refresh";
    const place = { ...PLACE, name, purpose: "refresh" } as const;
    const refresh = open([SECRET], place, host.jar.get(name)!)!;
    assert.match(Buffer.from(refresh).toString("latin1"), /refresh-1[^]*eyJ/);
  });

  const SPENT: Record<string, () => Promise<URLSearchParams>> = {
    "in another browser": async () => {
      const parameters = await host.begin("/a");
      host.jar = new CookieJar();
      return parameters;
    },
    "after ten minutes": async () => {
      const parameters = await host.begin("/a");
      host.clock.pass(600);
      return parameters;
    },
    "with the cookie of another attempt under its name": async () => {
      await host.begin("/b");
      const other = host.jar.get("__Host-rolegate-login-")!;
      host.jar = new CookieJar();
      const parameters = await host.begin("/a");
      const [name] = host.jar.names();
      host.jar = new CookieJar();
      host.jar.put(name!, other);
      return parameters;
    },
    "with two cookies of its name": async () => {
      const parameters = await host.begin("/a");
      const [name] = host.jar.names();
      host.jar.put(name!, host.jar.get(name!)!, "/oidc");
      return parameters;
    },
  };
  for (const [name, begin] of Object.entries(SPENT)) {
    test(`${name}: begins anew once, then explains; no code is sent`, async () => {
      const parameters = await begin();
      const first = await host.end(parameters);
      assert.equal(locationOf(first), "/oidc/login?rd=%2Fa&turn=2");
      assert.deepEqual(events(first), ["begun_anew"]);
      const again = new URL(locationOf(await host.visit("/oidc/login?rd=%2Fa&turn=2"))!)
        .searchParams;
      host.jar = new CookieJar();
      const second = await host.end(again);
      assert.deepEqual(events(second), ["attempt_missing"]);
      assert.match(second.response.headers.get("Content-Type")!, /html/);
      assert.ok(!host.provider.asked.includes("POST /token"), "a code was sent");
      assert.equal(host.jar.get(COOKIE), undefined);
    });
  }

  test("again with a session: back to where it was to end", async () => {
    const parameters = await host.begin("/a");
    await host.end(parameters);
    const again = await host.end(parameters);
    assert.equal(locationOf(again), "/a");
    assert.equal(host.provider.asked.filter((it) => it === "POST /token").length, 1);
  });

  test("a state that is nobody's, altered, missing, or there twice", async () => {
    const state = (await host.begin("/a")).get("state")!;
    const [id] = state.split(".");
    const other = state.endsWith("A") ? "Q" : "A";
    const first = state.startsWith("x") ? "y" : "x";
    for (const query of [
      ...[`state=${state.slice(0, -1)}${other}`, `state=${id}.`, "state=", "", "state=abc"],
      ...[`state=${state}&state=${state}`, `state=${first}${state.slice(1)}`],
    ]) {
      const result = await host.visit(`/oidc/callback?code=a&${query}`);
      assert.deepEqual(events(result), ["state_unknown"], query);
      assert.equal(result.response.status, 400);
    }
    assert.ok(!host.provider.asked.includes("POST /token"));
  });

  test("no code, an empty one, two of them", async () => {
    for (const query of ["", "&code=", "&code=a&code=b"]) {
      host.jar = new CookieJar();
      const state = (await host.begin("/a")).get("state")!;
      const result = await host.visit(`/oidc/callback?state=${state}${query}`);
      assert.deepEqual(events(result), ["code_missing"], query);
    }
  });
});

describe("what is too much", () => {
  test("tokens that no cookies can hold: no session, and none of the cookies is cut", async () => {
    host.provider.answer = { refresh_token: "r".repeat(30_000) };
    assert.deepEqual(events(await host.signIn()), ["cookies_too_large"]);
    assert.equal(host.jar.get(COOKIE), undefined);
  });

  test("claims that no headers can carry: no session", async () => {
    // Each character is six in a header.
    host.provider.idToken = { at_hash: undefined, preferred_username: "é".repeat(3000) };
    host.provider.answer = { access_token: undefined };
    const result = await host.signIn();
    assert.deepEqual(events(result), ["tokens_refused"]);
    assert.equal(host.jar.get(COOKIE), undefined);
  });
});

describe("attempts of one browser", () => {
  test("ten tabs, finished in any order", async () => {
    const tabs = [];
    for (let i = 0; i < 10; i++) {
      const parameters = await host.begin(`/tab-${i}`);
      tabs.push({ i, parameters, nonce: host.provider.nonce });
    }
    for (const { i, parameters, nonce } of [tabs[7]!, tabs[0]!, tabs[9]!]) {
      host.provider.nonce = nonce;
      assert.equal(locationOf(await host.end(parameters)), `/tab-${i}`);
    }
  });

  test("twelve at most: the oldest goes", async () => {
    const first = await host.begin("/first");
    for (let i = 0; i < 12; i++) {
      host.clock.pass(1);
      await host.begin(`/${i}`);
    }
    const attempts = host.jar.names().filter((name) => name.includes("-login-"));
    assert.equal(attempts.length, 12);
    assert.equal(locationOf(await host.end(first)), "/oidc/login?rd=%2Ffirst&turn=2");
  });

  test("what is no attempt is cleared", async () => {
    host.jar.put("__Host-rolegate-login-aaaaaaaaaaaa", "nothing");
    host.jar.put("__Host-rolegate-login-b", "nothing");
    await host.begin("/");
    assert.equal(host.jar.names().length, 1);
  });

  test("no name is cleared that could break out of a Set-Cookie", async () => {
    for (const name of ["__Host-rolegate-login-", "__Host-rolegate-login-a(b"]) {
      host.jar = new CookieJar();
      host.jar.put(name, "nothing");
      await host.begin("/");
      assert.equal(host.jar.names().length, 2, name);
    }
  });

  test("several sign-ins within a minute end with a page that explains", async () => {
    for (let i = 0; i < 3; i++) await host.signIn();
    const result = await host.visit("/oidc/login?rd=%2Fa");
    assert.deepEqual(events(result), ["loop"]);
    assert.match(result.response.headers.get("Content-Type")!, /html/);
    host.jar.delete("__Secure-rolegate-turns");
    await host.begin("/a");
  });
});
