/** Links of dashboards, in Chromium: several kilobytes of query, which survive sign-in, and tabs that are restored together. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "./stage.ts";
import { chooseUser, received, valuesOf } from "./window.ts";

const stage = new Stage();

/** A query as dashboards write it: JSON, and what a browser leaves as it is. */
function link(bytes: number, panel: number): string {
  const start = `/api/explore?panel=${panel}&from=now-6h&q=`;
  const query = encodeURIComponent(JSON.stringify({ fields: ["service", "level", "trace"] }));
  return (start + query.repeat(200)).slice(0, bytes).replace(/%.?$/, "ab");
}

test("a link of 5 kB ends where it leads, and leaves no cookie behind", async () => {
  const page = await stage.windows.open();
  const to = link(5_000, 1);
  await page.goto(stage.url(to));
  const waiting = (await page.context().cookies(stage.url("/oidc/x"))).map(({ name }) => name);
  assert.ok(
    waiting.some((name) => name.startsWith("rolegate-data-")),
    waiting.join(),
  );
  const before = (await page.context().cookies(stage.url("/api"))).map(({ name }) => name);
  assert.ok(!before.some((name) => name.startsWith("rolegate-data-")), before.join());
  await chooseUser(page, "bob");
  assert.equal(page.url(), stage.url(to));
  const request = await received(page);
  assert.equal(request.url, to);
  assert.deepEqual(valuesOf(request, "x-forwarded-user"), ["bob"]);
  const left = (await page.context().cookies(stage.url("/oidc/x"))).map(({ name }) => name);
  assert.ok(!left.some((name) => /-(data|login)-/.test(name)), left.join());
});

test("so does one of 6,144 bytes; a longer one ends at the start page, signed in", async () => {
  for (const [bytes, ends] of [
    [6_144, link(6_144, 2)],
    [6_145, "/"],
  ] as const) {
    const page = await stage.windows.open();
    await page.goto(stage.url(link(bytes, 2)));
    await chooseUser(page, "bob");
    assert.equal(page.url(), stage.url(ends));
  }
});

test("tabs that are restored together end where each was", async () => {
  const first = await stage.windows.open();
  const links = [3, 4, 5].map((panel) => link(2_000, panel));
  const pages = [first];
  while (pages.length < links.length) pages.push(await first.context().newPage());
  for (const [i, page] of pages.entries()) await page.goto(stage.url(links[i]!));
  await chooseUser(first, "bob");
  assert.equal(first.url(), stage.url(links[0]!));
  for (const [i, page] of pages.entries()) {
    if (i > 0) await chooseUser(page, "bob");
    assert.equal(page.url(), stage.url(links[i]!));
  }
});

test("a session that has ended is renewed on the way to such a link", async () => {
  const page = await stage.windows.open();
  await page.goto(stage.url("/api/anything"));
  await chooseUser(page, "bob");
  await stage.expire(page);
  await page.goto(stage.url(link(5_000, 6)));
  assert.equal(page.url(), stage.url(link(5_000, 6)));
  assert.equal(stage.refreshes(), 1);
});
