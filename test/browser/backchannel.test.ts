/** The provider ends a session (OpenID Connect Back-Channel Logout 1.0): within seconds, at every Traefik, and by nobody else's word. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { JWTPayload } from "jose";
import type { HttpBrowser } from "../support/http-browser.ts";
import { Stage, trail } from "./stage.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";
/** `session.revocationTtl` as it is, and as most of these tests have it. Milliseconds. */
const promised = 5_000;
const soon = 1_000;

const now = () => Math.floor(Date.now() / 1000);

/** A script's request: 401 when the session is over. */
const status = async (browser: HttpBrowser) => (await browser.fetch("/api/runs")).status;

/** Each guest looks for itself: that one knows says nothing of the others. */
async function assertDies(browser: HttpBrowser, within = soon): Promise<void> {
  await sleep(within + 500);
  const answers = await Promise.all(Array.from({ length: 20 }, () => status(browser)));
  assert.deepEqual([...new Set(answers)], [401]);
}

describe("one Traefik", () => {
  const stage = new Stage({ block: { session: { revocationTtl: "1s" } } });

  /** Of bob's newest session at the provider. */
  const sid = () => stage.provider.sessions("bob").at(-1)!.sid;

  const post = (token: string, type = "application/x-www-form-urlencoded") =>
    stage.browser().go(stage.url("/oidc/backchannel-logout"), {
      method: "POST",
      body: `logout_token=${token}`,
      headers: {
        "Content-Type": type,
        "Sec-Fetch-Site": null,
        "Sec-Fetch-Mode": null,
        "Sec-Fetch-Dest": null,
        Accept: null,
      },
    });

  const claims = (session?: string): JWTPayload => ({
    iss: stage.provider.issuer,
    aud: stage.provider.clientId,
    iat: now(),
    exp: now() + 120,
    jti: randomUUID(),
    sub: "bob",
    ...(session === undefined ? {} : { sid: session }),
    events: { [event]: {} },
  });

  test("an administrator ends it", async () => {
    const browser = await stage.signIn("bob");
    const other = await stage.signIn("carol", "/admin");
    assert.equal(await status(browser), 200);
    const told = await stage.provider.endSessions("bob");
    assert.deepEqual(
      told.map(({ error }) => error),
      told.map(() => null),
    );
    await assertDies(browser);
    assert.equal((await other.fetch("/admin")).status, 200, "and nobody else's");
  });

  test("by `sid` one session ends, by `sub` alone all that there are, and later ones live", async () => {
    const first = await stage.signIn("bob");
    const own = sid();
    const second = await stage.signIn("bob");
    assert.equal((await post(await stage.provider.sign(claims(own)))).status, 200);
    await assertDies(first);
    assert.equal(await status(second), 200);
    await sleep(1_100);
    const all = await post(await stage.provider.sign(claims()));
    assert.equal(all.status, 200, trail(all));
    await assertDies(second);
    await sleep(1_100);
    const third = await stage.signIn("bob");
    await sleep(soon + 500);
    assert.equal(await status(third), 200);
  });

  type Change = (good: JWTPayload) => JWTPayload;
  const bad: Record<string, Change> = {
    "another issuer": (good) => ({ ...good, iss: "https://attacker.example" }),
    "another audience": (good) => ({ ...good, aud: "another" }),
    "no audience": (good) => ({ ...good, aud: undefined }),
    "no iat": (good) => ({ ...good, iat: undefined }),
    "an old iat": (good) => ({ ...good, iat: now() - 3_600 }),
    "a future iat": (good) => ({ ...good, iat: now() + 3_600, exp: now() + 7_200 }),
    expired: (good) => ({ ...good, exp: now() - 120 }),
    "no jti": (good) => ({ ...good, jti: undefined }),
    "no events": (good) => ({ ...good, events: undefined }),
    "another event": (good) => ({ ...good, events: { "https://example.com/event": {} } }),
    "events as a list": (good) => ({ ...good, events: [event] }),
    "an event that is no object": (good) => ({ ...good, events: { [event]: true } }),
    "a nonce": (good) => ({ ...good, nonce: "n" }),
    "neither sub nor sid": (good) => ({ ...good, sub: undefined, sid: undefined }),
  };

  for (const [what, change] of Object.entries(bad)) {
    test(`a logout token with ${what} is refused, and ends nothing`, async () => {
      const browser = await stage.signIn("bob");
      const token = await stage.provider.sign(change(claims(sid())));
      const visit = await post(token);
      assert.equal(visit.status, 400, trail(visit));
      assert.equal(visit.headers["cache-control"], "no-store");
      assert.equal(await status(browser), 200);
    });
  }

  test("nor does one that is forged, unsigned, or a token of another kind", async () => {
    const browser = await stage.signIn("bob");
    const good = claims(sid());
    const unsigned = [{ alg: "none" }, good].map((it) =>
      Buffer.from(JSON.stringify(it)).toString("base64url"),
    );
    const tokens = [
      await stage.provider.forge(good),
      `${unsigned.join(".")}.`,
      await stage.provider.sign(good, { typ: "at+jwt" }),
      await stage.provider.token("bob"),
      (await stage.provider.tokens("bob")).id_token,
      "x",
      "",
    ];
    for (const token of tokens) assert.equal((await post(token)).status, 400, token);
    const huge = await post("x".repeat(20_000));
    assert.ok([400, 413].includes(huge.status), trail(huge));
    const ended = await post(await stage.provider.sign(good), "application/json");
    assert.equal(ended.status, 400, trail(ended));
    await sleep(soon + 500);
    assert.equal(await status(browser), 200);
    assert.equal((await post(await stage.provider.sign(good))).status, 200);
    await assertDies(browser);
  });

  test("a logout token counts once", async () => {
    await stage.signIn("bob");
    const token = await stage.provider.sign(claims("some-other-sid"));
    assert.equal((await post(token)).status, 200);
    assert.equal((await post(token)).status, 400);
  });

  test("only a POST is taken", async () => {
    for (const method of ["GET", "PUT", "HEAD"]) {
      const visit = await stage.browser().go(stage.url("/oidc/backchannel-logout"), { method });
      assert.equal(visit.status, 405, `${method}\n${trail(visit)}`);
    }
  });

  test("a session that ended so is not refreshed either", async () => {
    const browser = await stage.signIn("bob");
    assert.equal((await post(await stage.provider.sign(claims(sid())))).status, 200);
    await stage.expire(browser);
    await sleep(soon + 500);
    stage.provider.network.reset();
    const visit = await browser.fetch("/api/runs");
    assert.equal(visit.status, 401, trail(visit));
    assert.equal(stage.refreshes(), 0, trail(visit));
  });
});

describe("two Traefik", () => {
  const stage = new Stage({ replicas: 2 });

  test("what one is told, both know within seconds", async () => {
    const { balancer, replicas } = stage.stack;
    const only = (index: number) => {
      balancer!.targets.splice(0, Infinity, replicas[index]!.ports.web!);
      balancer!.drop();
    };
    only(0);
    const browser = await stage.signIn("bob");
    only(1);
    assert.equal(await status(browser), 200);
    only(0);
    const told = await stage.provider.endSessions("bob");
    assert.deepEqual(
      told.map(({ error }) => error),
      [null],
    );
    only(1);
    await assertDies(browser, promised);
  });
});

describe("without a state folder", () => {
  const stage = new Stage({ state: false });

  test("it is not pretended: 501", async () => {
    await stage.signIn("bob");
    const [told] = await stage.provider.endSessions("bob");
    assert.match(told!.error!, /501/);
  });
});
