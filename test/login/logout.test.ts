/** Sessions that end before their time: here, and by the word of the provider (RP-Initiated and Back-Channel Logout 1.0). */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { describe, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { strangerRsa } from "../support/keys.ts";
import { events, locationOf, NAVIGATION, ORIGIN, said, SCRIPT } from "../support/login-host.ts";
import { RECORD_BYTES, revocation } from "../support/revocations.ts";
import { type Claims, CLIENT, ISSUER } from "../support/tokens.ts";
import {
  alone,
  clock,
  folder,
  FORM,
  host,
  logoutToken,
  period,
  provider,
  records,
  ROOM,
  seenBy,
  send,
  SUBJECT,
} from "./logout-stage.ts";
describe("signing out", () => {
  test("clears what the browser has, ends the session everywhere, and goes to the provider", async () => {
    assert.equal(await seenBy(), "none");
    const old = host.jar.copy();
    await host.begin("/b");
    const result = await host.visit("/oidc/logout");
    const url = new URL(locationOf(result)!);
    assert.equal(`${url.origin}${url.pathname}`, `${ISSUER}/end`);
    const { id_token_hint, ...rest } = Object.fromEntries(url.searchParams);
    assert.deepEqual(rest, { client_id: CLIENT, post_logout_redirect_uri: `${ORIGIN}/` });
    assert.match(id_token_hint!, /^eyJ/);
    assert.deepEqual(host.jar.names(), []);
    assert.deepEqual(
      records().subarray(0, 24),
      revocation("sid", ISSUER, "sid-1", 0, SUBJECT).subarray(0, 24),
    );
    assert.equal(await seenBy(old), "session_revoked");
    assert.equal(
      locationOf(await host.visit("/oidc/refresh?rd=%2F", { jar: old })),
      "/oidc/login?rd=%2F",
    );
    const info = await host.visit("/oidc/session", { jar: old, headers: SCRIPT });
    assert.equal(info.response.status, 401);
  });

  test("who signs in again by the provider's session, which went on, is in", async () => {
    for (let round = 1; round <= 3; round++) {
      const old = host.jar.copy();
      await host.visit("/oidc/logout");
      clock.pass(1);
      await host.signIn();
      assert.equal(await seenBy(), "none", `round ${round}`);
      assert.equal(await seenBy(old), "session_revoked", `round ${round}`);
      assert.equal(records().length, RECORD_BYTES, "one record, of the latest time");
    }
    // What the provider itself has ended begins by no sign-in again.
    const token = await logoutToken({ iat: clock.seconds - 60 });
    assert.equal((await send(`logout_token=${token}`)).response.status, 200);
    clock.pass(60);
    await host.signIn();
    assert.equal(await seenBy(), "session_revoked");
    await host.visit("/oidc/logout");
    clock.pass(1);
    await host.signIn();
    assert.equal(await seenBy(), "session_revoked", "a sign-out here takes nothing back");
    assert.equal(records().length, RECORD_BYTES);
  });

  test("a clock that is behind that of the sign-in's machine ends the session all the same", async () => {
    const old = host.jar.copy();
    clock.ms -= 3000;
    await host.visit("/oidc/logout");
    clock.ms += 3000;
    assert.equal(await seenBy(old), "session_revoked");
  });

  test("of a session that another application has begun: the metadata say where it ends", async () => {
    const end = `${ISSUER}/end`;
    for (const it of [host, alone]) {
      it.jar = host.jar.copy();
      it.jar.delete("__Secure-rolegate-refresh");
      const result = await it.visit("/oidc/logout");
      const url = new URL(locationOf(result)!);
      assert.equal(url.origin + url.pathname, end);
      assert.deepEqual(Object.fromEntries(url.searchParams), {
        client_id: CLIENT,
        post_logout_redirect_uri: `${ORIGIN}/`,
      });
      assert.equal(it.jar.get(COOKIE), undefined);
      assert.deepEqual(events(result), ["signed_out"]);
      await host.signIn();
    }
    // The provider is away: it ends here all the same.
    alone.jar = host.jar.copy();
    alone.jar.delete("__Secure-rolegate-refresh");
    provider.instead["openid-configuration"] = () => ({ unreachable: true });
    const result = await alone.visit("/oidc/logout");
    assert.match(result.response.body.toString(), /<h1>You are signed out here<\/h1>/);
    assert.equal(alone.jar.get(COOKIE), undefined);
  });

  test("works without a session, and twice", async () => {
    for (let i = 0; i < 2; i++) {
      const { response } = await host.visit("/oidc/logout", { jar: new CookieJar() });
      assert.equal(response.status, 200);
      assert.match(response.body.toString(), /<h1>You are signed out here<\/h1>/);
    }
    assert.equal(records().length, 0);
  });

  test("again and again leaves one record", async () => {
    const old = host.jar.copy();
    for (let i = 0; i < 20; i++) await host.visit("/oidc/logout", { jar: old.copy() });
    assert.equal(records().length, RECORD_BYTES);
  });

  const FOREIGN: [string, string, Record<string, string>][] = [
    ["GET from another site", "GET", { ...NAVIGATION, "Sec-Fetch-Site": "cross-site" }],
    ["GET from a sibling", "GET", { ...NAVIGATION, "Sec-Fetch-Site": "same-site" }],
    ["POST from another site", "POST", { ...NAVIGATION, Origin: "https://evil.example" }],
    ["POST of nobody's", "POST", { ...NAVIGATION, "Sec-Fetch-Site": "none" }],
    ["POST from a page without an origin", "POST", { ...NAVIGATION, Origin: "null" }],
    ["POST that says nothing", "POST", { Accept: "text/html" }],
  ];
  for (const [name, method, headers] of FOREIGN) {
    test(`${name} gets a page with a button, and the session holds`, async () => {
      const { response } = await host.visit("/oidc/logout", { method, headers });
      assert.equal(response.status, 200);
      assert.match(response.body.toString(), /<form[^>]*method="?post/i);
      assert.match(response.body.toString(), /alice/);
      assert.ok(host.jar.get(COOKIE));
      assert.equal(records().length, 0);
      assert.equal(await seenBy(), "none");
    });
  }

  test("the button's own post signs out", async () => {
    const headers = { ...NAVIGATION, Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" };
    const { response } = await host.visit("/oidc/logout", { method: "POST", headers });
    assert.equal(response.status, 200);
    assert.match(response.body.toString(), /sso\.example\.com\/realms\/main\/end/);
    assert.equal(host.jar.get(COOKIE), undefined);
    assert.equal(records().length, RECORD_BYTES);
  });
});

describe("the provider's word", () => {
  test("ends a session, on every guest within revocationTtl", async () => {
    assert.equal(await seenBy(), "none");
    const result = await send(`logout_token=${await logoutToken()}`);
    assert.equal(result.response.status, 200, said(result));
    assert.equal(result.response.headers.get("Cache-Control"), "no-store");
    assert.equal(await seenBy(), "session_revoked");
  });

  test("of a subject: what was signed in by then, and not what is since", async () => {
    const old = host.jar.copy();
    const { response } = await send(`logout_token=${await logoutToken({ sid: undefined })}`);
    assert.equal(response.status, 200);
    assert.equal(await seenBy(old), "session_revoked");
    clock.pass(1);
    provider.idToken = { sid: "sid-2" };
    host.jar = new CookieJar();
    await host.signIn();
    assert.equal(await seenBy(), "none");
  });

  test("without typ, and with several audiences", async () => {
    for (const [changes, header] of [
      [{}, { typ: undefined }],
      [{}, { typ: "JWT" }],
      [{ aud: ["other", CLIENT] }, { typ: "logout+jwt" }],
      [{ sub: undefined }, { typ: "logout+jwt" }],
      // Some providers write what they do not say as null.
      [{ sub: null }, { typ: "logout+jwt" }],
    ] as [Claims, Claims][]) {
      const { response } = await send(`logout_token=${await logoutToken(changes, header)}`);
      assert.equal(response.status, 200);
    }
  });

  const otherEvent = { "http://schemas.openid.net/event/other": {} };
  const noObject = { "http://schemas.openid.net/event/backchannel-logout": true };
  const BAD: Record<string, [reason: string, Claims, Claims?]> = {
    "of another issuer": ["issuer_unknown", { iss: "https://evil.example" }],
    "without an issuer": ["issuer_invalid", { iss: undefined }],
    "for another client": ["audience_mismatch", { aud: "other" }],
    "without an audience": ["audience_mismatch", { aud: undefined }],
    "for a number": ["audience_invalid", { aud: [CLIENT, 1] }],
    "from six minutes ago": ["token_too_old", { iat: 1 }],
    "from the future": ["issued_in_future", { iat: 9_999_999_999 }],
    "without iat": ["issued_at_invalid", { iat: undefined }],
    expired: ["token_expired", { exp: 1 }],
    "without exp": ["expiration_missing", { exp: undefined }],
    "not valid yet": ["token_not_yet_valid", { nbf: 9_999_999_999 }],
    "with a nonce": ["not_a_logout_token", { nonce: "a" }],
    "with an empty nonce": ["not_a_logout_token", { nonce: "" }],
    "without events": ["not_a_logout_token", { events: undefined }],
    "of another event": ["not_a_logout_token", { events: otherEvent }],
    "whose event is no object": ["not_a_logout_token", { events: noObject }],
    "that says it is an ID token": ["not_a_logout_token", { typ: "ID" }],
    "of neither session nor subject": ["subject_missing", { sid: undefined, sub: undefined }],
    "with an empty sid and no sub": ["subject_missing", { sid: "", sub: undefined }],
    "with a sub of null and no sid": ["subject_missing", { sid: undefined, sub: null }],
    "of a subject that is a number": ["subject_invalid", { sub: 7 }],
    "of a subject of 256 characters": ["subject_invalid", { sub: "s".repeat(256) }],
    "without jti": ["token_id_missing", { jti: undefined }],
    "with an empty jti": ["token_id_missing", { jti: "" }],
    "of typ at+jwt": ["type_not_allowed", {}, { typ: "at+jwt" }],
    "of an unknown key": ["key_unknown", {}, { kid: "next" }],
  };
  for (const [name, [reason, changes, header]] of Object.entries(BAD)) {
    test(`a token ${name} is refused`, async () => {
      const result = await send(`logout_token=${await logoutToken(changes, header)}`);
      assert.equal(result.response.status, 400);
      assert.deepEqual(events(result), ["logout_token_refused"]);
      assert.match(said(result), new RegExp(`"reason":"${reason}"`));
      assert.equal(records().length, 0);
      assert.equal(await seenBy(), "none");
    });
  }

  test("a token of a stranger's, one without a signature, an ID token, an access token", async () => {
    const good = await logoutToken();
    const tokens = await provider.tokens();
    const [, payload] = good.split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    for (const token of [
      await logoutToken({}, { kid: "rsa-1", typ: "logout+jwt" }, strangerRsa),
      `${none}.${payload}.`,
      String(tokens.id_token),
      String(tokens.access_token),
      good.slice(0, -4),
      "abc",
      "",
    ]) {
      assert.equal((await send(`logout_token=${token}`)).response.status, 400);
    }
    assert.equal(records().length, 0);
  });

  test("the same token twice is one logout", async () => {
    const token = await logoutToken();
    assert.equal((await send(`logout_token=${token}`)).response.status, 200);
    const again = await send(`logout_token=${token}`);
    assert.equal(again.response.status, 400);
    assert.match(said(again), /"token_replayed"/);
    assert.equal(records().length, RECORD_BYTES);
  });

  test("no form, two tokens, another type, more than 16 KiB", async () => {
    const token = await logoutToken();
    for (const [body, headers] of [
      ["", FORM],
      [`token=${token}`, FORM],
      [`logout_token=${token}&logout_token=${token}`, FORM],
      [`logout_token=${token}`, {}],
      [`logout_token=${token}`, { "Content-Type": "application/json" }],
      [`logout_token=${token}&a=${"a".repeat(16_384)}`, FORM],
    ] as [string, Record<string, string>][]) {
      assert.equal((await send(body, headers)).response.status, 400);
    }
    assert.equal(records().length, 0);
  });

  test("without stateDir 501: nobody would learn of it", async () => {
    const { response } = await send(`logout_token=${await logoutToken()}`, FORM, alone);
    assert.equal(response.status, 501);
  });

  for (const [whose, changes] of [
    ["a session", {}],
    ["a subject", { sid: undefined }],
  ] as [string, Claims][]) {
    test(`one for ${whose} that cannot be written down is not used up`, async () => {
      const token = await logoutToken(changes);
      mkdirSync(folder.path(`revoked-${period()}`));
      assert.equal((await send(`logout_token=${token}`)).response.status, 503);
      folder.clear();
      folder.write(`revoked-${period()}`, Buffer.alloc(ROOM));
      assert.equal((await send(`logout_token=${token}`)).response.status, 503, "no room");
      folder.clear();
      assert.equal((await send(`logout_token=${token}`)).response.status, 200);
      assert.equal(await seenBy(), "session_revoked");
    });
  }
});
