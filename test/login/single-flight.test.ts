/** One refresh for all who need it: the lock, who waits, who takes it over, and what is left behind. Guests share a state directory, as in Traefik. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider, json } from "../support/fake-provider.ts";
import { Clock, events, locationOf, LoginHost, SCRIPT } from "../support/login-host.ts";
import { openSession } from "../support/session-text.ts";
import { block, PLACE, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const folder = new StateFolder();
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
let hosts: LoginHost[];
let jar: CookieJar;

before(async () => {
  hosts = await Promise.all(
    [0, 1, 2].map(() =>
      LoginHost.start(block({ stateDir: STATE }), { mounts: folder.mounts, clock, provider }),
    ),
  );
});
after(() => folder.remove());
beforeEach(async () => {
  folder.clear();
  provider.reset();
  await signInAgo(240);
});

/** Files have the time of the machine: so the sign-in was then, and now is now. From 225 s on it is due, at 300 s it ends. */
async function signInAgo(seconds: number): Promise<void> {
  const now = Math.floor(Date.now() / 1000) * 1000;
  clock.ms = now - seconds * 1000;
  jar = new CookieJar();
  await hosts[0]!.signIn("/", { jar });
  provider.received.length = 0;
  clock.ms = now;
}

const refresh = (host: number, mine = jar, target = "/oidc/refresh?rd=%2Fa") =>
  hosts[host]!.visit(target, { jar: mine });
const session = (from: CookieJar) => openSession(PLACE, from.get(COOKIE)!);
const tokenRequests = () => provider.asked.filter((it) => it === "POST /token").length;
const files = () => folder.list("refresh");

/** A refresh that the provider holds until `go`, and others meanwhile. */
async function during(
  others: () => Promise<void>,
  answer = () => provider.tokens().then((it) => json(it)),
) {
  let go = () => {};
  const gone = new Promise<void>((resolve) => (go = resolve));
  let arrived = () => {};
  const there = new Promise<void>((resolve) => (arrived = resolve));
  provider.instead.token = async () => {
    arrived();
    await gone;
    return answer();
  };
  const first = refresh(0);
  await there;
  await others();
  go();
  return first;
}

describe("while somebody refreshes", () => {
  test("there is a lock, and afterwards there are the cookies, sealed", async () => {
    await during(async () => {
      assert.equal(files().length, 1);
      assert.match(files()[0]!, /^[0-9a-f]{32}$/);
    });
    assert.equal(files().length, 1);
    assert.match(files()[0]!, /^[0-9a-f]{32}\.done$/);
    const kept = folder.read(`refresh/${files()[0]!}`).toString();
    assert.match(kept, /^[\w-]+$/, "sealed");
    assert.ok(!kept.includes(jar.get(COOKIE)!.slice(0, 40)));
  });

  test("others make a visit that does no harm, and go on with a session that holds", async () => {
    await during(async () => {
      const mine = jar.copy();
      const result = await refresh(1, mine);
      assert.equal(locationOf(result), "/a");
      assert.equal(mine.get("__Host-rolegate-later"), "1");
    });
    assert.equal(tokenRequests(), 1);
    assert.ok(provider.asked.includes("GET /.well-known/openid-configuration"));
  });

  test("with one that has ended they go round, eight times at most, and then sign in", async () => {
    await signInAgo(340);
    await during(async () => {
      const mine = jar.copy();
      let target = "/oidc/refresh?rd=%2Fa";
      const seen: string[] = [];
      for (let i = 0; i < 20 && target.startsWith("/oidc/refresh"); i++) {
        target = locationOf(await refresh(1, mine, target))!;
        seen.push(target);
      }
      assert.deepEqual(seen, [
        ...[1, 2, 3, 4, 5, 6, 7].map((round) => `/oidc/refresh?rd=%2Fa&round=${round}`),
        "/oidc/login?rd=%2Fa",
      ]);
    });
    assert.equal(tokenRequests(), 1);
  });

  test("who comes when it is done gets the same cookies, on every guest", async () => {
    const old = jar.copy();
    await refresh(0);
    for (const host of [1, 2]) {
      const mine = old.copy();
      const result = await refresh(host, mine);
      assert.equal(locationOf(result), "/a");
      assert.equal(mine.get(COOKIE), jar.get(COOKIE));
      assert.equal(mine.get("__Secure-rolegate-refresh"), jar.get("__Secure-rolegate-refresh"));
    }
    assert.equal(tokenRequests(), 1);
  });

  test("the one that waited gets them when it is back", async () => {
    await signInAgo(340);
    const mine = jar.copy();
    let waiting: Promise<unknown> | undefined;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    provider.instead["openid-configuration"] = async () => {
      await held;
      return undefined;
    };
    await during(async () => {
      waiting = refresh(1, mine).then((result) => assert.equal(locationOf(result), "/a"));
    });
    release();
    await waiting;
    assert.equal(mine.get(COOKIE), jar.get(COOKIE));
    assert.equal(tokenRequests(), 1);
  });

  test("cookies that were kept too long are nobody's", async () => {
    const old = jar.copy();
    await refresh(0);
    folder.touch(`refresh/${files()[0]!}`, clock.seconds - 61);
    await refresh(1, old);
    assert.equal(tokenRequests(), 2);
  });

  test("a script that has waited in vain is told, and where to ask again", async () => {
    await signInAgo(340);
    await during(async () => {
      const result = await hosts[1]!.visit("/oidc/refresh?round=7", {
        jar: jar.copy(),
        headers: SCRIPT,
      });
      assert.equal(result.response.status, 401);
      assert.match(result.response.body.toString(), /"refresh_url":"https:/);
    });
  });
});

describe("who does not come back", () => {
  /** As if another Traefik had made it that long ago. */
  async function leftBehind(seconds: number): Promise<string> {
    await during(
      async () => {},
      async () => json({ error: "server_error" }, 500),
    );
    assert.deepEqual(files(), [], "a failed one gives the lock back");
    let name = "";
    await during(
      async () => {
        name = files()[0]!;
      },
      async () => json({ error: "server_error" }, 500),
    );
    folder.write(`refresh/${name}`, "somebody-else");
    folder.touch(`refresh/${name}`, clock.seconds - seconds);
    delete provider.instead.token;
    provider.received.length = 0;
    jar.delete("__Host-rolegate-later");
    return name;
  }

  test("a young lock holds", async () => {
    await leftBehind(29);
    await refresh(1);
    assert.equal(tokenRequests(), 0);
  });

  test("an old one is taken over", async () => {
    const name = await leftBehind(30);
    const result = await refresh(1);
    assert.deepEqual(events(result), ["refreshed"]);
    assert.equal(tokenRequests(), 1);
    assert.deepEqual(files(), [`${name}.done`]);
  });

  test("whoever had it gives back nobody else's", async () => {
    let name = "";
    await during(async () => {
      name = files()[0]!;
      folder.write(`refresh/${name}`, "somebody-else");
    });
    assert.equal(folder.read(`refresh/${name}`).toString(), "somebody-else");
  });

  test("old files go with the next refresh", async () => {
    for (let i = 0; i < 1500; i++) {
      folder.write(`refresh/${i}.done`, "x");
      folder.touch(`refresh/${i}.done`, clock.seconds - 200);
    }
    await refresh(0);
    assert.ok(files().length < 600, `${files().length} are left`);
  });

  test("invalid_grant looks for the cookies of another one first", async () => {
    const winner = jar.copy();
    await during(
      async () => {
        // The lock is lost, another one goes, and the provider has rotated the token.
        folder.touch(`refresh/${files()[0]!}`, clock.seconds - 31);
        const hold = provider.instead.token;
        delete provider.instead.token;
        await refresh(1, winner);
        provider.instead.token = hold!;
      },
      async () => json({ error: "invalid_grant" }, 400),
    );
    assert.equal(jar.get(COOKIE), winner.get(COOKIE));
    assert.equal(session(jar).made, clock.seconds);
  });
});

test("the winner's browser goes away: the next one gets what it was given", async () => {
  await hosts[0]!.visit("/oidc/refresh?rd=%2Fa", { jar, keeps: false });
  const old = jar.get(COOKIE);
  await refresh(2);
  assert.notEqual(jar.get(COOKIE), old);
  assert.equal(tokenRequests(), 1);
});

test("without stateDir everybody goes", async () => {
  const alone = await LoginHost.start(block(), { clock, provider });
  await alone.signIn();
  clock.pass(240);
  const other = alone.jar.copy();
  await alone.visit("/oidc/refresh");
  await alone.visit("/oidc/refresh", { jar: other });
  assert.equal(provider.asked.filter((it) => it === "POST /token").length, 3);
});
