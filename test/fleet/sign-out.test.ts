/** Who signs out at one of three Traefiks is out at all: with an engine, with a shared folder, and not without. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { trail } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import { Fleet } from "./fleet.ts";

/** Both ways out, each with the seconds after which it held everywhere. */
function signOuts(fleet: Fleet): void {
  const { stage } = fleet;
  const people = async () => {
    fleet.send(0);
    const [leaves, stays] = [await stage.signIn("bob"), await stage.signIn("carol", "/admin")];
    const cookies = { leaves: await fleet.cookiesOf(leaves), stays: await fleet.cookiesOf(stays) };
    assert.ok((await fleet.statuses(cookies.leaves)).flat().every((it) => it === 200));
    return { leaves, cookies };
  };

  test("sign-out in the browser", async (context) => {
    const { leaves, cookies } = await people();
    fleet.send(1);
    const bye = await leaves.go(stage.url("/oidc/logout"));
    assert.ok(bye.url.startsWith(stage.provider.issuer), trail(bye));
    const seconds = await fleet.signedOut(cookies.leaves);
    context.diagnostic(`sign-out holds everywhere after ${seconds.toFixed(1)} s`);
    assert.ok((await fleet.statuses(cookies.stays)).flat().every((it) => it === 200));
  });

  test("back-channel logout", async (context) => {
    const { cookies } = await people();
    fleet.send(2);
    const told = await stage.provider.endSessions("bob");
    assert.ok(told.length > 0);
    for (const { error } of told) assert.equal(error, null);
    const seconds = await fleet.signedOut(cookies.leaves);
    context.diagnostic(`back-channel logout holds everywhere after ${seconds.toFixed(1)} s`);
    assert.ok((await fleet.statuses(cookies.stays)).flat().every((it) => it === 200));
  });
}

describe("an engine", () => {
  const fleet = new Fleet();
  test("each reads it", () => fleet.ready());
  signOuts(fleet);

  test("what it takes: one key for each sign-out, and one visit for each reading", async (context) => {
    const records = /^rolegate\/(revoked|unproven)\//;
    const entries = (await fleet.etcd.entries()).filter(({ key }) => records.test(key));
    assert.ok(entries.length > 0);
    const sizes = entries.map(({ key, value }) => key.length + value.length);
    context.diagnostic(`bytes of a sign-out in etcd: ${sizes.join(", ")}`);
    assert.ok(Math.max(...sizes) < 400);
    const [relay] = fleet.relays;
    relay!.visits = [];
    const begin = Date.now();
    const readings = () => relay!.visits.filter((it) => it.url === "/v3/kv/range");
    await until("some readings", () => readings().length >= 3);
    const { url, body, bytes } = readings().at(-1)!;
    context.diagnostic(
      `3 readings in ${((Date.now() - begin) / 1_000).toFixed(1)} s; the last: ${body.length} bytes to ${url}, ${bytes} back`,
    );
    // And its lease, once in 20 s.
    for (const visit of relay!.visits) assert.match(visit.url, /^\/v3\/(kv\/range|lease\/grant)$/);
  });
});

describe("a shared folder on a disk", () => signOuts(new Fleet({ shares: "folder" })));

/** A tmpfs on every Linux. */
const MEMORY = "/dev/shm";

if (existsSync(MEMORY)) {
  const inMemory = { shares: "folder", stateParent: MEMORY } as const;
  describe("a shared folder in memory", () => signOuts(new Fleet(inMemory)));
}

describe("nothing that is shared", () => {
  const fleet = new Fleet({ shares: "none", block: { session: { revocationTtl: "1s" } } });

  test("a sign-out holds at the Traefik that it was at, and at no other", async () => {
    fleet.send(0);
    const browser = await fleet.stage.signIn("bob");
    const cookies = await fleet.cookiesOf(browser);
    fleet.send(1);
    await browser.go(fleet.stage.url("/oidc/logout"));
    await fleet.signedOut(cookies, [1]);
    // Far longer than a guest does not look.
    for (let i = 0; i < 10; i++) {
      assert.deepEqual(await fleet.statuses(cookies, [0, 2], 1), [[200], [200]]);
      await sleep(200);
    }
  });
});
