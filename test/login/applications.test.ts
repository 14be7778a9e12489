/** Two applications with one secret: nothing that is sealed for one opens at the other (docs/key-schedule.md); and those that share a session on purpose do. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { Clock, events, locationOf, LoginHost, SCRIPT } from "../support/login-host.ts";
import { ec, keySet, rsa } from "../support/keys.ts";
import { type Block, block } from "./configuration.ts";

const clock = new Clock();
const A: Block = {};
/** What makes another application of it. */
const OTHERS: Record<string, [Block, string]> = {
  "another client": [{ clientId: "other" }, "app.example.com"],
  "another issuer": [{ issuer: "https://login.example.org" }, "app.example.com"],
  "another host": [{ publicUrl: "https://b.example.com" }, "b.example.com"],
  "another host of one configuration": [
    { publicUrl: ["https://app.example.com", "https://b.example.com"] },
    "b.example.com",
  ],
  "another audience": [{ session: { audience: "b" } }, "app.example.com"],
};

const SHARED = { session: { domain: "example.com", audience: "suite" } };
const ALONE = { session: { domain: "example.com" } };

const gateOf = (changes: Block) => loadGate(fileForm(block(changes)), { now: () => clock.ms });
const seen = async (gate: Guest, host: string, cookie: string) =>
  reasonOf(await gate.handle({ target: "/a", headers: { Host: host, Cookie: cookie } }));

for (const [name, [changes, hostName]] of Object.entries(OTHERS)) {
  describe(name, () => {
    test("does not know the other's session, refresh token, attempt or state", async () => {
      const a = await LoginHost.start(block(A), { clock });
      const b = await LoginHost.start(block(changes), { clock });
      const ask = { host: hostName };
      await a.signIn();
      assert.equal(await seen(await gateOf(A), "app.example.com", a.jar.header("/")!), "none");
      assert.equal(
        await seen(await gateOf(changes), hostName, a.jar.header("/")!),
        "session_invalid",
      );
      const info = await b.visit("/oidc/session", { ...ask, jar: a.jar, headers: SCRIPT });
      assert.equal(info.response.status, 401);
      clock.pass(240);
      const refreshed = await b.visit("/oidc/refresh?rd=%2Fa", { ...ask, jar: a.jar });
      assert.equal(locationOf(refreshed), "/oidc/login?rd=%2Fa");
      const parameters = await a.begin("/a");
      b.provider.nonce = a.provider.nonce;
      b.provider.received.length = 0;
      const result = await b.end(parameters, {}, { ...ask, jar: a.jar.copy() });
      assert.deepEqual(events(result), ["state_unknown"]);
      assert.deepEqual(b.provider.asked, []);
    });

    test("does not take the other's session for its own refresh token", async () => {
      const a = await LoginHost.start(block(A), { clock });
      const b = await LoginHost.start(block(changes), { clock });
      await a.signIn();
      const jar = new CookieJar();
      jar.put(COOKIE, a.jar.get(COOKIE)!);
      jar.put("__Secure-rolegate-refresh", a.jar.get("__Secure-rolegate-refresh")!);
      const result = await b.visit("/oidc/userinfo?rd=%2F", { host: hostName, jar });
      assert.equal(locationOf(result), "/oidc/login?rd=%2F");
    });
  });
}

describe("sessions that are shared", () => {
  const cookieOf = async (changes: Block) => {
    const host = await LoginHost.start(block(changes), { clock });
    await host.signIn();
    return `__Secure-rolegate=${host.jar.get("__Secure-rolegate")!}`;
  };

  test("with one domain and one audience, at both hosts", async () => {
    const cookie = await cookieOf(SHARED);
    const other = await gateOf({ ...SHARED, publicUrl: "https://b.example.com" });
    assert.equal(await seen(other, "b.example.com", cookie), "none");
  });

  test("not with another audience of the same domain", async () => {
    const cookie = await cookieOf(ALONE);
    const other = await gateOf({ ...SHARED, publicUrl: "https://b.example.com" });
    assert.equal(await seen(other, "b.example.com", cookie), "session_invalid");
  });

  test("not by an application whose roles mean something else: it is renewed there", async () => {
    const cookie = await cookieOf(SHARED);
    const roles = { viewer: ["app-owner"], owner: ["app-viewer"] };
    const other = await gateOf({ ...SHARED, publicUrl: "https://b.example.com", roles });
    assert.equal(await seen(other, "b.example.com", cookie), "session_outdated");
  });
});

test("another secret, and one that is on its way out", async () => {
  const [OLD, NEW] = [
    "11".repeat(8) + "0123456789abcdeffedcba9876543210aabbccddeeff0011",
    "22".repeat(4) + "00112233445566778899aabbccddeeff0123456789abcdef01234567",
  ];
  const host = await LoginHost.start(block({ session: { secrets: [OLD] } }), { clock });
  await host.signIn();
  const cookie = host.jar.header("/")!;
  const at = async (secrets: string[]) =>
    seen(await gateOf({ session: { secrets } }), "app.example.com", cookie);
  assert.equal(await at([NEW!]), "session_invalid");
  assert.equal(await at([NEW!, OLD!]), "none");
});

test("keys of one issuer are not the other's: an ID token of another provider is none", async () => {
  const issuers = [
    {
      issuer: "https://sso.example.com/realms/main",
      clientId: "app",
      jwks: JSON.stringify(keySet(ec)),
    },
    { issuer: "https://login.example.org", clientId: "b", jwks: JSON.stringify(keySet(rsa)) },
  ];
  const { issuer: _, clientId: __, jwks: ___, forwardHeaders: ____, ...rest } = block();
  const login = { ...(rest.login as object), issuer: "https://sso.example.com/realms/main" };
  const host = await LoginHost.start({ ...rest, issuers, login }, { clock });
  const refused = await host.signIn();
  assert.deepEqual(events(refused), ["id_token_refused"]);
  host.provider.idKey = ec;
  host.provider.accessKey = ec;
  assert.deepEqual(events(await host.signIn()), ["signed_in"]);
});
