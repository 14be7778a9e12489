/** Two Traefik on one state folder: killed and started again under load, and killed while they refresh. Nobody is signed out. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Stage, trail } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import { inWords, Load } from "./load.ts";
import { assertIs, assertNobodySignedOut, callsOf, path, signInMany } from "./signed-in.ts";

/** What a connection that its server takes to the grave looks like; no answer of anybody's is among them. */
const BROKEN = new Set(["ECONNRESET", "EPIPE", "broken off"]);
const CLIENTS = 4;
const TABS = 40;
const ROUNDS = 5;

function makeOld(file: string): void {
  const then = Date.now() / 1000 - 31;
  utimesSync(file, then, then);
}

describe("two Traefik with one state folder", () => {
  const stage = new Stage({ replicas: 2 });
  const balancer = () => stage.stack.balancer!;
  const toBoth = () => {
    balancer().targets.splice(0, 9, ...stage.stack.replicas.map(({ ports }) => ports.web!));
    balancer().drop();
  };

  test("each of them, and then both, killed and started again under load", async (context) => {
    const people = await signInMany(stage, 12);
    const leaver = await stage.signIn("bob", path);
    const copy = await leaver.jar.clone();
    await leaver.fetch("/oidc/logout");
    const load = new Load(await callsOf(stage, people), {
      clients: CLIENTS,
      pause: 2,
      again: true,
    });
    await stage.stack.replace(0, { killed: true });
    await stage.stack.replace(1, { killed: true });
    const [first, second] = stage.stack.replicas;
    await second!.kill();
    balancer().targets.splice(balancer().targets.indexOf(second!.ports.web!), 1);
    await first!.kill();
    await Promise.all([0, 1].map((index) => stage.stack.replace(index, { killed: true })));
    await until("an answer", async () => {
      const answer = await fetch(stage.url("/health")).catch(() => null);
      return answer?.status === 200;
    });
    const outcome = await load.stop();
    context.diagnostic(`killed four times: ${inWords(outcome)}: ${JSON.stringify(outcome.failed)}`);
    const wrong = Object.keys(outcome.failed).filter((kind) => !BROKEN.has(kind));
    assert.deepEqual(wrong, [], "answers that were wrong");
    await assertNobodySignedOut(stage, people);
    // Whoever has signed out stays signed out.
    leaver.jar.removeAllCookiesSync();
    for (const cookie of copy.getCookiesSync(stage.url("/"))) {
      await leaver.jar.setCookie(cookie, stage.url("/"));
    }
    assert.equal((await leaver.fetch(stage.url(path))).status, 401);
    const left = readdirSync(stage.stack.stateFolder, { recursive: true }).map(String);
    context.diagnostic(`files in the state folder: ${left.length}`);
    assert.doesNotThrow(() => JSON.parse(readFileSync(stage.stateFile("jwks"), "utf8")));
  });

  test(`${TABS} tabs refresh at once, ${ROUNDS} times over: one refresh each`, async (context) => {
    toBoth();
    const browser = await stage.signIn("bob", path);
    for (let round = 1; round <= ROUNDS; round++) {
      await stage.expire(browser);
      stage.provider.network.reset();
      stage.provider.network.delay = 500;
      const visits = await Promise.all(
        Array.from({ length: TABS }, (_, index) => browser.fetch(`${path}?tab=${index}`)),
      );
      for (const visit of visits) assertIs("bob", visit);
      assert.equal(stage.refreshes(), 1, `round ${round}`);
      stage.provider.network.reset();
    }
    const count = `${ROUNDS * TABS} requests, ${ROUNDS} refreshes, signed out: 0`;
    context.diagnostic(`${TABS} tabs at two Traefiks: ${count}`);
  });

  test("one is killed while it holds the lock, and tabs wait for it", async () => {
    const browser = await stage.signIn("bob", path);
    await stage.expire(browser);
    balancer().targets.splice(0, 9, stage.stack.replicas[0]!.ports.web!);
    balancer().drop();
    Object.assign(stage.provider.network, { asked: [], state: "hang", only: ["token"] });
    const given = browser.fetch(path).catch(() => null);
    await until("a refresh", () => stage.refreshes() === 1);
    await stage.stack.replicas[0]!.kill();
    balancer().targets.splice(0, 9, stage.stack.replicas[1]!.ports.web!);
    balancer().drop();
    await given;
    stage.provider.network.reset();
    // While the lock is young nobody is let in by it, and nobody goes with the token a second time.
    const early = await browser.fetch(path);
    assert.notEqual(early.status, 200, trail(early));
    assert.equal(stage.refreshes(), 0);
    const folder = join(stage.stack.stateFolder, "refresh");
    const locks = readdirSync(folder).filter((name) => !name.includes("."));
    assert.equal(locks.length, 1);
    // As if half a minute had passed.
    makeOld(join(folder, locks[0]!));
    await stage.stack.replace(0, { killed: true });
    toBoth();
    const visits = await Promise.all(
      Array.from({ length: TABS }, (_, index) => browser.fetch(`${path}?tab=${index}`)),
    );
    for (const visit of visits) assertIs("bob", visit);
    assert.equal(stage.refreshes(), 1);
    assert.deepEqual(
      readdirSync(folder).filter((name) => !name.endsWith(".done")),
      [],
    );
  });

  test(`${TABS} tabs find a lock that is left over, ${ROUNDS} times over: one of them takes it`, async () => {
    toBoth();
    const folder = join(stage.stack.stateFolder, "refresh");
    for (let round = 1; round <= ROUNDS; round++) {
      const browser = await stage.signIn("bob", path);
      await stage.expire(browser);
      Object.assign(stage.provider.network, { asked: [], state: "hang", only: ["token"] });
      const before = new Set(readdirSync(folder));
      const given = new AbortController();
      const first = browser.fetch(path, { signal: given.signal }).catch(() => null);
      await until("a refresh", () => stage.refreshes() === 1);
      const [lock] = readdirSync(folder).filter((name) => !before.has(name));
      const owner = readFileSync(join(folder, lock!));
      given.abort();
      await first;
      await until("it is given up", () => !existsSync(join(folder, lock!)));
      // As one that was killed leaves it.
      writeFileSync(join(folder, lock!), owner);
      makeOld(join(folder, lock!));
      stage.provider.network.reset();
      stage.provider.network.delay = 300;
      const visits = await Promise.all(
        Array.from({ length: TABS }, (_, index) => browser.fetch(`${path}?tab=${index}`)),
      );
      for (const visit of visits) assertIs("bob", visit);
      assert.equal(stage.refreshes(), 1, `round ${round}`);
      stage.provider.network.reset();
    }
  });
});
