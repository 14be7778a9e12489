/** Signing in and out with Chromium: where people end, what they may, and what the application gets to see. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "./stage.ts";
import { chooseUser, fetchIn, received, screenshot, signIn, valuesOf } from "./window.ts";

const stage = new Stage();

const may = [
  { user: "alice", groups: "viewer", runs: 403, admin: 403 },
  { user: "bob", groups: "runner,viewer", runs: 200, admin: 403 },
  { user: "carol", groups: "owner,runner,viewer", runs: 200, admin: 200 },
];

for (const { user, groups, runs, admin } of may) {
  test(`${user} signs in and gets what ${user} may have`, async () => {
    const page = await stage.windows.open();
    await signIn(page, stage.url("/"), user);
    await page.getByRole("heading", { name: `Hello, ${user}` }).waitFor();
    assert.equal(page.url(), stage.url("/"));
    await screenshot(page, `home-${user}`);
    assert.equal((await page.goto(stage.url("/api/runs")))!.status(), runs);
    assert.equal((await page.goto(stage.url("/admin")))!.status(), admin);
    await page.goto(stage.url("/api/anything"));
    const request = await received(page);
    assert.deepEqual(valuesOf(request, "x-forwarded-user"), [user]);
    assert.equal(
      valuesOf(request, "x-forwarded-groups").join().split(",").sort().join(),
      groups.split(",").sort().join(),
    );
  });
}

test("the page that was asked for is the page that comes, with its query as it was", async () => {
  const page = await stage.windows.open();
  const path = "/api/runs?x=1&y=a%20b&z=%C3%A4&empty=&x=2&url=https%3A%2F%2Fexample.com%2F%3Fq%3D1";
  await signIn(page, stage.url(path), "bob");
  assert.equal(page.url(), stage.url(path));
  assert.equal((await received(page)).url, path);
});

test("nothing of the session reaches the application", async () => {
  const page = await stage.windows.open();
  await page.context().addCookies([{ name: "own", value: "1", url: stage.url("/") }]);
  await signIn(page, stage.url("/api/runs"), "bob");
  const request = await received(page);
  assert.deepEqual(valuesOf(request, "cookie"), ["own=1"]);
  assert.deepEqual(valuesOf(request, "authorization"), []);
  const cookies = await page.context().cookies(stage.url("/oidc/x"));
  const sealed = cookies.filter(({ value }) => value.length > 24);
  assert.ok(sealed.length >= 2);
  const text = JSON.stringify(stage.stack.upstream.received);
  for (const { name, value } of sealed) assert.ok(!text.includes(value.slice(0, 24)), name);
});

test("ten tabs at once are all signed in, whichever is finished first", async () => {
  const first = await stage.windows.open();
  const context = first.context();
  const tabs = [first, ...(await Promise.all(Array.from({ length: 9 }, () => context.newPage())))];
  await Promise.all(tabs.map((tab, index) => tab.goto(stage.url(`/api/runs?tab=${index}`))));
  for (const tab of tabs) assert.match(tab.url(), /\/interaction\//);
  const order = [6, 0, 9, 3, 8, 1, 7, 2, 5, 4];
  for (const index of order) await chooseUser(tabs[index]!, "bob");
  for (const [index, tab] of tabs.entries()) {
    assert.equal(tab.url(), stage.url(`/api/runs?tab=${index}`));
    assert.deepEqual(valuesOf(await received(tab), "x-forwarded-user"), ["bob"]);
  }
});

test("the back button after signing in ends on a page of the application", async () => {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/runs"), "bob");
  await page.goto(stage.url("/api/anything"));
  await page.goBack();
  assert.equal(page.url(), stage.url("/api/runs"));
  await page.goBack();
  // What lies before is the provider's page, which is over, or leads back to us.
  await page.waitForLoadState();
  assert.equal((await page.goto(stage.url("/api/runs")))!.status(), 200);
});

test("a script without a session is told so, and never sent to another site", async () => {
  const page = await stage.windows.open();
  await page.goto(stage.url("/health"));
  const reply = await fetchIn(page, "/api/runs");
  assert.equal(reply.status, 401);
  assert.equal(reply.redirected, false);
  const { login_url } = JSON.parse(reply.body) as { login_url: string };
  assert.ok(new URL(login_url, stage.url("/")).pathname === "/oidc/login", login_url);
});
