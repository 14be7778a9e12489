/**
 * The machine's clock jumps, by an hour or by more than a year, and is set right again. On the Node host, because nobody
 * can turn one process's clock: what stands on real files there has the machine's time, as after a jump.
 */
import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { block, STATE } from "../login/configuration.ts";
import { StateFolder } from "../login/state-folder.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { Clock, HOST, LoginHost, NAVIGATION } from "../support/login-host.ts";
import { token } from "../support/tokens.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** Of a file of ended sessions. Seconds. */
const PERIOD = 12 * HOUR;

const folder = new StateFolder();
after(() => folder.remove());
beforeEach(() => folder.clear());

interface Scene {
  clock: Clock;
  host: LoginHost;
  /** Whose clock stays right. */
  provider: FakeProvider;
  /** A status of the application's gate, and whether it was let in. */
  ask(jar: CookieJar): Promise<number>;
  bearer(text: string): Promise<number>;
}

async function scene(start: number): Promise<Scene> {
  const clock = new Clock();
  clock.ms = start * 1_000;
  const right = start;
  const provider = new FakeProvider(() => right);
  const config = block({ stateDir: STATE });
  const host = await LoginHost.start(config, { mounts: folder.mounts, clock, provider });
  const gate = await loadGate(fileForm(config), { mounts: folder.mounts, now: () => clock.ms });
  const send = async (headers: Record<string, string>) => {
    const { trap, response, forwarded } = await gate.handle({
      target: "/a",
      headers: { Host: HOST, ...NAVIGATION, ...headers },
    });
    if (trap) throw trap;
    assert.equal(forwarded !== null, response.status === 200);
    return response.status;
  };
  return {
    clock,
    host,
    provider,
    ask: (jar) => send({ Cookie: jar.header("/") ?? "" }),
    bearer: (text) => send({ Authorization: `Bearer ${text}` }),
  };
}

const now = () => Math.floor(Date.now() / 1_000);
/** Just after, just before, and in the middle of a period of the files of ended sessions. */
const starts: [string, () => number][] = [
  ["in the middle of a period", () => Math.floor(now() / PERIOD) * PERIOD - PERIOD / 2],
  ["just after a period began", () => Math.floor(now() / PERIOD) * PERIOD + 600],
  ["just before one ends", () => Math.floor(now() / PERIOD) * PERIOD - 600],
];
const jumps: [string, number][] = [
  ["an hour ahead", HOUR],
  ["an hour back", -HOUR],
  ["400 days ahead", 400 * DAY],
  ["400 days back", -400 * DAY],
];

for (const [when, start] of starts) {
  describe(when, () => {
    for (const [name, by] of jumps) {
      test(`${name}, and right again`, async () => {
        const { clock, host, provider, ask } = await scene(start());
        await host.signIn();
        const stays = host.jar.copy();
        assert.equal(await ask(stays), 200);
        clock.pass(1);
        host.jar = new CookieJar();
        provider.idToken = { sid: "another" };
        await host.signIn();
        const gone = host.jar.copy();
        await host.visit("/oidc/logout");
        clock.pass(6);
        assert.notEqual(await ask(gone), 200);

        clock.pass(by);
        // Somebody who has signed out is not let in by any clock.
        for (let i = 0; i < 3; i++) {
          assert.notEqual(await ask(gone), 200, "signed out");
          clock.pass(6);
        }
        if (by > 0) assert.notEqual(await ask(stays), 200, "over, by that clock");
        // Guests and files go on: no trap, and an answer to each visit.
        for (const visit of [
          "login?rd=%2F",
          "refresh?rd=%2F",
          "session",
          "callback?code=a&state=b",
        ]) {
          const { response } = await host.visit(`/oidc/${visit}`, {
            jar: stays.copy(),
            keeps: false,
          });
          assert.ok(response.status >= 200, visit);
        }

        clock.pass(-by);
        assert.equal(await ask(stays), 200, "nothing was lost");
        for (let i = 0; i < 3; i++) {
          assert.notEqual(await ask(gone), 200, "signed out for good");
          clock.pass(6);
        }
        host.jar = new CookieJar();
        await host.signIn();
        assert.equal(await ask(host.jar), 200, "and people sign in again");
      });
    }
  });
}

test("no token outlives its time, and none is good before it, whatever guests have kept", async () => {
  const { clock, bearer } = await scene(now());
  const text = await token();
  for (const [name, by] of jumps) {
    assert.equal(await bearer(text), 200, name);
    clock.pass(by);
    // A guest that has verified it knows that its time has begun.
    if (by > 0) assert.notEqual(await bearer(text), 200, name);
    const other = await scene(clock.seconds);
    assert.notEqual(await other.bearer(text), 200, name);
    clock.pass(-by);
  }
  assert.equal(await bearer(text), 200);
});

test("by a clock that is wrong nobody signs in, and the page says whose tokens are not good", async () => {
  for (const [name, by] of jumps) {
    const { clock, host, ask } = await scene(now());
    clock.pass(by);
    const { response } = await host.signIn();
    assert.equal(response.status, 400, name);
    assert.notEqual(await ask(host.jar), 200, name);
    clock.pass(-by);
    host.jar = new CookieJar();
    await host.signIn();
    assert.equal(await ask(host.jar), 200, name);
  }
});
