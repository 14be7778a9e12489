/** Several Traefik with one secret behind one address: with one state folder, and each with its own. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { sessionLife } from "./older.ts";
import { echo, Stage, trail } from "./stage.ts";
import { fetchIn, received, signIn, valuesOf } from "./window.ts";

function send(stage: Stage, to: number[]): void {
  const { balancer, replicas } = stage.stack;
  balancer!.targets.splice(0, Infinity, ...to.map((index) => replicas[index]!.ports.web!));
  balancer!.drop();
}
const only = (stage: Stage, index: number) => send(stage, [index]);
/** Connections go to one and the other in turn. */
const both = (stage: Stage) => send(stage, [0, 1]);

describe("two Traefik with one secret and one state folder", () => {
  const stage = new Stage({ replicas: 2 });
  test("a session that one made is good at the other", async () => {
    only(stage, 0);
    const browser = await stage.signIn("bob");
    only(stage, 1);
    assert.equal(echo(await browser.go(stage.url("/api/runs"))).method, "GET");
  });

  test("an attempt that one started is finished by the other", async () => {
    only(stage, 0);
    const browser = stage.browser();
    await browser.go(stage.url("/api/runs"), { from: null });
    only(stage, 1);
    const visit = await browser.submit({ user: "bob" });
    assert.equal(echo(visit).url, "/api/runs");
  });

  test("forty requests at both at once: one refresh", async () => {
    both(stage);
    const browser = await stage.signIn("bob");
    await stage.expire(browser);
    stage.provider.network.reset();
    stage.provider.network.delay = 1_000;
    const visits = await Promise.all(
      Array.from({ length: 40 }, (_, index) => browser.fetch(`/api/runs?n=${index}`)),
    );
    for (const visit of visits) assert.equal(visit.status, 200, trail(visit));
    assert.equal(stage.refreshes(), 1);
  });

  test("a Traefik that is killed while it refreshes leaves a lock that the other takes over", async () => {
    only(stage, 0);
    const browser = await stage.signIn("bob");
    await stage.expire(browser);
    // Killed before the provider has answered, and before it has used the token up.
    Object.assign(stage.provider.network, { asked: [], state: "hang", only: ["token"] });
    const given = browser.go(stage.url("/api/runs")).catch(() => null);
    for (const end = Date.now() + 5_000; stage.refreshes() === 0; await sleep(20)) {
      assert.ok(Date.now() < end, "no refresh began");
    }
    process.kill(stage.stack.replicas[0]!.pid, "SIGKILL");
    only(stage, 1);
    await given;
    stage.provider.network.reset();
    const deadline = Date.now() + 45_000;
    for (;;) {
      const visit = await browser.go(stage.url("/api/runs"));
      if (visit.status === 200 && visit.url === stage.url("/api/runs")) break;
      assert.ok(Date.now() < deadline, trail(visit));
      await sleep(1_000);
    }
  });
});

describe("two Traefik with one secret, each with a state folder of its own", () => {
  const stage = new Stage({ replicas: 2, sharedState: false });
  const isBob = async (page: Page) =>
    assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);

  test("a session that one made is good at the other, and is refreshed there", async () => {
    only(stage, 0);
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    only(stage, 1);
    await page.goto(stage.url("/api/runs?at=other"));
    await isBob(page);
    await stage.expire(page);
    assert.equal((await fetchIn(page, "/api/runs")).status, 200);
    assert.equal(stage.refreshes(), 1);
    only(stage, 0);
    await page.goto(stage.url("/api/runs?at=first"));
    await isBob(page);
    assert.equal(stage.refreshes(), 1, "the renewed session is good at both");
  });

  test("refreshed at both at once, with tokens that count once: nobody is lost", async () => {
    only(stage, 0);
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    await stage.expire(page);
    both(stage);
    stage.provider.network.reset();
    Object.assign(stage.provider.network, { delay: 500, only: ["token"] });
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, index) => fetchIn(page, `/api/runs?n=${index}`)),
    );
    // Each Traefik has one request of its own go; the provider takes the second of the two for theft.
    assert.ok(stage.refreshes() >= 2, `${stage.refreshes()} refreshes`);
    for (const { status, body } of replies) {
      assert.ok(status === 200 || status === 401, body);
      if (status === 401) assert.match(body, /"login_url"/);
    }
    stage.provider.network.reset();
    // Whoever has lost is signed in again by the provider's own session, without a page.
    await page.goto(stage.url("/api/runs?after"));
    assert.equal(page.url(), stage.url("/api/runs?after"));
    await isBob(page);
    for (const index of [0, 1]) {
      only(stage, index);
      assert.equal((await fetchIn(page, "/api/runs")).status, 200);
    }
    // And so it stays when the session is due the next time.
    await stage.expire(page);
    await page.goto(stage.url("/api/runs?later"));
    await isBob(page);
  });

  test("a session that still holds is not taken away by the refresh that lost", async () => {
    only(stage, 0);
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    // Due, and not over.
    await stage.age(page, sessionLife - 30);
    both(stage);
    stage.provider.network.reset();
    Object.assign(stage.provider.network, { delay: 500, only: ["token"] });
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, index) => fetchIn(page, `/api/runs?n=${index}`)),
    );
    assert.ok(replies.every(({ status }) => status === 200 || status === 401));
    const who = await fetchIn(page, "/oidc/session");
    assert.match(who.body, /"user":"bob"/);
    stage.provider.network.reset();
    await page.goto(stage.url("/api/runs?after"));
    await isBob(page);
  });
});
