/** Single refresh by the engine where a balancer sends each request of a browser to another Traefik. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Result } from "../../src/guest/guest.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { locationOf } from "../support/login-host.ts";
import { clock, etcd, Machine, one, provider, read, stage, two } from "./store-stage.ts";

stage();

const three = new Machine();
before(() => three.start({ kind: "etcd" }));
after(() => three.folder.remove());

let jar: CookieJar;
beforeEach(() => signInAgo(240));
async function signInAgo(seconds: number): Promise<void> {
  three.folder.clear();
  // Files have the time of the machine.
  clock.ms = Math.floor(Date.now() / 1000 - seconds) * 1000;
  one.login.jar = new CookieJar();
  await one.login.signIn();
  jar = one.login.jar.copy();
  clock.pass(seconds);
  await read(one, two, three);
  provider.received.length = 0;
  etcd.received.length = 0;
}

const tokenRequests = () => provider.asked.filter((it) => it === "POST /token").length;
const locks = () => etcd.keys.filter((it) => it.startsWith("rolegate/refresh/"));

/** A browser whose requests go to one after the other. */
async function refresh(machines: Machine[], mine = jar.copy()): Promise<[number, string]> {
  let next: string | undefined = "/oidc/refresh?rd=%2Fa";
  let i = 0;
  let last: Result;
  do {
    last = await machines[i++ % machines.length]!.login.visit(next, { jar: mine });
    next = locationOf(last);
  } while (next?.startsWith("/oidc/") && i < 20);
  return [last.response.status, next ?? ""];
}

for (const machines of [
  [one, two],
  [one, two, three],
  [two, two, one],
  [one, one, two],
]) {
  const names = machines.map((it) => it.id.replace("machine-", "")).join(", ");
  for (const [what, age] of [
    ["holds", 240],
    ["has ended", 340],
  ] as const) {
    test(`over ${names}: a session that ${what} is refreshed once, and no lock is left`, async () => {
      await signInAgo(age);
      const mine = jar.copy();
      assert.deepEqual(await refresh(machines, mine), [302, "/a"]);
      assert.equal(tokenRequests(), 1);
      assert.notEqual(mine.get(COOKIE), jar.get(COOKIE));
      assert.match(locks().join(), /^rolegate\/refresh\/[0-9a-f]{32}\.done$/);
      // Another tab, with the cookies from before.
      const other = jar.copy();
      assert.deepEqual(await refresh([...machines].reverse(), other), [302, "/a"]);
      assert.equal(tokenRequests(), 1);
    });
  }
}

describe("cookies that are not the refresh's own are not shared at another Traefik, nor is the lock left:", () => {
  const OTHERS: Record<string, (mine: CookieJar) => CookieJar> = {
    "those from before": () => jar.copy(),
    "without a refresh cookie": (mine) => {
      for (const name of mine.names()) if (!name.startsWith(COOKIE)) mine.delete(name);
      return mine;
    },
    "with a refresh cookie that was changed": (mine) => {
      const name = mine.names().find((it) => !it.startsWith(COOKIE))!;
      mine.take([`${name}=x; Path=/oidc`]);
      return mine;
    },
  };
  for (const [name, change] of Object.entries(OTHERS)) {
    test(name, async () => {
      const mine = jar.copy();
      let next = "/oidc/refresh?rd=%2Fa";
      for (let i = 0; i < 3; i++) next = locationOf(await one.login.visit(next, { jar: mine }))!;
      assert.match(next, /^\/oidc\/store/);
      assert.equal(locks().length, 1);
      await two.login.visit(next, { jar: change(mine) });
      assert.deepEqual(locks(), []);
      assert.deepEqual(
        two.folder.list("refresh").filter((it) => it.endsWith(".done")),
        [],
      );
    });
  }
});

test("a proof that is repeated after the provider has failed begins anew", async () => {
  const mine = jar.copy();
  let next = "/oidc/refresh?rd=%2Fa";
  for (let i = 0; i < 2; i++) next = locationOf(await one.login.visit(next, { jar: mine }))!;
  const won = next;
  provider.instead.token = () => ({ unreachable: true });
  for (let i = 0; i < 2; i++) next = locationOf(await one.login.visit(next, { jar: mine }))!;
  assert.equal(next, "/a");
  delete provider.instead.token;
  assert.match(locationOf(await one.login.visit(won, { jar: jar.copy() }))!, /^\/oidc\/store/);
  assert.equal(tokenRequests(), 1);
});

test("a step at a Traefik that has no lease leaves nothing that never ends", async () => {
  for (const name of two.folder.list()) {
    if (name.startsWith("store-")) two.folder.write(name, "");
  }
  await refresh([one, two]);
  for (const [key, entry] of etcd.entries) assert.ok(entry.lease, key);
});

test("a lease that is renewed meanwhile leaves no lock", async () => {
  const mine = jar.copy();
  let next = "/oidc/refresh?rd=%2Fa";
  for (let i = 0; i < 2; i++) next = locationOf(await one.login.visit(next, { jar: mine }))!;
  clock.pass(21);
  await one.tick();
  provider.instead.token = () => ({ unreachable: true });
  for (let i = 0; i < 2; i++) next = locationOf(await one.login.visit(next, { jar: mine }))!;
  assert.equal(next, "/a");
  assert.deepEqual(locks(), []);
});
