/** Forty tabs refresh over all three Traefiks at once: what docs/operations.md, "Refresh at several Traefiks", says. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { echo, trail } from "../browser/stage.ts";
import type { HttpBrowser, Visit } from "../support/http-browser.ts";
import { Fleet, type FleetOptions, path, SIZE } from "./fleet.ts";

const TABS = 40;

class Tabs {
  readonly fleet: Fleet;

  constructor(options: FleetOptions) {
    this.fleet = new Fleet(options);
  }

  get stage() {
    return this.fleet.stage;
  }

  /** Somebody whose session is due, at these Traefiks. */
  async someone(...at: number[]): Promise<HttpBrowser> {
    this.fleet.send(...at);
    const browser = await this.stage.signIn("bob");
    await this.stage.expire(browser);
    this.stage.provider.network.reset();
    // As long as it takes them all to come.
    this.stage.provider.network.delay = 1_000;
    return browser;
  }

  open(browser: HttpBrowser): Promise<Visit[]> {
    return Promise.all(
      Array.from({ length: TABS }, (_, index) => browser.fetch(`${path}?tab=${index}`)),
    );
  }

  /** Is in, and was asked for nothing at the provider's page. */
  async goesOn(browser: HttpBrowser): Promise<void> {
    const { provider } = this.stage;
    provider.network.reset();
    echo(await browser.go(this.stage.url(path)));
    await this.stage.expire(browser);
    echo(await browser.go(this.stage.url(path)));
    const pages = provider.network.asked.filter(({ url }) => url.startsWith("/interaction/"));
    assert.deepEqual(pages, []);
  }
}

/** A balancer sends each request elsewhere, and the provider takes a second use for theft. */
function together(tabs: Tabs): void {
  const { stage, fleet } = tabs;
  for (const turn of ["once", "again", "and again"]) {
    test(`${turn}: one refresh, and nobody notices`, async (context) => {
      const browser = await tabs.someone(...fleet.all);
      for (const relay of fleet.relays) relay.visits = [];
      const visits = await tabs.open(browser);
      const redirects = visits.map(({ before }) => before.length);
      const asked = fleet.all.map((index) => fleet.relays[index]?.visits.length ?? 0);
      context.diagnostic(
        `redirects at most ${Math.max(...redirects)}; visits to the engine ${asked.join(", ")}`,
      );
      for (const visit of visits) assert.equal(visit.status, 200, trail(visit));
      assert.equal(stage.refreshes(), 1);
      await tabs.goesOn(browser);
    });
  }
}

describe("an engine", () => {
  const tabs = new Tabs({});
  const { fleet, stage } = tabs;
  test("each reads it", () => fleet.ready());
  together(tabs);

  test("a Traefik that cannot reach it refreshes by itself", async () => {
    fleet.relays[2]!.cut();
    const browser = await tabs.someone(2);
    for (const visit of await tabs.open(browser)) assert.equal(visit.status, 200, trail(visit));
    assert.equal(stage.refreshes(), 1);
    await tabs.goesOn(browser);
    fleet.relays[2]!.mend();
  });
});

describe("a shared folder", () => together(new Tabs({ shares: "folder" })));

describe("nothing that is shared", () => {
  const tabs = new Tabs({ shares: "none" });
  const { fleet, stage } = tabs;

  test("a balancer that keeps a browser at one Traefik: one refresh, and nobody notices", async () => {
    const browser = await tabs.someone(1);
    for (const visit of await tabs.open(browser)) assert.equal(visit.status, 200, trail(visit));
    assert.equal(stage.refreshes(), 1);
    // The renewed session is good at all of them.
    fleet.toAll();
    await tabs.goesOn(browser);
  });

  test("refresh tokens that stay good: one refresh at each Traefik, and nobody notices", async () => {
    stage.provider.rotation.isOn = false;
    try {
      const browser = await tabs.someone(...fleet.all);
      for (const visit of await tabs.open(browser)) assert.equal(visit.status, 200, trail(visit));
      assert.ok(stage.refreshes() <= SIZE, `${stage.refreshes()} refreshes`);
      await tabs.goesOn(browser);
    } finally {
      stage.provider.rotation.isOn = true;
    }
  });

  test("rotation: scripts get 401, and the page goes on", async (context) => {
    const browser = await tabs.someone(...fleet.all);
    const statuses = (await tabs.open(browser)).map(({ status }) => status);
    const count = (status: number) => statuses.filter((it) => it === status).length;
    context.diagnostic(
      `${stage.refreshes()} refreshes; ${count(200)} got 200, ${count(401)} got 401`,
    );
    assert.equal(count(200) + count(401), TABS);
    assert.ok(stage.refreshes() > 1, "each for itself");
    await tabs.goesOn(browser);
  });
});
