/** The ways to authenticate at the token endpoint, and sign-in over TLS and HTTP/2. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { clientAuthentications } from "../../stack/provider/clients.ts";
import { Stage, trail } from "./stage.ts";
import { fetchIn, received, signIn, valuesOf } from "./window.ts";

for (const authentication of clientAuthentications) {
  describe(`client authentication ${authentication}`, () => {
    const stage = new Stage({ authentication });

    test("signs in, and refreshes", async () => {
      const browser = await stage.signIn("bob");
      await stage.expire(browser);
      const visit = await browser.go(stage.url("/api/runs"));
      assert.equal(visit.status, 200, trail(visit));
      assert.equal(stage.refreshes(), 1);
    });
  });
}

describe("with TLS and HTTP/2", () => {
  const stage = new Stage({ tls: true, block: { session: { revocationTtl: "1s" } } });

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
    const page = await stage.windows.open();
    await signIn(page, stage.url("/api/runs"), "bob");
    await stage.expire(page);
    assert.equal((await fetchIn(page, "/api/runs?x=1")).status, 200);
    assert.equal(stage.refreshes(), 1);
    const [told] = await stage.provider.endSessions("bob");
    assert.equal(told!.error, null);
    // Each guest looks for itself, every second here.
    await sleep(1_500);
    assert.equal((await fetchIn(page, "/api/runs")).status, 401);
    await signIn(page, stage.url("/api/runs"), "carol");
    await page.goto(stage.url("/oidc/logout"));
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/interaction\//);
  });
});
