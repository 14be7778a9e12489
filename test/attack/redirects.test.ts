/** Where a whole sign-in leads, in a real Traefik with a real provider: never away from the two. */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { Stage, trail } from "../browser/stage.ts";
import { assertWhole, classesWith } from "./corpus.ts";

for (const attacks of classesWith("rd")) {
  describe(attacks.class, () => {
    const stage = new Stage();
    after(() => console.log(`attack: ${attacks.class}: ${attacks.cases.length} cases`));
    test("each case expects something", () => assertWhole(attacks));

    for (const { name, rd = "" } of attacks.cases) {
      test(name, async () => {
        const origin = stage.stack.url;
        const home = [origin, new URL(stage.provider.issuer).origin];
        const value = rd.replaceAll("{origin}", origin);
        const browser = await stage.signIn("bob", "/api/runs");
        // The address as it is, and as a form would encode it.
        for (const spelled of [
          encodeURIComponent(value),
          encodeURI(value).replace(/[#&]/g, "%23"),
        ]) {
          const visit = await browser.go(stage.url(`/oidc/login?rd=${spelled}`), { from: null });
          const steps = [...visit.before, visit];
          for (const { url, headers } of steps) {
            assert.ok(home.includes(new URL(url).origin), trail(visit));
            assert.equal(headers.refresh, undefined);
          }
          for (const [, href] of visit.body.matchAll(/href="([^"]*)"/g)) {
            const to = new URL(href!.replaceAll("&amp;", "&"), visit.url);
            assert.ok(home.includes(to.origin) || to.protocol === "data:", href);
          }
        }
      });
    }
  });
}
