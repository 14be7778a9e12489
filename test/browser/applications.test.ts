/** Two applications with one secret, at one provider and under one host name, so that browsers send both all cookies. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startSignInStack, type SignInStack } from "../../stack/sign-in-stack.ts";
import { echo, Stage, trail } from "./stage.ts";

const secret = randomBytes(32).toString("base64url");
describe("two applications", () => {
  const stage = new Stage({ secret });
  let other: SignInStack;
  before(async () => void (other = await startSignInStack({ secret, provider: stage.provider })));
  after(() => other?.stop());

  test("no sealed value of one opens at the other", async () => {
    const browser = await stage.signIn("bob");
    assert.equal(echo(await browser.go(stage.url("/api/runs"))).method, "GET");
    const values = ["session", "refresh"].map((kind) =>
      stage.cookie(browser, kind as "session" | "refresh"),
    );
    assert.ok(values.every(Boolean));
    stage.provider.network.reset();
    const api = await browser.fetch(`${other.url}/api/runs`, { from: null });
    assert.equal(api.status, 401, trail(api));
    const refresh = await browser.go(`${other.url}/oidc/refresh?rd=/`, {
      from: null,
      follow: false,
    });
    assert.equal(stage.refreshes(), 0, trail(refresh));
    assert.deepEqual(other.upstream.received, []);
  });

  test("an attempt that was started at one is not finished at the other", async () => {
    const browser = stage.browser();
    const page = await browser.go(stage.url("/api/runs"), { from: null });
    const sent = await browser.go(page.url, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "user=bob",
      follow: false,
    });
    const { headers } = await browser.go(sent.headers.location!, { follow: false });
    const moved = headers.location!.replace(stage.stack.url, other.url);
    stage.provider.network.reset();
    const visit = await browser.go(moved, { follow: false });
    assert.ok(visit.status !== 200, trail(visit));
    assert.equal(stage.provider.network.of("token").length, 0, "the code goes nowhere");
  });
});
