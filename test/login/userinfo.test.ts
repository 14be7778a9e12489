/** Claims of the userinfo endpoint (OpenID Connect Core §5.3): of the same person only, and no more than the tokens leave open. */
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { json } from "../support/fake-provider.ts";
import { events, locationOf, LoginHost, said } from "../support/login-host.ts";
import { rsa, strangerRsa } from "../support/keys.ts";
import { type Claims, CLIENT, ISSUER, signed } from "../support/tokens.ts";
import { openSession } from "../support/session-text.ts";
import { block, PLACE } from "./configuration.ts";

let host: LoginHost;
before(async () => {
  host = await LoginHost.start(block({ login: { userinfo: true } }));
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
  // Providers that ask for this put nothing into their tokens.
  host.provider.answer = { access_token: "opaque" };
  host.provider.idToken = { at_hash: undefined };
});

const identity = () =>
  Buffer.from(openSession(PLACE, host.jar.get(COOKIE)!).identity, "hex").toString();
const follow = async (target: string) => {
  const result = await host.visit(target);
  return { result, location: locationOf(result) };
};

async function signIn() {
  const first = await host.signIn("/a?b");
  assert.equal(locationOf(first), "/oidc/userinfo?rd=%2Fa%3Fb");
  return follow(locationOf(first)!);
}

describe("userinfo", () => {
  test("is asked with the access token, once, and adds claims", async () => {
    host.provider.userInfo = {
      preferred_username: "alice",
      realm_access: { roles: ["app-owner"] },
    };
    const { location } = await signIn();
    assert.equal(location, "/a?b");
    const request = host.provider.received.at(-1)!;
    assert.equal(request.headers.get("Authorization"), "Bearer opaque");
    assert.match(identity(), /owner/);
    assert.match(identity(), /alice/);
    const asked = host.provider.received.length;
    assert.equal((await follow("/oidc/userinfo?rd=%2Fa")).location, "/a");
    assert.equal(host.provider.received.length, asked, "the access token was kept");
  });

  test("says nothing against the tokens", async () => {
    host.provider.idToken = { at_hash: undefined, preferred_username: "alice" };
    host.provider.userInfo = { preferred_username: "root" };
    await signIn();
    assert.match(identity(), /alice/);
    assert.doesNotMatch(identity(), /root/);
  });

  for (const [name, claims] of Object.entries({
    "another sub": { sub: "somebody-else" },
    "no sub": { sub: undefined },
    "an empty sub": { sub: "" },
    "a sub of another type": { sub: ["8d6f3a6e-0001"] },
  })) {
    test(`${name}: no session is left`, async () => {
      host.provider.userInfo = { ...claims, realm_access: { roles: ["app-owner"] } };
      const { result } = await signIn();
      assert.deepEqual(events(result), ["userinfo_refused"]);
      assert.match(said(result), /"subject_mismatch"/);
      assert.equal(host.jar.get(COOKIE), undefined);
      assert.equal(host.jar.get("__Secure-rolegate-refresh"), undefined);
    });
  }

  test("claims larger than headers can carry: no session is left", async () => {
    host.provider.userInfo = { preferred_username: "a".repeat(17_000) };
    const { result } = await signIn();
    assert.deepEqual(events(result), ["userinfo_refused"]);
    assert.match(said(result), /claims_too_large/);
    assert.equal(host.jar.get(COOKIE), undefined);
  });

  test("with another session's access token nothing is asked", async () => {
    await host.signIn();
    const other = host.jar.get("__Secure-rolegate-refresh")!;
    host.jar = new CookieJar();
    await host.signIn();
    host.jar.put("__Secure-rolegate-refresh", other, "/oidc");
    const asked = host.provider.received.length;
    const { location } = await follow("/oidc/userinfo?rd=%2Fa");
    assert.equal(location, "/oidc/login?rd=%2Fa");
    assert.equal(host.provider.received.length, asked);
  });

  test("an endpoint that this router does not lead to is not asked", async () => {
    const elsewhere = await LoginHost.start(
      block({
        login: {
          userinfo: true,
          endpointOrigins: { api: "https://api.example.net" },
          endpoints: { userinfo: "https://api.example.net/userinfo" },
        },
      }),
    );
    elsewhere.provider.answer = { access_token: "opaque" };
    elsewhere.provider.idToken = { at_hash: undefined };
    await elsewhere.signIn();
    const asked = elsewhere.provider.received.length;
    const result = await elsewhere.visit("/oidc/userinfo?rd=%2Fa");
    assert.deepEqual(events(result), ["wrong_router"]);
    assert.equal(elsewhere.provider.received.length, asked);
  });

  for (const [name, answer] of Object.entries({
    "an error": json({ error: "x" }, 500),
    HTML: { headers: { "Content-Type": "text/html" }, body: "<p>" },
    "a list": json([{ sub: "8d6f3a6e-0001" }]),
    "a type of 300 bytes": {
      headers: { "Content-Type": `application/json;${" ".repeat(300)}` },
      body: JSON.stringify({ sub: "8d6f3a6e-0001", realm_access: { roles: ["app-owner"] } }),
    },
    "a signed answer": { headers: { "Content-Type": "application/jwt" }, body: "eyJ.e30." },
    nobody: { unreachable: true },
  })) {
    test(`${name}: the session stays as it is`, async () => {
      host.provider.instead.userinfo = () => answer;
      const { result, location } = await signIn();
      assert.equal(location, "/a?b");
      assert.deepEqual(events(result), ["userinfo_failed"]);
      assert.ok(host.jar.get(COOKIE));
      assert.doesNotMatch(result.response.body.toString(), /eyJ|<p>/);
    });
  }

  test("is asked again after a renewal", async () => {
    host.provider.userInfo = { realm_access: { roles: ["app-owner"] } };
    await signIn();
    host.clock.pass(240);
    const { location } = await follow("/oidc/refresh?rd=%2Fa");
    assert.equal(location, "/oidc/userinfo?rd=%2Fa");
    await follow(location!);
    assert.match(identity(), /owner/);
  });
});

describe("userinfo that is signed (OpenID Connect Core §5.3.2)", () => {
  const SUB = "8d6f3a6e-0001";
  const CLAIMS = { iss: ISSUER, aud: CLIENT, sub: SUB, preferred_username: "alice" };
  /** Answers with a JWT; undefined takes a claim away. */
  const answer = (changes: Claims = {}, key = rsa, header: Claims = {}, type = "application/jwt") =>
    (host.provider.instead.userinfo = async () => ({
      headers: { "Content-Type": type },
      body: await signed(
        JSON.parse(JSON.stringify({ ...CLAIMS, ...changes })) as Claims,
        key,
        header,
      ),
    }));

  for (const [name, changes, header] of [
    ["for us", {}, {}],
    ["for us among others", { aud: ["other", CLIENT] }, {}],
    ["of no named type", {}, { typ: undefined }],
  ] as [string, Claims, Claims][]) {
    test(`counts: ${name}`, async () => {
      answer(changes, rsa, header);
      const { result, location } = await signIn();
      assert.equal(location, "/a?b");
      assert.deepEqual(events(result), []);
      assert.match(identity(), /alice/);
    });
  }

  test("counts with parameters behind the type", async () => {
    answer({}, rsa, {}, "Application/JWT; charset=utf-8");
    await signIn();
    assert.match(identity(), /alice/);
  });

  /** What does not count, and why. */
  const UNREAD: [string, Parameters<typeof answer>, string][] = [
    ["by a stranger's key", [{}, { ...strangerRsa, kid: "rsa-1" }], "signature_invalid"],
    ["by a key that is unknown", [{}, strangerRsa], "key_unknown"],
    ["of another issuer", [{ iss: "https://evil.example" }], "issuer_unknown"],
    ["of no issuer", [{ iss: undefined }], "issuer_unknown"],
    ["for another client", [{ aud: "other" }], "audience_mismatch"],
    ["for nobody", [{ aud: undefined }], "audience_mismatch"],
    ["of another kind of token", [{}, rsa, { typ: "logout+jwt" }], "type_not_allowed"],
  ];
  for (const [name, args, reason] of UNREAD) {
    test(`does not count, and the log says why: ${name}`, async () => {
      answer(...args);
      const { result, location } = await signIn();
      assert.equal(location, "/a?b", "signed in without its claims");
      assert.deepEqual(events(result), ["userinfo_failed"]);
      assert.match(said(result), new RegExp(`"reason":"${reason}"`));
      assert.doesNotMatch(identity(), /alice/);
    });
  }

  for (const [name, body, reason] of [
    ["without a signature", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "algorithm_unsupported"],
    ["encrypted", "a.b.c.d.e", "token_encrypted"],
  ] as const) {
    test(`does not count: ${name}`, async () => {
      host.provider.instead.userinfo = () => ({
        headers: { "Content-Type": "application/jwt" },
        body,
      });
      const { result } = await signIn();
      assert.deepEqual(events(result), ["userinfo_failed"]);
      assert.match(said(result), new RegExp(`"reason":"${reason}"`));
    });
  }

  test("of somebody else ends the session, as one that is not signed", async () => {
    answer({ sub: "another" });
    const { result } = await signIn();
    assert.deepEqual(events(result), ["userinfo_refused"]);
    assert.match(said(result), /subject_mismatch/);
    assert.ok(!host.jar.names().includes(COOKIE));
  });

  for (const [name, status, type] of [
    ["with an error's status", 500, "application/jwt"],
    ["as another type", 200, "text/html"],
    ["as no type", 200, ""],
  ] as const) {
    test(`does not count: ${name}`, async () => {
      const body = await signed(CLAIMS, rsa);
      const headers = type ? { "Content-Type": type } : ({} as Record<string, string>);
      host.provider.instead.userinfo = () => ({ status, headers, body });
      const { result } = await signIn();
      assert.deepEqual(events(result), ["userinfo_failed"]);
      assert.doesNotMatch(identity(), /alice/);
    });
  }

  test("a JWT that is said to be JSON is none", async () => {
    answer({}, rsa, {}, "application/json");
    const { result } = await signIn();
    assert.deepEqual(events(result), ["userinfo_failed"]);
  });
});
