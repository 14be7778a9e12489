/** Sessions that end before their time: here, by the provider, in a frame; and that all guests see it (RP-Initiated, Back-Channel and Front-Channel Logout 1.0). */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, beforeEach, describe, test } from "node:test";
import { loadGate, reasonOf } from "../support/gate.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { rsa, strangerRsa } from "../support/keys.ts";
import {
  Clock,
  events,
  HOST,
  locationOf,
  LoginHost,
  NAVIGATION,
  ORIGIN,
  said,
  SCRIPT,
} from "../support/login-host.ts";
import { RECORD_BYTES, revocation } from "../support/revocations.ts";
import { type Claims, CLIENT, ISSUER, signed } from "../support/tokens.ts";
import type { Guest } from "../../src/guest/guest.ts";
import { block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const folder = new StateFolder();
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
let host: LoginHost;
let alone: LoginHost;
/** In front of the application, on another Traefik. */
let gate: Guest;

before(async () => {
  const config = block({ stateDir: STATE });
  host = await LoginHost.start(config, { mounts: folder.mounts, clock, provider });
  alone = await LoginHost.start(block(), { clock, provider });
  gate = await loadGate(fileForm(config), { mounts: folder.mounts, now: () => clock.ms });
});
after(() => folder.remove());
beforeEach(async () => {
  folder.clear();
  provider.reset();
  // Files have the time of the machine.
  clock.ms = Math.floor(Date.now() / 1000) * 1000;
  host.jar = new CookieJar();
  // The gate sees that nothing is there: what has another size was read.
  await gate.handle({ target: "/a", headers: { Host: HOST } });
  await host.signIn();
});

const period = () => Math.floor(clock.seconds / 43_200);
const records = (): Buffer => {
  const name = `revoked-${period()}`;
  return folder.list().includes(name) ? folder.read(name) : Buffer.alloc(0);
};

/** What the application's gate says to alice's cookie, when it has looked again. */
async function seenBy(jar = host.jar): Promise<unknown> {
  clock.pass(5);
  const headers = { Host: HOST, Cookie: jar.header("/")! };
  return reasonOf(await gate.handle({ target: "/a", headers }));
}

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
      revocation("sid", ISSUER, "sid-1", 0).subarray(0, 24),
    );
    assert.equal(await seenBy(old), "session_revoked");
    assert.equal(
      locationOf(await host.visit("/oidc/refresh?rd=%2F", { jar: old })),
      "/oidc/login?rd=%2F",
    );
    const info = await host.visit("/oidc/session", { jar: old, headers: SCRIPT });
    assert.equal(info.response.status, 401);
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
    assert.equal(locationOf(result), `${ORIGIN}/`);
    assert.equal(alone.jar.get(COOKIE), undefined);
  });

  test("works without a session, and twice", async () => {
    for (let i = 0; i < 2; i++) {
      const { response } = await host.visit("/oidc/logout", { jar: new CookieJar() });
      assert.equal(response.status, 302);
      assert.equal(response.headers.get("Location"), `${ORIGIN}/`);
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

/** A logout token as it should be. */
const logoutToken = (changes: Claims = {}, header: Claims = { typ: "logout+jwt" }, key = rsa) =>
  signed(
    JSON.parse(
      JSON.stringify({
        ...{ iss: ISSUER, aud: CLIENT, sub: "8d6f3a6e-0001", sid: "sid-1" },
        ...{ iat: clock.seconds, exp: clock.seconds + 120, jti: `jti-${Math.random()}` },
        events: { "http://schemas.openid.net/event/backchannel-logout": {} },
        ...changes,
      }),
    ) as Claims,
    key,
    header,
  );

const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const send = (body: string, headers: Record<string, string> = FORM, to = host) =>
  to.visit("/oidc/backchannel-logout", { method: "POST", headers, body, jar: null });

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

  test("one that cannot be written down is not used up", async () => {
    const token = await logoutToken();
    mkdirSync(folder.path(`revoked-${period()}`));
    assert.equal((await send(`logout_token=${token}`)).response.status, 503);
    folder.clear();
    assert.equal((await send(`logout_token=${token}`)).response.status, 200);
    assert.equal(await seenBy(), "session_revoked");
  });
});

describe("in a frame", () => {
  const frame = { ...NAVIGATION, "Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site" };
  const end = (query: Record<string, string>, jar: CookieJar | null = null) =>
    host.visit(`/oidc/frontchannel-logout?${new URLSearchParams(query)}`, { headers: frame, jar });

  test("ends the session that is named, and only the provider may frame it", async () => {
    const { response } = await end({ iss: ISSUER, sid: "sid-1" });
    assert.equal(response.status, 200);
    assert.match(
      response.headers.get("Content-Security-Policy")!,
      /frame-ancestors https:\/\/sso\.example\.com$/,
    );
    assert.equal(await seenBy(), "session_revoked");
  });

  test("clears the cookies where the browser sends them", async () => {
    await end({ iss: ISSUER, sid: "sid-1" }, host.jar);
    assert.equal(host.jar.get(COOKIE), undefined);
  });

  test("of another issuer, without one, without a session, of another session: nothing", async () => {
    for (const query of [
      { iss: "https://evil.example", sid: "sid-1" },
      { sid: "sid-1" },
      { iss: ISSUER },
      { iss: ISSUER, sid: "" },
    ] as Record<string, string>[]) {
      assert.equal((await end(query, host.jar)).response.status, 200);
    }
    assert.equal(records().length, 0);
    await end({ iss: ISSUER, sid: "sid-9" }, host.jar);
    assert.ok(host.jar.get(COOKIE));
    assert.equal(await seenBy(), "none");
  });

  test("whoever makes names up fills a part of the room, and nobody is refused for it", async () => {
    folder.write(`revoked-${period()}`, Buffer.alloc(32 * 1024 - RECORD_BYTES));
    await end({ iss: ISSUER, sid: "made-up-1" });
    assert.equal(records().length, 32 * 1024);
    const full = await end({ iss: ISSUER, sid: "made-up-2" });
    assert.ok(events(full).includes("revocation_not_written"));
    assert.equal(records().length, 32 * 1024);
    assert.equal(await seenBy(), "none");
    assert.equal((await send(`logout_token=${await logoutToken()}`)).response.status, 200);
    assert.equal(await seenBy(), "session_revoked");
  });

  test("and however many there are, the gate can read them", async () => {
    folder.write(`revoked-${period()}`, Buffer.alloc(128 * 1024));
    folder.write(`revoked-${period() - 1}`, Buffer.alloc(128 * 1024));
    const { response } = await send(`logout_token=${await logoutToken()}`);
    assert.equal(response.status, 503, "the provider may try again");
    assert.equal(await seenBy(), "none");
  });
});

describe("revocations", () => {
  test("are looked at once in revocationTtl", async () => {
    assert.equal(await seenBy(), "none");
    await send(`logout_token=${await logoutToken()}`);
    const headers = { Host: HOST, Cookie: host.jar.header("/")! };
    clock.pass(4);
    assert.equal(reasonOf(await gate.handle({ target: "/a", headers })), "none");
    clock.pass(1);
    assert.equal(reasonOf(await gate.handle({ target: "/a", headers })), "session_revoked");
  });

  test("of the period before count, those of before that are gone", async () => {
    const record = revocation("sid", ISSUER, "sid-1", clock.seconds);
    folder.write(`revoked-${period() - 1}`, record);
    assert.equal(await seenBy(), "session_revoked");
    folder.clear();
    folder.write(`revoked-${period() - 2}`, record);
    assert.equal(await seenBy(), "none");
    await send(`logout_token=${await logoutToken({ sid: "sid-5" })}`);
    assert.ok(!folder.list().includes(`revoked-${period() - 2}`));
  });

  test("of another issuer are nothing", async () => {
    folder.write(
      `revoked-${period()}`,
      revocation("sid", "https://evil.example", "sid-1", clock.seconds),
    );
    assert.equal(await seenBy(), "none");
  });

  test("that cannot be read refuse sessions until they can", async () => {
    mkdirSync(folder.path(`revoked-${period()}`));
    assert.equal(await seenBy(), "revocations_unreadable");
    const info = await host.visit("/oidc/session", { headers: SCRIPT });
    assert.equal(info.response.status, 401);
    folder.clear();
    assert.equal(await seenBy(), "none");
  });
});
