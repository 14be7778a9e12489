/**
 * What the log says of people who sign in: who it was and from where, their roles at the provider and here, what was wrong
 * with a token, and what is missing in a set-up.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Result } from "../../src/guest/guest.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { json } from "../support/fake-provider.ts";
import { loadGate } from "../support/gate.ts";
import { strangerRsa } from "../support/keys.ts";
import { HOST, LoginHost, SCRIPT, locationOf } from "../support/login-host.ts";
import { openSession, sealSession } from "../support/session-text.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";
import { type Block, block, PLACE, STATE } from "./configuration.ts";

const folder = temporaryFolder("login-log");
after(() => folder.remove());

type Line = Record<string, unknown>;
const lines = ({ logs }: Result): Line[] =>
  logs.flatMap(({ data }) => (data?.rolegate === "login" ? [data as Line] : []));
const only = (result: Result): Line => {
  const all = lines(result);
  assert.equal(all.length, 1, JSON.stringify(all));
  return all[0]!;
};
/** No token that went around, nor a part of one. */
function keepsSecrets(result: Result): void {
  for (const { message } of result.logs) assert.doesNotMatch(message, /eyJ[\w-]{10}/);
}

const NAMES = ["app-viewer", "offline_access", "default-roles"];
const REMOTE = "192.0.2.7:40001";
let host: LoginHost;

async function start(changes: Block = {}): Promise<LoginHost> {
  const state = join(folder.path, String(Math.random()).slice(2));
  mkdirSync(state);
  const more = { mounts: [`${state}:${STATE}`] };
  return LoginHost.start(block({ stateDir: STATE, ...changes }), more);
}

before(async () => {
  host = await start();
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
  host.provider.accessToken = { realm_access: { roles: NAMES } };
});

const ALICE = { client: "192.0.2.7", user: "alice", subject: "8d6f3a6e-0001" };
const PROVIDER = { roles: ["viewer"], providerRoles: NAMES };

describe("who it was", () => {
  test("signed in, renewed, signed out", async () => {
    const ask = { remote: REMOTE };
    const signedIn = await host.signIn("/", ask);
    const { rolegate: _, request, ...said } = only(signedIn);
    assert.deepEqual(said, { event: "signed_in", ...ALICE, ...PROVIDER });
    assert.match(String(request), /^[0-9a-f]{16}$/);
    host.clock.pass(240);
    const renewed = only(await host.visit("/oidc/refresh?rd=%2F", ask));
    assert.deepEqual(
      [renewed.event, renewed.user, renewed.subject, renewed.providerRoles],
      ["refreshed", "alice", ALICE.subject, NAMES],
    );
    const out = only(await host.visit("/oidc/logout", ask));
    assert.deepEqual(
      { ...out, request: "" },
      { rolegate: "login", request: "", event: "signed_out", ...ALICE },
    );
  });
  for (const [answer, event] of [
    [json({ error: "invalid_grant" }, 400), "refresh_refused"],
    [json({}, 500), "refresh_failed"],
  ] as const) {
    test(`a refresh that comes to nothing: ${event}`, async () => {
      const other = await start();
      await other.signIn();
      other.clock.pass(240);
      other.provider.instead.token = () => answer;
      const line = only(await other.visit("/oidc/refresh?rd=%2F"));
      assert.deepEqual([line.event, line.user, line.subject], [event, "alice", ALICE.subject]);
    });
  }
  test("nobody yet, and nobody else's name", async () => {
    await host.signIn();
    host.jar = new CookieJar();
    const line = only(await host.visit("/oidc/logout"));
    assert.deepEqual([line.event, "user" in line, "subject" in line], ["signed_out", false, false]);
  });
  test("by audit.user; the page and /oidc/session say the same", async () => {
    const other = await start({ audit: { decisions: "all", user: "email" } });
    const line = only(await other.signIn());
    assert.equal(line.user, "alice@example.com");
    const { response } = await other.visit("/oidc/session", { headers: SCRIPT });
    assert.equal((JSON.parse(response.body.toString()) as Line).user, "alice@example.com");
  });
  test("names and addresses that are not wanted", async () => {
    const other = await start({ audit: { user: "none", client: false } });
    const line = only(await other.signIn());
    assert.deepEqual(
      [line.subject, "user" in line, "client" in line],
      [ALICE.subject, false, false],
    );
    const { response } = await other.visit("/oidc/session", { headers: SCRIPT });
    assert.equal((JSON.parse(response.body.toString()) as Line).user, "alice");
  });
});

describe("decisions about a session", () => {
  let gate: Awaited<ReturnType<typeof loadGate>>;
  before(async () => {
    gate = await loadGate(block(), { now: () => host.clock.ms });
  });
  const decided = async (cookie: string, target = "/a"): Promise<Line> => {
    const headers = { Host: HOST, Cookie: `${COOKIE}=${cookie}`, ...SCRIPT };
    const { logs } = await gate.handle({ target, headers });
    return logs.find(({ data }) => data?.rolegate === "audit")!.data!;
  };
  const who = ({ decision, reason, user, subject }: Line) => [decision, reason, user, subject];

  test("its user's name, known or not, and with another one between", async () => {
    await host.signIn();
    const cookie = host.jar.get(COOKIE)!;
    const rob = sealSession(PLACE, { ...openSession(PLACE, cookie), user: "rob", subject: "2" });
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(who(await decided(cookie)), ["allow", "none", "alice", ALICE.subject]);
      assert.equal((await decided(rob)).user, "rob");
      assert.equal((await decided(cookie, "/owner")).user, "alice");
    }
  });
  test("whose it was, when it has ended or is of another configuration", async () => {
    await host.signIn();
    const session = openSession(PLACE, host.jar.get(COOKIE)!);
    for (const [changes, reason] of [
      [{ end: session.made }, "session_expired"],
      [{ fingerprint: "00".repeat(16) }, "session_outdated"],
    ] as const) {
      const line = await decided(sealSession(PLACE, { ...session, ...changes }));
      assert.deepEqual(who(line), ["deny", reason, "alice", ALICE.subject]);
      assert.equal("roles" in line, false);
    }
  });
  test("not whose it claims to be, when its seal is broken", async () => {
    await host.signIn();
    const cookie = host.jar.get(COOKIE)!;
    const line = await decided(`${cookie.slice(0, -2)}${cookie.endsWith("A") ? "BB" : "AA"}`);
    assert.deepEqual(who(line), ["deny", "session_invalid", undefined, undefined]);
  });
});

describe("tokens that are refused", () => {
  test("an ID token: what it has, and what was expected", async () => {
    host.provider.idToken = { aud: ["shop", "web"], azp: "shop" };
    const result = await host.signIn();
    const line = only(result);
    const { aud, azp, iss } = line.token as Line;
    assert.deepEqual([line.event, line.reason], ["id_token_refused", "audience_mismatch"]);
    assert.deepEqual([aud, azp, iss], [["shop", "web"], "shop", ISSUER]);
    assert.deepEqual(line.expected, { aud: [CLIENT] });
    assert.equal("subject" in line, false);
    keepsSecrets(result);
  });
  test("the key that signed it, and the keys that are known", async () => {
    host.provider.idKey = strangerRsa;
    const line = only(await host.signIn());
    assert.deepEqual([line.reason, (line.token as Line).kid], ["key_unknown", "stranger-rsa"]);
    assert.deepEqual(line.expected, { kid: ["rsa-1", "ec-1"] });
  });
  test("another issuer, and another party", async () => {
    host.provider.idToken = { iss: `${ISSUER}/` };
    const other = only(await host.signIn());
    assert.deepEqual([other.reason, other.expected], ["issuer_unknown", { iss: [ISSUER] }]);
    host.provider.idToken = { azp: "shop" };
    const party = only(await host.signIn());
    assert.deepEqual(
      [party.reason, party.expected],
      ["authorized_party_mismatch", { azp: [CLIENT] }],
    );
  });
  test("an access token that is no source of roles", async () => {
    host.provider.accessKey = strangerRsa;
    const result = await host.signIn();
    const unread = lines(result).find(({ event }) => event === "access_token_unread")!;
    assert.deepEqual(
      [unread.reason, (unread.token as Line).kid, unread.subject],
      ["key_unknown", "stranger-rsa", ALICE.subject],
    );
    keepsSecrets(result);
  });
});

describe("what is missing in a set-up", () => {
  const keysFrom = { jwks: undefined, stateDir: STATE };
  test("no keys were ever fetched: the router and the health check", async () => {
    const without = await start(keysFrom);
    // Sign-in would fetch them by itself.
    without.provider.instead.keys = () => json({}, 404);
    const { logs } = await without.visit(locationOf(await without.signIn())!);
    const line = logs.find(({ data }) => data?.event === "id_token_refused")!.data!;
    assert.equal(line.reason, "keys_unavailable");
    for (const part of ["healthCheck: {path: /oidc/keys", "rule: Path(`/oidc/keys`)", "404"]) {
      assert.ok(String(line.message).includes(part), String(line.message));
    }
  });
  test("the same of a bearer token", async () => {
    const guest = await loadGate(block(keysFrom), { mounts: [`${folder.path}:${STATE}`] });
    const headers = { Host: HOST, Authorization: `Bearer ${await token()}` };
    const { logs } = await guest.handle({ target: "/a", headers });
    const { reason, message } = logs.find(({ data }) => data?.rolegate === "audit")!.data!;
    assert.equal(reason, "keys_unavailable");
    assert.match(String(message), /healthCheck: \{path: \/oidc\/keys/);
  });
  test("keys cannot be fetched: what the status says", async () => {
    for (const [status, cause] of [
      [404, /status 404, nothing is there: `servers` or `issuer`/],
      [502, /status 502, no connection to `servers`/],
      [500, /status 500, .*certificate/],
      [418, /status 418; what was/],
    ] as const) {
      const keys = await start({ ...keysFrom, mode: "keys" });
      keys.provider.instead["openid-configuration"] = () => ({ status });
      const line = only(await keys.visit("/oidc/keys", { jar: null }));
      assert.equal(line.event, "keys_not_fetched");
      assert.match(String(line.message), cause);
      // Who asks is Traefik itself.
      assert.equal("client" in line, false);
    }
  });
  test("the form did not reach the provider: buffering", async () => {
    const description = "Missing form parameter: grant_type";
    const refusal = json({ error: "invalid_request", error_description: description }, 400);
    host.provider.instead.token = () => refusal;
    const line = only(await host.signIn());
    assert.deepEqual([line.event, line.detail], ["code_refused", description]);
    assert.match(String(line.message), /middlewares: \[rolegate-login, rolegate-buffering\]/);
    host.provider.instead.token = () => json({ error: "invalid_client" }, 401);
    assert.equal(only(await host.signIn()).message, "invalid_client");
  });
  test("a path of sign-in came to mode protect: the router for it", async () => {
    const guest = await loadGate(block());
    const { logs } = await guest.handle({ target: "/oidc/login", headers: { Host: HOST } });
    const { reason, message } = logs.find(({ data }) => data?.rolegate === "audit")!.data!;
    assert.equal(reason, "login_router_missing");
    assert.match(String(message), /rule: PathPrefix\(`\/oidc\/`\).*longer/);
  });
});
