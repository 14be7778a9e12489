/** Signing out: here, at the provider, by the provider; and by other sites, which may not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage, trail } from "./stage.ts";
import { signIn } from "./window.ts";

const stage = new Stage();

test("signing out ends it here and at the provider", async () => {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/"), "bob");
  await page.getByRole("link", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  // Back at the application, nobody is signed in: so to the provider, which has forgotten as well.
  await page.waitForURL(/\/interaction\//);
  const left = await page.context().cookies(stage.url("/oidc/x"));
  const { session, refresh } = stage.cookieNames;
  assert.deepEqual(
    left.filter(({ name }) => name === session || name.startsWith(refresh)),
    [],
  );
});

test("a session that was signed out of is dead, wherever its cookie was kept", async () => {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/"), "bob");
  const kept = await page.context().cookies(stage.url("/oidc/x"));
  await page.goto(stage.url("/oidc/logout"));
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  const thief = await stage.windows.open();
  await thief.context().addCookies(kept.filter(({ name }) => name.includes("rolegate")));
  const deadline = Date.now() + 6_000;
  for (;;) {
    await thief.goto(stage.url("/api/runs"));
    if (thief.url().includes("/interaction/")) break;
    assert.ok(Date.now() < deadline, "the session lives");
  }
});

test("the provider is asked with the ID token, and only to come back here", async () => {
  const browser = await stage.signIn("bob");
  const visit = await browser.go(stage.url("/oidc/logout"), { follow: false });
  const to = new URL(visit.headers.location!);
  assert.equal(`${to.origin}${to.pathname}`, `${stage.provider.issuer}/session/end`);
  const { searchParams } = to;
  assert.equal(searchParams.get("post_logout_redirect_uri"), stage.url("/"));
  assert.equal(searchParams.get("client_id"), stage.provider.clientId);
  assert.equal(searchParams.get("id_token_hint")!.split(".").length, 3);
});

test("whoever may do nothing may sign out", async () => {
  const { people } = stage.provider;
  people.add({ name: "nina", fullName: "Nina Nobody", roles: [] });
  const browser = stage.browser();
  await browser.go(stage.url("/admin"), { from: null });
  assert.equal((await browser.submit({ user: "nina" })).status, 403);
  const visit = await browser.go(stage.url("/oidc/logout"), { follow: false });
  assert.equal(visit.status, 302, trail(visit));
  assert.equal(stage.cookie(browser, "session"), undefined);
});

test("another site can only have a page shown that asks", async () => {
  const browser = await stage.signIn("bob");
  const visit = await browser.go(stage.url("/oidc/logout"), { from: "https://attacker.example/" });
  assert.equal(visit.status, 200, trail(visit));
  assert.match(visit.body, /<form\b/);
  assert.notEqual(stage.cookie(browser, "session"), undefined, "nothing is cleared");
  const still = await browser.go(stage.url("/api/runs"), { from: null });
  assert.equal(still.status, 200, trail(still));
  const image = await browser.fetch(stage.url("/oidc/logout"), {
    from: "https://attacker.example/",
  });
  assert.notEqual(image.status, 302, trail(image));
  assert.notEqual(stage.cookie(browser, "session"), undefined);
  // The page's own button does it.
  await browser.go(stage.url("/oidc/logout"), { from: "https://attacker.example/" });
  await browser.submit();
  assert.equal(stage.cookie(browser, "session"), undefined);
});

test("signing out twice, or without a session, is no mistake", async () => {
  const browser = stage.browser();
  const visit = await browser.go(stage.url("/oidc/logout"), { from: null, follow: false });
  assert.ok(visit.status === 302 || visit.status === 200, trail(visit));
  const signedIn = await stage.signIn("bob");
  for (let i = 0; i < 2; i++) {
    const again = await signedIn.go(stage.url("/oidc/logout"), { follow: false });
    assert.ok(again.status === 302 || again.status === 200, trail(again));
  }
});
