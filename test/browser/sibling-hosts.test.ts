/** Applications on sibling hosts that share a session on purpose (`session.domain` and `session.audience`), and those that do not. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { startSignInStack, type SignInStack } from "../../stack/sign-in-stack.ts";
import { ageInWindow, sessionLife } from "./older.ts";
import { Stage } from "./stage.ts";
import { fetchIn, received, signIn, valuesOf } from "./window.ts";

const domain = "rolegate.localhost";
const shared = { domain, audience: "suite" };
const common = { tls: true, secret: randomBytes(32).toString("base64url") };
const name = "__Secure-rolegate";

describe("two applications of one domain", () => {
  const stage = new Stage({ ...common, host: `one.${domain}`, block: { session: shared } });
  let other: SignInStack;
  before(async () => {
    const { provider } = stage;
    const host = `two.${domain}`;
    other = await startSignInStack({ ...common, provider, host, block: { session: shared } });
  });
  after(() => other?.stop());

  const assertBob = async (page: Page) =>
    assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);

  /** How often people were asked who they are, and how often they came back with a code. */
  const asked = () => {
    const { network } = stage.provider;
    const pages = network.asked.filter(({ url }) => url.startsWith("/interaction/"));
    const codes = network.of("token").filter(({ body }) => body.includes("authorization_code"));
    return { pages: pages.length, codes: codes.length };
  };

  /** As if so many seconds had passed for the session that both share. */
  const age = (page: Page, seconds: number) => {
    const { url, secret, clientId, provider } = stage.stack;
    const source = { url, secret, clientId, issuer: provider.issuer, name, shared };
    return ageInWindow(page.context(), source, seconds);
  };

  test("who is signed in at one is so at the other, in both directions", async () => {
    for (const [first, second] of [
      [stage.stack, other],
      [other, stage.stack],
    ] as const) {
      const page = await stage.windows.open();
      await signIn(page, `${first.url}/api/runs`, "bob");
      const cookies = await page.context().cookies(`${second.url}/`);
      const own = cookies.find((it) => it.name === name)!;
      assert.deepEqual([own.domain, own.secure, own.httpOnly], [`.${domain}`, true, true]);
      stage.provider.network.reset();
      await page.goto(`${second.url}/api/runs?second`);
      await assertBob(page);
      assert.equal((await fetchIn(page, "/api/runs")).status, 200);
      assert.deepEqual(asked(), { pages: 0, codes: 0 });
    }
  });

  test("a session that is due goes on where it has no refresh token, and is made anew by the next page", async () => {
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    await page.goto(`${other.url}/api/runs`);
    await age(page, sessionLife - 30);
    stage.provider.network.reset();
    const reply = await fetchIn(page, "/api/runs?script");
    assert.equal(reply.status, 200, reply.body);
    await age(page, 60);
    await page.goto(`${other.url}/api/runs?over`);
    assert.equal(page.url(), `${other.url}/api/runs?over`);
    await assertBob(page);
    assert.deepEqual(asked(), { pages: 0, codes: 1 });
    await page.goto(stage.url("/api/runs?back"));
    await assertBob(page);
    assert.deepEqual(asked(), { pages: 0, codes: 1 });
  });

  test("signing out of one is signing out of both", async () => {
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    await page.goto(`${other.url}/oidc/logout`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/interaction\//);
    await page.goto(stage.url("/api/runs"));
    assert.match(page.url(), /\/interaction\//);
  });

  for (const [what, change] of Object.entries({
    "another audience": { audience: "elsewhere" },
    "no domain": { domain: "", audience: "" },
  })) {
    test(`with ${what}, the other knows nobody`, async () => {
      await other.reconfigure({ session: change });
      try {
        const page = await stage.windows.open();
        await signIn(page, stage.url("/api/runs"), "bob");
        await page.goto(`${other.url}/health`);
        assert.equal((await fetchIn(page, "/api/runs")).status, 401);
        assert.match((await fetchIn(page, "/oidc/session")).body, /"status":401/);
        // Its own sign-in is a silent one, and both are pages, not rounds.
        await page.goto(`${other.url}/api/runs?own`);
        await assertBob(page);
        await page.goto(stage.url("/api/runs?again"));
        await assertBob(page);
      } finally {
        await other.reconfigure({ session: shared });
      }
    });
  }
});
