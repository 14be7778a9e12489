/** The ways to authenticate at the token endpoint, and sessions that several Traefik share. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { clientAuthentications } from "../../src/dev/provider-clients.ts";
import { echo, Stage, trail } from "./stage.ts";
import { fetchIn, received, signIn, valuesOf } from "./window.ts";

for (const authentication of clientAuthentications) {
  describe(`client authentication ${authentication}`, () => {
    const stage = new Stage({ authentication });

    test("signs in, and refreshes", async () => {
      stage.provider.lifetimes.access = 2;
      const browser = await stage.signIn("bob");
      await sleep(2_500);
      const visit = await browser.go(stage.url("/api/runs"));
      assert.equal(visit.status, 200, trail(visit));
      assert.ok(stage.refreshes() >= 1);
    });
  });
}

describe("with TLS and HTTP/2", () => {
  const stage = new Stage({ tls: true });

  test("Chromium signs in over HTTP/2", async () => {
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
    const protocol = await page.evaluate(
      "performance.getEntriesByType('navigation')[0].nextHopProtocol",
    );
    assert.equal(protocol, "h2");
  });

  test("a session is refreshed, signed out of, and ended by the provider", async () => {
    stage.provider.lifetimes.access = 3;
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    stage.provider.lifetimes.access = 3600;
    await sleep(3_500);
    assert.equal((await fetchIn(page, "/api/runs?x=1")).status, 200);
    assert.equal(stage.refreshes(), 1);
    const [told] = await stage.provider.endSessions("bob");
    assert.equal(told!.error, null);
    // Each guest looks for itself, every five seconds.
    await sleep(5_500);
    assert.equal((await fetchIn(page, "/api/runs")).status, 401);
    await signIn(page, stage.url("/api/runs"), "carol");
    await page.goto(stage.url("/oidc/logout"));
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/interaction\//);
  });
});

describe("two Traefik with one secret and one state folder", () => {
  const stage = new Stage({ replicas: 2 });
  const only = (index: number) => {
    const { balancer, replicas } = stage.stack;
    balancer!.targets.splice(0, Infinity, replicas[index]!.ports.web!);
    balancer!.drop();
  };

  test("a session that one made is good at the other", async () => {
    only(0);
    const browser = await stage.signIn("bob");
    only(1);
    assert.equal(echo(await browser.go(stage.url("/api/runs"))).method, "GET");
  });

  test("an attempt that one started is finished by the other", async () => {
    only(0);
    const browser = stage.browser();
    await browser.go(stage.url("/api/runs"), { from: null });
    only(1);
    const visit = await browser.submit({ user: "bob" });
    assert.equal(echo(visit).url, "/api/runs");
  });

  test("forty requests at both at once: one refresh", async () => {
    const { balancer, replicas } = stage.stack;
    balancer!.targets.splice(0, Infinity, ...replicas.map(({ ports }) => ports.web!));
    stage.provider.lifetimes.access = 3;
    const browser = await stage.signIn("bob");
    stage.provider.lifetimes.access = 3600;
    await sleep(3_500);
    stage.provider.network.reset();
    stage.provider.network.delay = 1_000;
    const visits = await Promise.all(
      Array.from({ length: 40 }, (_, index) => browser.fetch(`/api/runs?n=${index}`)),
    );
    for (const visit of visits) assert.equal(visit.status, 200, trail(visit));
    assert.equal(stage.refreshes(), 1);
  });

  test("a Traefik that is killed while it refreshes leaves a lock that the other takes over", async () => {
    only(0);
    stage.provider.lifetimes.access = 3;
    const browser = await stage.signIn("bob");
    stage.provider.lifetimes.access = 3600;
    await sleep(3_500);
    // Killed before the provider has answered, and before it has used the token up.
    Object.assign(stage.provider.network, { asked: [], state: "hang", only: ["token"] });
    const given = browser.go(stage.url("/api/runs")).catch(() => null);
    for (const end = Date.now() + 5_000; stage.refreshes() === 0; await sleep(20)) {
      assert.ok(Date.now() < end, "no refresh began");
    }
    process.kill(stage.stack.replicas[0]!.pid, "SIGKILL");
    only(1);
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
