/** A configuration that changes while people are signed in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { echo, Stage, trail } from "./stage.ts";

const stage = new Stage();

test("a changed map of roles counts at once, in both directions, and nobody signs in again", async () => {
  const browser = await stage.signIn("bob");
  stage.provider.network.reset();
  await stage.stack.reconfigure({ roles: { runner: ["somebody-else"] } });
  const refused = await browser.go(stage.url("/api/runs"));
  assert.equal(refused.status, 403, trail(refused));
  await stage.stack.reconfigure({ roles: { runner: ["app-runner"] } });
  const visit = await browser.go(stage.url("/api/runs"));
  assert.equal(echo(visit).url, "/api/runs", trail(visit));
  const pages = stage.provider.network.asked.filter(({ url }) => url.startsWith("/interaction/"));
  assert.deepEqual(pages, []);
});

test("a change that has nothing to do with sessions leaves them as they are", async () => {
  const browser = await stage.signIn("bob");
  stage.provider.network.reset();
  await stage.stack.reconfigure({ audit: "writes", encodedPath: "allow" });
  const visit = await browser.go(stage.url("/api/runs"));
  assert.equal(visit.status, 200, trail(visit));
  assert.deepEqual(visit.before, [], trail(visit));
  assert.equal(stage.refreshes(), 0);
});

test("a new secret before the old one: old sessions open; without the old one, they do not", async () => {
  const browser = await stage.signIn("bob");
  const fresh = "bmV3LXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGVzLWFuZC1tb3Jl";
  await stage.stack.reconfigure({ session: { secrets: [fresh, "env:SESSION_SECRET"] } });
  assert.equal((await browser.fetch("/api/runs")).status, 200);
  const made = await stage.signIn("carol");
  await stage.stack.reconfigure({ session: { secrets: [fresh] } });
  assert.equal((await made.fetch("/api/runs")).status, 200);
  assert.equal((await browser.fetch("/api/runs")).status, 401);
});
