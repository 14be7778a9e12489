/** One refresh for all Traefiks: by the engine's lock and its result, and by each one alone where there is no engine. */
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import type { Result } from "../../src/guest/guest.ts";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { events, locationOf, SCRIPT } from "../support/login-host.ts";
import {
  clock,
  etcd,
  follow,
  type Machine,
  one,
  provider,
  read,
  stage,
  two,
} from "./store-stage.ts";

stage();

let jar: CookieJar;
/** Signed in so many seconds ago: due from 225 s on, ended after 300 s. */
async function signInAgo(seconds: number): Promise<void> {
  // Files have the time of the machine.
  clock.ms = Math.floor(Date.now() / 1000 - seconds) * 1000;
  one.login.jar = new CookieJar();
  await one.login.signIn();
  jar = one.login.jar.copy();
  clock.pass(seconds);
  await read(one, two);
  provider.received.length = 0;
  etcd.received.length = 0;
}
beforeEach(() => signInAgo(240));

const tokenRequests = () => provider.asked.filter((it) => it === "POST /token").length;
const refresh = (machine: Machine, mine = jar.copy(), more: object = {}) =>
  follow(machine.login, "/oidc/refresh?rd=%2Fa", { jar: mine, ...more });
const ends = (seen: Result[]) => [seen.length, locationOf(seen.at(-1)!)];
const locks = () => etcd.keys.filter((it) => it.startsWith("rolegate/refresh/"));
/** While one of them waits for the provider. */
async function during(machine: Machine, others: () => Promise<void>): Promise<Result[]> {
  let release = () => {};
  let arrived = () => {};
  const isThere = new Promise<void>((resolve) => (arrived = resolve));
  const held = new Promise<void>((resolve) => (release = resolve));
  provider.instead.token = async () => {
    arrived();
    await held;
    return undefined;
  };
  const first = refresh(machine);
  await isThere;
  delete provider.instead.token;
  const all = others();
  // They come to where they wait, if they do.
  for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
  release();
  await all;
  return first;
}

describe("one refreshes, and the other", () => {
  test("gets the same cookies afterwards, by three more redirects", async () => {
    const [first, second] = [jar.copy(), jar.copy()];
    assert.deepEqual(ends(await refresh(one, first)), [4, "/a"]);
    assert.match(
      locks().join(),
      /^rolegate\/refresh\/[0-9a-f]{32}\.done$/,
      "and the lock is released",
    );
    assert.deepEqual(ends(await refresh(two, second)), [2, "/a"]);
    assert.equal(tokenRequests(), 1);
    assert.notEqual(first.get(COOKIE), jar.get(COOKIE));
    for (const name of first.names()) assert.equal(second.get(name), first.get(name));
    const { value } = etcd.entries.get(locks()[0]!)!;
    assert.match(value, /^[\w-]+$/, "sealed");
    assert.ok(!value.includes(first.get(COOKIE)!.slice(0, 40)));
  });

  test("goes on meanwhile with a session that holds", async () => {
    const mine = jar.copy();
    await during(one, async () => {
      assert.deepEqual(ends(await refresh(two, mine)), [3, "/a"]);
    });
    assert.equal(mine.get("__Host-rolegate-later"), "1");
    assert.equal(tokenRequests(), 1);
  });

  test("waits with a session that has ended, and gets the same cookies", async () => {
    await signInAgo(340);
    const mine = jar.copy();
    let seen: Result[] = [];
    const first = await during(one, async () => {
      seen = await refresh(two, mine);
    });
    assert.deepEqual(ends(first), [4, "/a"]);
    assert.deepEqual(ends(seen), [5, "/a"]);
    assert.equal(tokenRequests(), 1);
    assert.notEqual(mine.get(COOKIE), jar.get(COOKIE));
    assert.equal(locks().length, 1, "no lock is left");
  });

  test("refreshes where the first could not, without waiting for the lease's end", async () => {
    provider.instead.token = () => ({ unreachable: true });
    assert.deepEqual(ends(await refresh(one)), [4, "/a"]);
    assert.deepEqual(locks(), []);
    delete provider.instead.token;
    assert.deepEqual(ends(await refresh(two)), [4, "/a"]);
    assert.equal(tokenRequests(), 2);
  });

  test("refreshes a session that has ended as well, when the first has told that it could not", async () => {
    await signInAgo(340);
    provider.instead.token = () => ({ unreachable: true });
    for (const headers of [undefined, SCRIPT]) {
      const seen = await refresh(one, jar.copy(), headers ? { headers } : {});
      assert.equal(seen.at(-1)!.response.status, 503);
      assert.equal(seen.length, 5);
      assert.deepEqual(locks(), []);
    }
    delete provider.instead.token;
    assert.deepEqual(ends(await refresh(two)), [4, "/a"]);
    assert.equal(tokenRequests(), 3);
  });

  test("refreshes when the lease of one that was killed has ended", async () => {
    const step = locationOf(await one.login.visit("/oidc/refresh?rd=%2Fa", { jar: jar.copy() }))!;
    await one.login.visit(step, { jar: jar.copy() });
    assert.equal(locks().length, 1);
    assert.deepEqual(ends(await refresh(two)), [3, "/a"]);
    assert.equal(tokenRequests(), 0);
    for (const id of [...etcd.leases]) etcd.expire(id);
    clock.pass(21);
    await read(two);
    assert.deepEqual(ends(await refresh(two)), [4, "/a"]);
    assert.equal(tokenRequests(), 1);
  });
});

test("tabs over both, several at a time: one refresh, and all are signed in", async () => {
  await signInAgo(340);
  const hosts = await Promise.all(
    [one, two, one, two, one, two].map(async (it) => ({ ...it, login: await it.another() })),
  );
  // Those that wait are back when there is something to find: here a round takes no time.
  const isDone = ({ folder }: Machine) => folder.list("refresh").some((it) => it.endsWith(".done"));
  provider.instead["openid-configuration"] = async () => {
    while (![one, two].every(isDone)) await new Promise((resolve) => setImmediate(resolve));
    return undefined;
  };
  const jars = Array.from({ length: 42 }, () => jar.copy());
  const seen: Result[][] = [];
  for (let i = 0; i < jars.length; i += hosts.length) {
    const tabs = hosts.map((it, k) => refresh(it as unknown as Machine, jars[i + k]!));
    seen.push(...(await Promise.all(tabs)));
  }
  for (const it of seen) {
    assert.equal(locationOf(it.at(-1)!), "/a");
    assert.ok(it.length <= 12, `${it.length} redirects`);
  }
  assert.equal(tokenRequests(), 1);
  assert.equal(new Set(jars.map((it) => it.get(COOKIE))).size, 1);
});

test("a script's refresh without an address ends with 204", async () => {
  const seen = await follow(one.login, "/oidc/refresh", { jar: jar.copy(), headers: SCRIPT });
  assert.deepEqual(
    seen.map((it) => it.response.status),
    [302, 302, 302, 204],
  );
  const head = { jar: jar.copy(), headers: SCRIPT, method: "HEAD" };
  const other = await follow(two.login, "/oidc/refresh", head);
  assert.equal(other.at(-1)!.response.status, 204);
  assert.equal(tokenRequests(), 1);
});

test("a step that a browser repeats uses the refresh token once", async () => {
  const again = await one.another();
  const mine = jar.copy();
  const step = locationOf(await one.login.visit("/oidc/refresh?rd=%2Fa", { jar: mine }))!;
  const won = locationOf(await one.login.visit(step, { jar: mine }))!;
  assert.match(won, /^\/oidc\/refresh\?rd=%2Fa&stored=/);
  provider.instead.token = async () => {
    delete provider.instead.token;
    const second = await again.visit(won, { jar: mine.copy() });
    assert.equal(locationOf(second), "/a", "the session holds, so it goes on");
    return undefined;
  };
  await one.login.visit(won, { jar: mine, keeps: false });
  assert.equal(tokenRequests(), 1);
  await one.login.visit(won, { jar: mine, keeps: false });
  assert.equal(tokenRequests(), 1, "nor later");
});

test("another browser's step is none", async () => {
  const step = locationOf(await one.login.visit("/oidc/refresh?rd=%2Fa", { jar: jar.copy() }))!;
  const won = locationOf(await one.login.visit(step, { jar: jar.copy() }))!;
  provider.idToken = { sub: "another", sid: "sid-2" };
  const mine = jar;
  await signInAgo(240);
  assert.notEqual(jar, mine);
  const { response, forwarded } = await one.login.visit(step, { jar: jar.copy() });
  assert.deepEqual([response.status, forwarded], [404, null]);
  const began = locationOf(await one.login.visit(won, { jar: jar.copy() }))!;
  assert.match(began, /^\/oidc\/store/, "it begins with a step of its own");
  assert.equal(tokenRequests(), 0);
});

describe("each refreshes by itself, and it is said, where the engine", () => {
  const AWAY: Record<string, () => void> = {
    "is down": () => (etcd.instead = () => ({ unreachable: true })),
    refuses: () => (etcd.users = { another: "user" }),
    "has lost the lease": () => etcd.leases.clear(),
    "answers without a body's work": () =>
      (etcd.instead = () => ({
        headers: { "Content-Type": "application/json" },
        body: '{"succeeded":true}',
      })),
  };
  for (const [name, fail] of Object.entries(AWAY)) {
    test(name, async () => {
      fail();
      const seen = await refresh(one);
      assert.deepEqual(ends(seen), [3, "/a"]);
      assert.deepEqual(seen.flatMap(events), ["store_not_locked", "refreshed"]);
      assert.deepEqual(ends(await refresh(two)), [3, "/a"]);
      assert.equal(tokenRequests(), 2);
    });
  }

  test("has a result that was changed", async () => {
    await refresh(one);
    const [key] = locks();
    etcd.entries.get(key!)!.value = "x".repeat(200);
    assert.deepEqual(ends(await refresh(two)), [3, "/a"]);
    assert.equal(tokenRequests(), 2);
  });

  test("has a result of another refresh", async () => {
    await refresh(one);
    const [key] = locks();
    const { value } = etcd.entries.get(key!)!;
    await signInAgo(240);
    etcd.entries.clear();
    // The name of the new refresh, by a lock that is not released.
    const step = locationOf(await two.login.visit("/oidc/refresh?rd=%2Fa", { jar: jar.copy() }))!;
    await two.login.visit(step, { jar: jar.copy() });
    const name = locks()[0]!.split("/").slice(0, 3).join("/");
    etcd.put(`${name}.done`, value);
    const mine = jar.copy();
    await refresh(one, mine);
    assert.equal(tokenRequests(), 1, "it refreshes itself");
  });

  test("was not read lately, so that there is no lease", async () => {
    clock.pass(41);
    assert.deepEqual(ends(await refresh(one)), [1, "/a"]);
    assert.equal(tokenRequests(), 1);
    assert.deepEqual(etcd.asked, []);
  });
});

test("where waiting fails, a person gets a page and a program 503, and neither is signed out", async () => {
  await signInAgo(340);
  await during(one, async () => {
    for (const headers of [undefined, SCRIPT]) {
      etcd.instead = ({ target }) => (target.endsWith("lock") ? { unreachable: true } : undefined);
      const mine = jar.copy();
      const seen = await refresh(two, mine, headers ? { headers } : {});
      assert.equal(seen.at(-1)!.response.status, 503);
      assert.equal(mine.get(COOKIE), jar.get(COOKIE));
    }
  });
  etcd.instead = () => undefined;
  assert.deepEqual(ends(await refresh(two)), [2, "/a"]);
  assert.equal(tokenRequests(), 1);
});

test("a result that is too large for a body is not shared, and the lock is released", async () => {
  const mine = jar.copy();
  let target = "/oidc/refresh?rd=%2Fa";
  for (let i = 0; i < 3; i++) target = locationOf(await one.login.visit(target, { jar: mine }))!;
  assert.match(target, /^\/oidc\/store/);
  const [name] = one.folder.list("refresh").filter((it) => it.endsWith(".done"));
  one.folder.write(`refresh/${name}`, "x".repeat(44 * 1024 + 1));
  assert.equal(locks().length, 1);
  assert.equal(locationOf(await one.login.visit(target, { jar: mine })), "/a");
  assert.deepEqual(locks(), []);
  for (const { request } of etcd.received) assert.ok(request.body.length < 65_536);
});
