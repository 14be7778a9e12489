/** What ends or begins by a clock: the provider's that is behind ours, and a refresh token that stays the same from one renewal to the next. */
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { rsa } from "../support/keys.ts";
import { events, HOST, LoginHost, NAVIGATION, SCRIPT } from "../support/login-host.ts";
import { CLIENT, ISSUER, signed } from "../support/tokens.ts";
import { block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const folder = new StateFolder();
after(() => folder.remove());
beforeEach(() => folder.clear());
const start = (session: object = {}) =>
  LoginHost.start(block({ stateDir: STATE, session }), { mounts: folder.mounts });

test("a provider that gives one refresh token for ever: each renewal is one", async () => {
  const host = await start({ refreshEvery: 60 });
  host.provider.answer = { refresh_token: "for ever" };
  await host.signIn();
  for (let i = 0; i < 3; i++) {
    const before = host.jar.get(COOKIE);
    host.clock.pass(46);
    const result = await host.visit("/oidc/refresh?rd=%2F");
    assert.deepEqual(events(result), ["refreshed"]);
    assert.notEqual(host.jar.get(COOKIE), before);
    // Files have the time of the machine, which is when this renewal was.
    for (const name of folder.list("refresh")) {
      folder.touch(`refresh/${name}`, host.clock.seconds);
    }
  }
});

/** Seconds that the provider's clock is behind, and whether the session, a second old, has ended by its word. */
const behind: [number, boolean][] = [
  [0, true],
  [20, true],
  // More than validation.clockSkew: the provider speaks of what was before.
  [60, false],
];
for (const [seconds, ends] of behind) {
  test(`a subject that is signed out by a clock ${seconds} s behind`, async () => {
    const host = await start();
    await host.signIn();
    host.clock.pass(1);
    const iat = host.clock.seconds - seconds;
    const token = await signed(
      {
        ...{ iss: ISSUER, aud: CLIENT, sub: "8d6f3a6e-0001", jti: `${seconds}` },
        ...{ iat, exp: iat + 120 },
        events: { "http://schemas.openid.net/event/backchannel-logout": {} },
      },
      rsa,
      { typ: "logout+jwt" },
    );
    const told = await host.visit("/oidc/backchannel-logout", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: `logout_token=${token}`,
      jar: null,
    });
    assert.equal(told.response.status, 200);
    const gate = await loadGate(block({ mode: "protect", stateDir: STATE }), {
      mounts: folder.mounts,
      now: () => host.clock.ms,
    });
    const ask = () =>
      gate.handle({
        target: "/",
        headers: { Host: HOST, ...NAVIGATION, Cookie: host.jar.header("/")! },
      });
    assert.equal((await ask()).response.status, ends ? 302 : 200);
    // Who signs in again after the word came is somebody new.
    host.clock.pass(1);
    await host.signIn();
    assert.equal((await ask()).response.status, 200);
  });
}

test("metadata that is kept and not our issuer's is asked for again", async () => {
  const host = await start();
  await host.begin();
  const [name] = folder.list(".").filter((it) => it.startsWith("discovery"));
  const kept = JSON.parse(folder.read(name!).toString()) as Record<string, string>;
  for (const changes of [
    { issuer: "https://evil.example" },
    { token_endpoint: "https://e.example" },
  ]) {
    folder.write(name!, JSON.stringify({ ...kept, ...changes }));
    folder.touch(name!, host.clock.seconds);
    host.provider.received.length = 0;
    await host.begin();
    assert.equal(host.provider.received.length, 1);
  }
});

/** Seconds that a file's time is ahead of ours, and whether the metadata in it is used. */
const ahead: [number, boolean][] = [
  [0, true],
  [290, true],
  [310, false],
  [-299, true],
  [-301, false],
];
for (const [seconds, used] of ahead) {
  test(`metadata kept with the time now + ${seconds} s is ${used ? "used" : "asked for again"}`, async () => {
    const host = await start();
    await host.begin();
    const [name] = folder.list(".").filter((it) => it.startsWith("discovery"));
    folder.touch(name!, host.clock.seconds + seconds);
    host.provider.received.length = 0;
    await host.begin();
    assert.equal(host.provider.received.length, used ? 0 : 1);
  });
}

/** Seconds that the clock is set back, and what becomes of a session that was signed out before. */
for (const seconds of [10, 2 * 86_400]) {
  test(`the clock is set back by ${seconds} s: a sign-out holds, and no session is lost`, async () => {
    const host = await start();
    // Not into the files of another half of the day.
    if (host.clock.seconds % 43_200 < 60) host.clock.pass(60);
    host.provider.idToken = { sid: "stays" };
    await host.signIn();
    const stays = host.jar.header("/")!;
    host.provider.idToken = { sid: "gone" };
    await host.signIn();
    const gone = host.jar.header("/")!;
    const before = host.jar.copy();
    await host.visit("/oidc/logout");
    const gate = await loadGate(block({ mode: "protect", stateDir: STATE }), {
      mounts: folder.mounts,
      now: () => host.clock.ms,
    });
    const ask = async (Cookie: string) =>
      (await gate.handle({ target: "/", headers: { Host: HOST, ...NAVIGATION, Cookie } })).response
        .status;
    assert.deepEqual([await ask(stays), await ask(gone)], [200, 302]);
    host.clock.pass(-seconds);
    // Records of that time stand in files that this clock does not lead to.
    const isFar = seconds > 300;
    assert.deepEqual([await ask(stays), await ask(gone)], isFar ? [503, 503] : [200, 302]);
    // Nor does the session's own router tell whose it is, or renew it.
    host.provider.received.length = 0;
    for (const route of ["session", "refresh"]) {
      const result = await host.visit(`/oidc/${route}`, { jar: before.copy(), headers: SCRIPT });
      assert.equal(result.response.status, 401, route);
    }
    assert.deepEqual(host.provider.asked, []);
    host.clock.pass(seconds);
    assert.deepEqual([await ask(stays), await ask(gone)], [200, 302]);
  });

  for (const way of ["logout", `frontchannel-logout?iss=${encodeURIComponent(ISSUER)}&sid=sid-1`])
    test(`who signs out (${way.split("?")[0]}) while the clock is ${seconds} s behind stays signed out when it is right again`, async () => {
      const host = await start();
      if (host.clock.seconds % 43_200 < 60) host.clock.pass(60);
      await host.signIn();
      const jar = host.jar.copy();
      host.clock.pass(-seconds);
      await host.visit(`/oidc/${way}`);
      host.clock.pass(seconds);
      const gate = await loadGate(block({ mode: "protect", stateDir: STATE }), {
        mounts: folder.mounts,
        now: () => host.clock.ms,
      });
      const headers = { Host: HOST, ...NAVIGATION, Cookie: jar.header("/")! };
      const result = await gate.handle({ target: "/", headers });
      assert.equal(reasonOf(result), "session_revoked");
    });
}
