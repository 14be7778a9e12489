/**
 * Each provider, played as its profile says, with the block of its page: keys, sign-in, renewal or its absence, signing
 * out, and tokens as programs show them.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Result } from "../../src/guest/guest.ts";
import { reasonOf } from "../support/gate.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { events, locationOf, said } from "../support/login-host.ts";
import type { Claims } from "../support/tokens.ts";
import { names, type Profile, profileOf, type Variant } from "./profile.ts";
import { Stage } from "./stage.ts";

for (const name of names) {
  describe(name, () => {
    const profile = profileOf(name);
    const stage = new Stage(name);
    let second = 0;
    before(() => stage.start());
    after(() => stage.stop());
    beforeEach(async () => {
      const { provider } = stage;
      Object.assign(provider, {
        ...{ changes: {}, otherAccess: undefined, otherUserinfo: undefined, otherAnswer: {} },
        nonce: "",
      });
      provider.received.length = 0;
      // A second later each time: who signs in within that of a sign-out is signed out as well.
      stage.clock.ms = (Math.floor(Date.now() / 1000) + (second += 6)) * 1000;
      if (stage.host) stage.host.jar = new CookieJar();
      const { response, logs } = await stage.tick();
      assert.equal(response.status, 204, JSON.stringify(logs.map(({ data }) => data)));
    });

    test("its keys are fetched, and none is taken for a private one", () => {
      const [file] = stage.folder.list().filter((it) => /^jwks-\w+\.json$/.test(it));
      const { keys } = JSON.parse(stage.folder.read(file!).toString()) as { keys: Claims[] };
      assert.equal(keys.length, profile.keys.length + (profile.otherKeys?.length ?? 0));
    });

    if (profile.signIn) signingIn(stage, profile.signIn);

    for (const call of profile.calls) {
      const { name: title, token, target, status, reason, gap } = call;
      test(`${title}: ${status}${gap ? `, a gap: ${gap}` : ""}`, async () => {
        const shown = token === "access" || token === "id" ? await tokenOf(stage, token) : token;
        const text = await stage.provider.token(shown);
        const result = await stage.ask({ Authorization: `Bearer ${text}` }, target);
        const got = [result.response.status, reasonOf(result)];
        assert.deepEqual(got, [status, reason], JSON.stringify(result.logs.map((it) => it.data)));
      });
    }
  });
}

/** As the sign-in gives it to the client, by somebody who took it from there. */
async function tokenOf(stage: Stage, kind: "access" | "id"): Promise<string> {
  stage.provider.nonce = "of-a-sign-in";
  const access = await stage.provider.access;
  return kind === "id" ? stage.provider.id(access) : access;
}

function signingIn(stage: Stage, signIn: NonNullable<Profile["signIn"]>): void {
  const { expects, roleClaim } = signIn;

  /** To the application, past the userinfo endpoint where that is asked. */
  const comeIn = async (): Promise<{ begun: URLSearchParams; results: Result[] }> => {
    const host = stage.host!;
    const begun = await host.begin("/a");
    const results = [await host.end(begun, signIn.callback)];
    if (locationOf(results[0]!)?.startsWith("/oidc/userinfo")) {
      results.push(await host.visit(locationOf(results[0]!)!));
    }
    return { begun, results };
  };
  const eventsOf = (results: Result[]) => results.flatMap(events);

  test("somebody signs in, and the application hears of it", async () => {
    const { begun, results } = await comeIn();
    const log = results.map(said).join("\n");
    assert.deepEqual(eventsOf(results), expects.events, log);
    if (expects.reason) assert.match(log, new RegExp(`"reason":"${expects.reason}"`));
    assert.equal(locationOf(results.at(-1)!), "/a");
    for (const [parameter, value] of Object.entries(signIn.asks)) {
      assert.equal(begun.get(parameter), value, parameter);
    }
    const { user, roles } = await stage.session();
    assert.deepEqual({ user, roles }, { user: expects.user, roles: expects.roles });
    const { response, forwarded } = await stage.browse();
    assert.equal(response.status, 200);
    for (const [header, value] of Object.entries(expects.headers)) {
      assert.equal(forwarded!.headers.get(header), value, header);
    }
    assert.equal(forwarded!.headers.get("Cookie"), undefined);
    assert.equal((await stage.browse("/admin")).response.status, 403);
  });

  test(`without ${roleClaim} nobody has a role`, async () => {
    const { accessToken, idToken, userinfo } = signIn;
    stage.provider.changes = { [roleClaim]: undefined };
    if (typeof accessToken === "object") {
      stage.provider.otherAccess = without(accessToken, roleClaim);
    }
    if (userinfo) stage.provider.otherUserinfo = { ...userinfo, [roleClaim]: undefined };
    assert.ok(JSON.stringify([accessToken, idToken, userinfo]).includes(`"${roleClaim}"`));
    await comeIn();
    assert.deepEqual((await stage.session()).roles, []);
    assert.equal((await stage.browse()).response.status, 403);
  });

  test("a token of another client, or for another nonce, signs nobody in", async () => {
    for (const changes of [
      { aud: "another" },
      { nonce: "another" },
      { iss: "https://evil.example" },
    ]) {
      stage.provider.changes = changes;
      const { results } = await comeIn();
      assert.deepEqual(eventsOf(results), ["id_token_refused"], JSON.stringify(changes));
      assert.equal((await stage.browse()).response.status, 401);
    }
  });

  test("signing out ends it here, and at the provider as far as it can", async () => {
    await comeIn();
    const host = stage.host!;
    const copy = host.jar.header("/a")!;
    const result = await host.visit("/oidc/logout");
    assert.deepEqual(events(result), ["signed_out"], said(result));
    assert.deepEqual(host.jar.names(), []);
    if (signIn.logout === null) {
      assert.equal(locationOf(result), undefined);
      assert.match(String(result.response.headers.get("Content-Type")), /^text\/html/);
    } else {
      const location = new URL(locationOf(result)!);
      assert.equal(location.origin + location.pathname, signIn.logout);
      assert.ok(location.searchParams.has("id_token_hint"));
    }
    assert.equal((await stage.browse()).response.status, 401);
    stage.clock.pass(5);
    assert.equal(reasonOf(await stage.ask({ Cookie: copy })), "session_revoked");
    // By the session at the provider, where that went on: its `sid` is the same.
    await comeIn();
    assert.equal((await stage.browse()).response.status, 200);
  });

  const { refresh } = signIn;
  test("the session is renewed", async () => {
    await comeIn();
    const host = stage.host!;
    const first = await stage.session();
    for (let round = 1; round <= 3; round++) {
      stage.clock.pass(240);
      assert.equal(locationOf(await stage.open()), "/oidc/refresh?rd=%2Fa");
      const results = [await host.visit("/oidc/refresh?rd=%2Fa")];
      if (locationOf(results[0]!)?.startsWith("/oidc/userinfo")) {
        results.push(await host.visit(locationOf(results[0]!)!));
      }
      const unread = expects.events.filter((it) => it === "access_token_unread");
      assert.deepEqual(eventsOf(results), [...unread, "refreshed"], results.map(said).join("\n"));
      const { roles, user, expires } = await stage.session();
      assert.deepEqual({ roles, user }, { roles: first.roles, user: first.user }, `${round}`);
      assert.equal(expires - stage.clock.seconds, 300);
    }
    const asked = stage.provider.received.filter(({ method }) => method === "POST");
    const sent = asked.map(({ body }) => new URLSearchParams(body.toString()).get("refresh_token"));
    const last = refresh.rotates ? "refresh-3" : "refresh-1";
    assert.match(sent.at(-1)!, new RegExp(`^${last.slice(0, 8)}`));
    assert.equal(new Set(sent.slice(1)).size, refresh.rotates ? 3 : 1);
  });

  test("without a refresh token it lasts as long as the ID token, and the log says so", async () => {
    stage.provider.otherAnswer = { refresh_token: null, expires_in: null };
    const { results } = await comeIn();
    const [...before] = expects.events.filter((it) => it !== "signed_in");
    const expected = [...before, "no_refresh_token", "signed_in"];
    assert.deepEqual(eventsOf(results), expected, results.map(said).join("\n"));
    assert.equal((await stage.session()).expires - stage.clock.seconds, 3600);
    stage.clock.pass(3599);
    assert.equal((await stage.browse()).response.status, 200);
    stage.clock.pass(2);
    assert.match(locationOf(await stage.open())!, /^\/oidc\/login\?/);
  });

  for (const variant of signIn.variants ?? []) {
    const { name, gap } = variant;
    test(`${name}${gap ? `, a gap: ${gap}` : ""}`, () => plays(stage, variant, comeIn, eventsOf));
  }
}

async function plays(
  stage: Stage,
  variant: Variant,
  comeIn: () => Promise<{ results: Result[] }>,
  eventsOf: (results: Result[]) => string[],
): Promise<void> {
  stage.provider.changes = variant.idToken ?? {};
  stage.provider.otherAccess = variant.accessToken;
  stage.provider.otherUserinfo = variant.userinfo;
  stage.provider.otherAnswer = variant.answer ?? {};
  const { results } = await comeIn();
  assert.deepEqual(eventsOf(results), variant.events, results.map(said).join("\n"));
  const isIn = variant.events.includes("signed_in");
  assert.deepEqual(isIn ? (await stage.session()).roles : [], variant.roles);
  const status = !isIn ? 401 : variant.roles.length > 0 ? 200 : 403;
  assert.equal((await stage.browse()).response.status, status);
}

/** The token without that member, at whatever depth. */
function without<T extends { claims: Claims }>(token: T, name: string): T {
  const text = JSON.stringify(token, (key, value: unknown) => (key === name ? undefined : value));
  return JSON.parse(text) as T;
}
