/** The development provider's pages in Chromium: by keyboard alone, light and dark, on a phone, and without a fault that axe finds. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { startProvider, type Provider } from "../../stack/provider/provider.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { faultsOf } from "./axe.ts";
import { desktop, phone, screenshot, Windows } from "./window.ts";

const windows = new Windows();
let provider: Provider;
let application: Upstream;
before(async () => {
  provider = await startProvider();
  application = await startUpstream();
  provider.clients.serve(application.url);
});
afterEach(() => windows.closeAll());
after(async () => {
  await windows.stop();
  await application?.stop();
  await provider?.stop();
});

/** Where an application would send people. */
function authorization(): string {
  const parameters = new URLSearchParams({
    client_id: provider.clients.idOf("none"),
    response_type: "code",
    redirect_uri: `${application.url}/oidc/callback`,
    scope: "openid",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    state: "s",
  });
  return `${provider.issuer}/auth?${parameters}`;
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const [name, viewport] of Object.entries({ phone, desktop })) {
    test(`sign-in page, ${colorScheme}, ${name}`, async () => {
      const page = await windows.open({ colorScheme, viewport });
      await page.goto(authorization());
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      assert.deepEqual(await faultsOf(page), []);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      assert.ok(Number(width) <= viewport.width, "it scrolls sideways");
      await screenshot(page, `provider-${colorScheme}-${name}`);
    });
  }
}

test("by keyboard alone: the second of the people is bob", async () => {
  const page = await windows.open();
  await page.goto(authorization());
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${application.url}/oidc/callback?**`);
  const back = new URL(page.url()).searchParams;
  assert.equal(back.get("state"), "s");
  assert.ok(back.get("code"));
});

test("going back ends at the application, with access_denied", async () => {
  const page = await windows.open();
  await page.goto(authorization());
  await page.getByRole("button", { name: "Back without signing in" }).click();
  await page.waitForURL(`${application.url}/oidc/callback?**`);
  assert.equal(new URL(page.url()).searchParams.get("error"), "access_denied");
});
