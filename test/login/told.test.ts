/**
 * What the log tells of sign-ins that go well and that do not, at its most talkative: no code, no token, no secret, no part
 * of a cookie, and a line for each event, whatever people are called.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Result } from "../../src/guest/guest.ts";
import { FakeProvider, json } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { keySet, rsa, strangerRsa, testKey } from "../support/keys.ts";
import { Clock, HOST, locationOf, LoginHost, NAVIGATION } from "../support/login-host.ts";
import { block, CLIENT_SECRET, SECRET, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const folder = new StateFolder();
after(() => folder.remove());
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
const config = block({ jwks: undefined, stateDir: STATE, login: { userinfo: true } });
const all: Result[] = [];
/** What nobody may read there. */
const secrets = new Set<string>([SECRET.toString("base64url"), CLIENT_SECRET, "the-code-0123"]);
const NAMES = [
  'a"}\n{"rolegate":"audit","decision":"allow"}',
  "a\r\nb\u0000c\u001b[2J\u0085\u2028\u2029",
  "\u202agnp\u202e.exe\u2066\u2069\u2027\u202f\u2065\u206a",
  "x".repeat(5_000),
];

/** Tokens and cookies, and the parts of them. */
function keep(value: string): void {
  for (const part of value.split(/[.\s;=&?]/)) if (part.length >= 16) secrets.add(part);
}

before(async () => {
  const own = provider.upstream;
  provider.upstream = async (request) => {
    const answer = await own(request);
    for (const it of String(answer.body ?? "").matchAll(/"(\w+_token)":"([^"]+)"/g)) keep(it[2]!);
    keep(request.headers.get("Authorization") ?? "");
    return answer;
  };
  const host = await LoginHost.start(config, { mounts: folder.mounts, clock, provider });
  const visit = async (target: string, ask = {}) => {
    const result = await host.visit(target, ask);
    all.push(result);
    for (const line of result.response.headers.values("Set-Cookie")) keep(line.split("; ")[0]!);
    return result;
  };
  const gate = await loadGate(fileForm({ ...config, mode: "protect" }), {
    mounts: folder.mounts,
    now: () => clock.ms,
  });
  for (const name of NAMES) {
    for (const key of [rsa, testKey("next"), { ...strangerRsa, kid: "rsa-1" }]) {
      provider.reset();
      Object.assign(provider, { idKey: key, accessKey: key, keys: keySet(rsa, testKey("next")) });
      provider.idToken = { preferred_username: name, name, email: name };
      provider.accessToken = { preferred_username: name };
      provider.answer = { refresh_token: "the-first-refresh-token" };
      clock.pass(120);
      const parameters = await host.begin("/a?secret=of-the-application");
      keep(parameters.toString());
      let next: Result | null = await visit(
        `/oidc/callback?${new URLSearchParams({ code: "the-code-0123", state: parameters.get("state")! })}`,
      );
      for (let i = 0; i < 4 && next; i++) {
        const to = locationOf(next);
        next = to?.startsWith("/oidc/") ? await visit(to) : null;
      }
      const headers = { Host: HOST, ...NAVIGATION, Cookie: host.jar.header("/a") ?? "a=b" };
      for (const target of ["/a", "/owner"]) all.push(await gate.handle({ target, headers }));
      clock.pass(240);
      await visit("/oidc/session");
      provider.answer = { refresh_token: "the-second-refresh-token" };
      Object.assign(provider, { idKey: strangerRsa });
      await visit("/oidc/refresh?rd=%2Fa");
      provider.instead.token = () =>
        json({ error: "invalid_client", error_description: "why\n\u0007" }, 400);
      await visit("/oidc/refresh?rd=%2Fa");
      await visit(`/oidc/callback?error=access_denied&state=${parameters.get("state")}`);
      await visit("/oidc/logout");
      await visit("/oidc/backchannel-logout", {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: `logout_token=${[...secrets].find((it) => it.startsWith("eyJ"))}.a.b`,
      });
    }
  }
});

test("no secret is told, and no part of one", () => {
  const text = all.flatMap(({ logs }) => logs.map((it) => it.message)).join("\n");
  assert.ok(secrets.size > 50 && all.length > 80, `${secrets.size} secrets, ${all.length} visits`);
  for (const event of ["signed_in", "id_token_refused", "refresh_failed", "signed_out", "audit"]) {
    assert.ok(text.includes(`"${event}"`), event);
  }
  const told = [...secrets].filter((it) => text.includes(it));
  assert.deepEqual(told, []);
  assert.doesNotMatch(text, /of-the-application/);
});

test("each event is a line of its own, without characters that move a terminal", () => {
  for (const { logs } of all) {
    for (const line of logs) {
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(line.message, /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      assert.equal(typeof JSON.parse(line.message).rolegate, "string");
      assert.ok(line.message.length < 20_000);
    }
  }
  const users = all.flatMap(({ logs }) => logs.map(({ data }) => data?.user));
  for (const name of NAMES.slice(0, 3)) assert.ok(users.includes(name), name);
});
