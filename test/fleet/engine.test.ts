/** The engine is killed and comes back, one Traefik cannot reach it, and its content is not what it was. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { echo, trail } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import { Fleet, path } from "./fleet.ts";

const quick = { session: { revocationTtl: "1s", revocationMaxStale: "10s" } };
/** Of the quick ones: the interval, their own look, and a visit. Seconds. */
const SOON = 5;

const every = (statuses: number[][], status: number) =>
  statuses.flat().every((it) => it === status);

describe("the engine is killed", () => {
  // Longer than it is away: what is known goes on.
  const fleet = new Fleet({ block: { session: { revocationTtl: "1s" } } });
  const { stage } = fleet;
  test("each reads it", () => fleet.ready());

  test("meanwhile nobody else is lost, who signs out is told, and it holds once it is back", async (context) => {
    fleet.send(0);
    const [leaves, before, stays] = [
      await stage.signIn("bob"),
      await stage.signIn("bob"),
      await stage.signIn("carol", "/admin"),
    ];
    const cookies = {
      leaves: await fleet.cookiesOf(leaves),
      before: await fleet.cookiesOf(before),
      stays: await fleet.cookiesOf(stays),
    };
    await before.go(stage.url("/oidc/logout"));
    await fleet.signedOut(cookies.before, fleet.all, SOON);

    await fleet.etcd.kill();
    const told = await leaves.go(stage.url("/oidc/logout"));
    assert.ok(told.url.startsWith(stage.url()), trail(told));
    assert.match(told.body, /<h1>/);
    assert.deepEqual(
      leaves.cookies(stage.url("/")),
      [],
      "this browser's session ends all the same",
    );
    await fleet.signedOut(cookies.leaves, [0], SOON);
    // The others cannot know.
    assert.ok(every(await fleet.statuses(cookies.leaves, [1, 2]), 200));
    // Back-channel logout does not say that all is well.
    const third = await stage.signIn("bob");
    const thirdCookies = await fleet.cookiesOf(third);
    const failed = await stage.provider.endSessions("bob");
    assert.ok(
      failed.some(({ error }) => error !== null),
      JSON.stringify(failed),
    );

    // Everybody else goes on: with the session that they have, the next one, and a new one.
    assert.ok(every(await fleet.statuses(cookies.before), 401), "known from before");
    assert.ok(every(await fleet.statuses(cookies.stays), 200));
    fleet.send(1);
    await stage.expire(stays);
    echo(await stays.fetch("/admin"));
    fleet.send(2);
    const fresh = await stage.signIn("carol", "/admin");

    await fleet.etcd.start();
    const seconds = await fleet.signedOut(cookies.leaves, fleet.all, SOON * 2);
    context.diagnostic(`signed out everywhere ${seconds.toFixed(1)} s after the engine is back`);
    await fleet.signedOut(thirdCookies, fleet.all, SOON);
    assert.ok(every(await fleet.statuses(cookies.before), 401), "nothing is lost");
    assert.ok(every(await fleet.statuses(await fleet.cookiesOf(stays)), 200));
    assert.ok(every(await fleet.statuses(await fleet.cookiesOf(fresh)), 200));
  });

  test("a sign-out at a Traefik that lost its power with its folder is known to the others", async () => {
    fleet.send(0);
    const leaves = await stage.signIn("bob");
    const cookies = await fleet.cookiesOf(leaves);
    fleet.send(1);
    await leaves.go(stage.url("/oidc/logout"));
    await fleet.signedOut(cookies, fleet.all, SOON);
    await stage.stack.replace(1, { killed: true });
    await fleet.ready();
    await fleet.signedOut(cookies, fleet.all, SOON);
  });
});

describe("one Traefik is cut off from the engine", () => {
  const fleet = new Fleet({ block: quick });
  const { stage } = fleet;
  test("each reads it", () => fleet.ready());

  test("it lets nobody in by a session once what it knows is too old, and the log says so", async () => {
    fleet.send(0);
    const stays = await stage.signIn("carol", "/admin");
    const cookies = await fleet.cookiesOf(stays);
    assert.ok(every(await fleet.statuses(cookies), 200));
    const { log } = stage.stack.replicas[2]!;
    const mark = log.length;
    fleet.relays[2]!.cut();
    await until("it is too old", async () => every(await fleet.statuses(cookies, [2]), 503));
    await log.waitForGuest(({ event }) => event === "store_unreadable", mark);
    assert.ok(every(await fleet.statuses(cookies, [0, 1]), 200), "the others go on");
    // A token is no session.
    const token = await stage.provider.token("bob");
    const headers = { Authorization: `Bearer ${token}` };
    fleet.send(2);
    assert.equal((await fetch(stage.url(path), { headers })).status, 200);
    fleet.relays[2]!.mend();
    let good = 0;
    await until("it goes on", async () => {
      good = every(await fleet.statuses(cookies, [2]), 200) ? good + 1 : 0;
      return good > 10;
    });
  });
});

describe("one Traefik is cut off, and sessions are to go on", () => {
  const block = { session: { ...quick.session, revocationUnreadable: "allow" } };
  const fleet = new Fleet({ block });
  const { stage } = fleet;
  test("each reads it", () => fleet.ready());

  test("they do, and a sign-out elsewhere does not hold there", async () => {
    fleet.relays[2]!.cut();
    fleet.send(0);
    const [leaves, stays] = [await stage.signIn("bob"), await stage.signIn("carol", "/admin")];
    const cookies = { leaves: await fleet.cookiesOf(leaves), stays: await fleet.cookiesOf(stays) };
    await leaves.go(stage.url("/oidc/logout"));
    await fleet.signedOut(cookies.leaves, [0, 1], SOON);
    const { log } = stage.stack.replicas[2]!;
    await log.waitForGuest(({ event }) => event === "store_unreadable");
    assert.ok(every(await fleet.statuses(cookies.stays), 200));
    assert.ok(every(await fleet.statuses(cookies.leaves, [2]), 200));
    fleet.relays[2]!.mend();
    await fleet.signedOut(cookies.leaves, fleet.all, SOON);
  });
});

describe("a new session secret in front of the old one", () => {
  const fleet = new Fleet({ block: quick });
  const { stage } = fleet;
  test("each reads it", () => fleet.ready());

  test("people stay signed in, and sign-outs of before and after hold everywhere", async () => {
    fleet.send(0);
    const [before, after, stays] = [
      await stage.signIn("bob"),
      await stage.signIn("bob"),
      await stage.signIn("carol", "/admin"),
    ];
    const cookies = [await fleet.cookiesOf(before), await fleet.cookiesOf(after)] as const;
    await before.go(stage.url("/oidc/logout"));
    await fleet.signedOut(cookies[0], fleet.all, SOON);
    const secret = randomBytes(32).toString("base64url");
    for (const index of fleet.all) {
      writeFileSync(fleet.file(index, "new-secret"), secret, { mode: 0o600 });
    }
    const secrets = (...list: string[]) => stage.stack.reconfigure({ session: { secrets: list } });
    const [fresh, old] = ["file:/state/new-secret", "env:SESSION_SECRET"];
    // With several Traefiks: known everywhere first, and then used.
    await secrets(old!, fresh!);
    await secrets(fresh!, old!);
    assert.deepEqual(await fleet.statuses(cookies[0], fleet.all, 1), [[401], [401], [401]]);
    fleet.send(1);
    await after.go(stage.url("/oidc/logout"));
    await fleet.signedOut(cookies[1], fleet.all, SOON);
    for (const index of fleet.all) {
      fleet.send(index);
      echo(await stays.fetch("/admin"));
    }
  });
});
