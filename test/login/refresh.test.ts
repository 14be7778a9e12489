/** Sessions that are renewed (OpenID Connect Core §12.2): for the same person only, as long as that may be, and without losing what holds. */
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { json } from "../support/fake-provider.ts";
import { strangerRsa } from "../support/keys.ts";
import { events, locationOf, LoginHost, said, SCRIPT } from "../support/login-host.ts";
import { openSession } from "../support/session-text.ts";
import type { Claims } from "../support/tokens.ts";
import { block, PLACE } from "./configuration.ts";

const REFRESH = "__Secure-rolegate-refresh";
let host: LoginHost;
before(async () => {
  host = await LoginHost.start(block());
});
beforeEach(async () => {
  host.provider.reset();
  host.jar = new CookieJar();
  host.clock.pass(60);
  await host.signIn();
  host.provider.received.length = 0;
});

const session = () => openSession(PLACE, host.jar.get(COOKIE)!);
const refresh = (query = "rd=%2Fa%3Fb") => host.visit(`/oidc/refresh?${query}`);
/** What a token request said. */
const form = () =>
  Object.fromEntries(new URLSearchParams(host.provider.received[0]!.body.toString()));

/** From `refreshAt` on, a session of five minutes. */
const due = () => host.clock.pass(240);

describe("a session that is due", () => {
  test("is renewed, and goes back", async () => {
    const old = session();
    due();
    const result = await refresh();
    assert.equal(locationOf(result), "/a?b");
    assert.deepEqual(host.provider.asked, ["POST /token"]);
    assert.deepEqual(form(), { grant_type: "refresh_token", refresh_token: "refresh-1" });
    const renewed = session();
    assert.equal(renewed.id, old.id);
    assert.equal(renewed.signedIn, old.signedIn, "the first sign-in is carried on");
    assert.equal(renewed.end, host.clock.seconds + 300);
    assert.deepEqual(events(result), ["refreshed"]);
  });

  test("is renewed for a script, which gets no page", async () => {
    due();
    const { response } = await host.visit("/oidc/refresh", { headers: SCRIPT });
    assert.equal(response.status, 204);
    assert.equal(session().made, host.clock.seconds);
  });

  test("takes the new refresh token, or keeps the old one", async () => {
    due();
    await refresh();
    host.provider.answer = { refresh_token: undefined };
    due();
    await refresh();
    host.provider.received.length = 0;
    due();
    await refresh();
    assert.equal(form().refresh_token, "refresh-2");
  });

  test("has the roles that the provider gives now", async () => {
    const old = session().identity;
    host.provider.accessToken = { realm_access: { roles: ["app-owner"] } };
    due();
    await refresh();
    assert.notEqual(session().identity, old);
  });

  test("that was renewed elsewhere needs no visit", async () => {
    const result = await refresh();
    assert.equal(locationOf(result), "/a?b");
    assert.deepEqual(host.provider.asked, []);
  });

  test("without an ID token the old one's stands", async () => {
    host.provider.answer = { id_token: undefined };
    due();
    assert.deepEqual(events(await refresh()), ["refreshed"]);
  });

  test("with the nonce of the sign-in", async () => {
    due();
    assert.deepEqual(events(await refresh()), ["refreshed"]);
    assert.equal(locationOf(await refresh()), "/a?b");
  });

  test("without a nonce", async () => {
    host.provider.idToken = { nonce: undefined, auth_time: undefined };
    due();
    assert.deepEqual(events(await refresh()), ["refreshed"]);
  });
});

describe("of somebody else it is none", () => {
  const OTHER: Record<string, [Claims, RegExp]> = {
    "another sub": [{ sub: "somebody-else" }, /"subject_mismatch"/],
    "another nonce": [{ nonce: "other" }, /"nonce_mismatch"/],
    "another auth_time": [{ auth_time: 1 }, /"authentication_mismatch"/],
    "another issuer": [{ iss: "https://evil.example" }, /"issuer_unknown"/],
    "another audience": [{ aud: "other" }, /"audience_mismatch"/],
    expired: [{ exp: 1 }, /"token_expired"/],
    "from the future": [{ iat: 9_999_999_999 }, /"issued_in_future"/],
    "another at_hash": [{ at_hash: "AAAA" }, /"access_token_mismatch"/],
  };
  for (const [name, [changes, says]] of Object.entries(OTHER)) {
    test(name, async () => {
      const old = host.jar.get(COOKIE);
      host.provider.idToken = changes;
      due();
      const result = await refresh();
      assert.deepEqual(events(result), ["refresh_refused"]);
      assert.match(said(result), says);
      assert.equal(locationOf(result), "/oidc/login?rd=%2Fa%3Fb");
      assert.equal(host.jar.get(COOKIE), old, "a session that holds is not taken away");
    });
  }

  test("a stranger's signature", async () => {
    host.provider.idKey = strangerRsa;
    host.provider.idHeader = { kid: "rsa-1" };
    due();
    const result = await refresh();
    assert.match(said(result), /"signature_invalid"/);
    assert.equal(session().made, host.clock.seconds - 240);
  });
});

describe("what cannot be renewed", () => {
  const signsIn = async (target = "rd=%2Fa") => {
    const result = await refresh(target);
    assert.equal(locationOf(result), "/oidc/login?rd=%2Fa");
    assert.deepEqual(host.provider.asked, [], "the provider was asked");
  };

  test("no session", async () => {
    due();
    host.jar.delete(COOKIE);
    await signsIn();
  });

  test("no refresh cookie", async () => {
    due();
    host.jar.delete(REFRESH);
    await signsIn();
  });

  test("the refresh cookie of another session", async () => {
    const mine = host.jar.copy();
    host.jar = new CookieJar();
    await host.signIn();
    host.provider.received.length = 0;
    host.jar.put(COOKIE, mine.get(COOKIE)!);
    due();
    await signsIn();
  });

  test("no refresh cookie of its own: a script's session goes on while it holds", async () => {
    const mine = host.jar.copy();
    host.jar = new CookieJar();
    await host.signIn();
    const foreign = host.jar.get(REFRESH)!;
    due();
    for (const cookie of [undefined, foreign]) {
      host.jar = mine.copy();
      host.jar.delete(REFRESH);
      if (cookie) host.jar.put(REFRESH, cookie);
      host.provider.received.length = 0;
      const held = await host.visit("/oidc/refresh?rd=%2Fa", { headers: SCRIPT });
      assert.equal(locationOf(held), "/a");
      assert.equal(host.jar.get("__Host-rolegate-later"), "1");
      host.clock.pass(300);
      const over = await host.visit("/oidc/refresh?rd=%2Fa", { headers: SCRIPT });
      assert.equal(over.response.status, 401);
      assert.deepEqual(host.provider.asked, []);
      host.clock.pass(-300);
    }
  });

  test("a session without a refresh token", async () => {
    host.jar = new CookieJar();
    host.provider.answer = { refresh_token: undefined };
    await host.signIn();
    host.provider.received.length = 0;
    // As long as the ID token.
    host.clock.pass(601);
    await signsIn();
  });

  test("one that ended within the grace is renewed", async () => {
    host.clock.pass(300 + 599);
    assert.deepEqual(events(await refresh()), ["refreshed"]);
  });

  test("one that ended before the grace", async () => {
    host.clock.pass(300 + 600);
    await signsIn();
  });

  test("one past its longest life", async () => {
    for (let i = 0; i < 12 * 12; i++) {
      host.clock.pass(299);
      await refresh();
    }
    assert.ok(session().end <= session().signedIn + 12 * 3600);
    host.clock.pass(300);
    host.provider.received.length = 0;
    await signsIn();
  });

  test("a program is told, and not sent", async () => {
    host.clock.pass(2000);
    const { response } = await host.visit("/oidc/refresh", { headers: SCRIPT });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get("Content-Type"), "application/problem+json");
    assert.equal(
      JSON.parse(response.body.toString()).login_url,
      "https://app.example.com/oidc/login",
    );
    assert.equal(response.headers.get("Location"), undefined);
  });
});

describe("a provider that fails", () => {
  const failures = {
    "is not there": () => ({ unreachable: true }),
    "has an error of its own": () => json({ error: "server_error" }, 500),
    "refuses the client": () => json({ error: "invalid_client" }, 401),
    "answers HTML": () => ({ headers: { "Content-Type": "text/html" }, body: "<p>" }),
  };
  for (const [name, answer] of Object.entries(failures)) {
    test(`${name}: a session that holds goes on, and is left alone for a while`, async () => {
      host.provider.instead.token = answer;
      const old = host.jar.get(COOKIE);
      due();
      const result = await refresh();
      assert.equal(locationOf(result), "/a?b");
      assert.equal(host.jar.get(COOKIE), old);
      assert.equal(host.jar.get("__Host-rolegate-later"), "1");
      assert.deepEqual(events(result), ["refresh_failed"]);
    });

    test(`${name}: of one that has ended people get a page, programs 503`, async () => {
      host.provider.instead.token = answer;
      host.clock.pass(400);
      const page = await refresh();
      assert.equal(page.response.status, 503);
      assert.match(page.response.headers.get("Content-Type")!, /html/);
      assert.match(page.response.body.toString(), /\/oidc\/refresh\?rd=%2Fa%3Fb/);
      const { response } = await host.visit("/oidc/refresh?rd=%2Fa", { headers: SCRIPT });
      assert.equal(response.status, 503);
      assert.equal(response.headers.get("Retry-After"), "5");
      assert.equal(JSON.parse(response.body.toString()).code, "provider_unreachable");
      assert.ok(host.jar.get(COOKIE));
    });
  }

  test("invalid_grant: signs in again", async () => {
    host.provider.instead.token = () => json({ error: "invalid_grant" }, 400);
    due();
    const result = await refresh();
    assert.equal(locationOf(result), "/oidc/login?rd=%2Fa%3Fb");
    assert.deepEqual(events(result), ["refresh_refused"]);
    assert.ok(host.jar.get(COOKIE), "and keeps what holds");
  });
});
