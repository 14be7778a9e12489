/** What becomes of an open page when its session ends: navigations, scripts, WebSockets; and what a front end does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { sessionLife } from "./older.ts";
import { Stage } from "./stage.ts";
import { fetchIn, received, signIn, valuesOf } from "./window.ts";

const stage = new Stage();

/** Seconds. */
const life = 3;

/** A page whose session is over, and can still be refreshed. */
async function expired(user = "bob"): Promise<Page> {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/anything"), user);
  await stage.expire(page);
  return page;
}

/**
 * What comes of it without a refresh on the way: on a busy machine Chromium asks for the page's icon late, which is a GET
 * and refreshes the session for all that comes after.
 */
async function unrefreshed<T>(page: Page, act: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = stage.refreshes();
    const outcome = await act();
    if (stage.refreshes() === before) return outcome;
    await stage.expire(page);
  }
}

test("a navigation is refreshed on the way, and nobody sees it", async () => {
  // By a real clock.
  stage.provider.lifetimes.access = life;
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/anything"), "bob");
  stage.provider.lifetimes.access = 3600;
  await sleep(life * 1_000 + 500);
  stage.provider.network.reset();
  await page.goto(stage.url("/api/runs?a=1"));
  assert.equal(page.url(), stage.url("/api/runs?a=1"));
  assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
  assert.equal(stage.refreshes(), 1);
});

test("so is a script's GET", async () => {
  const page = await expired();
  const reply = await fetchIn(page, "/api/runs?a=1");
  assert.deepEqual([reply.status, reply.redirected], [200, true]);
  assert.equal(stage.refreshes(), 1);
});

test("a script's POST is refused with where to refresh, and then goes through", async () => {
  const page = await expired();
  const send = () => fetchIn(page, "/api/runs", { method: "POST", body: "x" });
  const reply = await unrefreshed(page, send);
  const earlier = stage.refreshes();
  assert.equal(reply.status, 401);
  const { refresh_url } = JSON.parse(reply.body) as { refresh_url: string };
  assert.equal(new URL(refresh_url, stage.url("/")).origin, stage.stack.url);
  assert.ok((await fetchIn(page, refresh_url)).status < 400);
  assert.equal((await send()).status, 200);
  assert.equal(stage.refreshes() - earlier, 1);
});

/** Opens a WebSocket on the page and sends a word: what comes back, or `closed`. */
function speak(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        type Socket = EventTarget & { send(text: string): void; close(): void };
        const { WebSocket, location } = globalThis as unknown as {
          WebSocket: new (url: string) => Socket;
          location: { host: string };
        };
        const socket = new WebSocket(`ws://${location.host}/api/runs`);
        let greeted = false;
        socket.addEventListener("message", (event) => {
          if (greeted) {
            resolve((event as unknown as { data: string }).data);
            socket.close();
          } else socket.send("hello");
          greeted = true;
        });
        socket.addEventListener("close", () => resolve("closed"));
      }),
  );
}

test("a WebSocket opens with a session, not without its life, and again after a refresh", async () => {
  const page = await expired();
  const attempt = () => {
    stage.stack.upstream.received.length = 0;
    return speak(page);
  };
  assert.equal(await unrefreshed(page, attempt), "closed");
  assert.ok(
    !stage.stack.upstream.received.some(({ headers }) =>
      headers.some(([name, value]) => name.toLowerCase() === "upgrade" && value === "websocket"),
    ),
  );
  assert.equal((await fetchIn(page, "/api/runs")).status, 200);
  assert.equal(await speak(page), "hello");
});

test("a role that was taken away is gone at the next refresh; one that was given is there", async () => {
  const { people } = stage.provider;
  people.add({ name: "dora", fullName: "Dora Dietz", roles: ["app-runner"] });
  const page = await expired("dora");
  people.setRoles("dora", ["app-viewer"]);
  assert.equal((await page.goto(stage.url("/api/runs")))!.status(), 403);
  assert.equal((await page.goto(stage.url("/api/anything")))!.status(), 200);
  people.setRoles("dora", ["app-owner"]);
});

test("who was removed at the provider is out at the next refresh", async () => {
  const { people } = stage.provider;
  people.add({ name: "emil", fullName: "Emil Ernst", roles: ["app-runner"] });
  const page = await expired("emil");
  people.remove("emil");
  assert.equal((await fetchIn(page, "/api/runs", { method: "POST" })).status, 401);
  await page.goto(stage.url("/api/runs"));
  assert.match(page.url(), /\/interaction\//);
});

test("a failed refresh leaves a session that is still good", async () => {
  const browser = await stage.signIn("bob");
  // Due, and not over.
  await stage.age(browser, sessionLife - 30);
  stage.provider.faults.show("token-unavailable");
  const visit = await browser.go(stage.url("/api/runs"));
  assert.equal(visit.status, 200, "due for refresh, which failed, and still good");
});
