/** What a browser does without being asked: a service worker that polls, links that are fetched ahead, pages that are made ahead. None of it begins a sign-in, uses up a code, or keeps a page that is not the application's. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { loopback } from "../../stack/machine/ports.ts";
import { Stage } from "./stage.ts";
import { until } from "./until.ts";
import { chooseUser, fetchIn, signIn } from "./window.ts";

/** Network first, and everything that was fetched well is kept: as simple, and as greedy, as they come. */
const worker = `
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(answer(event.request)));
async function answer(request) {
  const response = await fetch(request);
  if (response.ok && request.method === "GET") {
    const kept = await caches.open("kept");
    await kept.put(request, response.clone());
  }
  return response;
}
let last = 0;
addEventListener("message", (event) => {
  if (event.data === "poll") poll();
  if (event.data === "last") event.source.postMessage(last);
});
async function poll() {
  for (;;) {
    last = (await answer(new Request("/api/anything?poll"))).status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}`;

/** With an icon, or Chromium asks for one at some time or other. */
const page = `<!doctype html><html lang="en"><title>The application</title>
<link rel="icon" href="data:,"><h1>The application</h1>`;

/** What came, with what it was fetched for. */
const asked: { url: string; purpose: string }[] = [];
const application = createServer((request: IncomingMessage, response: ServerResponse) => {
  const { url = "", headers } = request;
  asked.push({ url, purpose: String(headers["sec-purpose"] ?? "") });
  const isWorker = url.startsWith("/api/worker.js");
  response.setHeader("Content-Type", isWorker ? "text/javascript" : "text/html");
  if (isWorker) response.setHeader("Service-Worker-Allowed", "/");
  response.end(isWorker ? worker : page);
});
after(() => {
  application.closeAllConnections();
  application.close();
});

const stage = new Stage(async () => {
  await new Promise<void>((resolve) => application.listen(0, loopback, resolve));
  const url = `http://${loopback}:${(application.address() as AddressInfo).port}`;
  const block = { session: { revocationTtl: "1s" } };
  return {
    block,
    dynamic: { http: { services: { app: { loadBalancer: { servers: [{ url }] } } } } },
  };
});

const attempts = async (page: Page) =>
  (await page.context().cookies(stage.url("/oidc/x"))).filter(({ name }) =>
    name.startsWith(stage.cookieNames.attempt),
  );

interface ServiceWorkers extends EventTarget {
  register(url: string, options: object): Promise<unknown>;
  ready: Promise<{ active: { postMessage(text: string): void } }>;
  controller: { postMessage(text: string): void };
  startMessages(): void;
}
/** Of Chromium's global scope, in which the functions below run. */
declare const navigator: { serviceWorker: ServiceWorkers };
declare const document: {
  createElement(name: string): Record<string, string>;
  head: { append(element: unknown): void };
};

/** The status of the worker's last poll. */
const polled = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const { serviceWorker } = navigator;
        const hear = (event: Event) => resolve((event as unknown as { data: number }).data);
        serviceWorker.addEventListener("message", hear, { once: true });
        serviceWorker.startMessages();
        serviceWorker.controller.postMessage("last");
      }),
  );

const keptIn = (page: Page) =>
  page.evaluate(async () => {
    const { caches } = globalThis as unknown as {
      caches: {
        open(
          name: string,
        ): Promise<{ keys(): Promise<{ url: string }[]>; match(it: unknown): Promise<Response> }>;
      };
    };
    const cache = await caches.open("kept");
    const keys = await cache.keys();
    return Promise.all(
      keys.map(async (key) => ({ url: key.url, text: await (await cache.match(key)).text() })),
    );
  });

test("a service worker that polls while the session ends: no sign-in begins, no page of ours is kept, and all is well after the next one", async () => {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/anything"), "bob");
  await page.evaluate(async () => {
    const { serviceWorker } = navigator;
    await serviceWorker.register("/api/worker.js", { scope: "/" });
    (await serviceWorker.ready).active.postMessage("poll");
  });
  await page.reload();
  await until("the poll", async () => (await polled(page)) === 200);

  // Over, and to be refreshed: the poll does it by the way.
  await stage.expire(page);
  await until("a refresh", () => stage.refreshes() === 1);
  await until("the poll after the refresh", async () => (await polled(page)) === 200);

  // Over for good, here and at the provider.
  await stage.provider.endSessions("bob");
  const { network } = stage.provider;
  await until("the end", async () => (await polled(page)) === 401);
  // Each guest looks for itself, once a second.
  await sleep(1_500);
  network.reset();
  asked.length = 0;
  await sleep(1_000);
  assert.equal(await polled(page), 401);
  assert.deepEqual(
    network.asked.filter(({ endpoint }) => endpoint !== "keys"),
    [],
  );
  assert.deepEqual(await attempts(page), []);
  assert.deepEqual(asked, []);

  // The next page is the provider's, through the worker; nothing of the way there is kept.
  await page.reload();
  assert.ok(page.url().startsWith(`${stage.provider.issuer}/interaction/`), page.url());
  assert.equal((await attempts(page)).length, 1);
  await chooseUser(page, "bob");
  assert.equal(page.url(), stage.url("/api/anything"));
  await page.getByRole("heading", { name: "The application" }).waitFor();
  await until("the poll after signing in", async () => (await polled(page)) === 200);
  const kept = await keptIn(page);
  assert.ok(kept.length >= 2);
  for (const { url, text } of kept) {
    assert.match(text, /The application|addEventListener/, url);
    assert.doesNotMatch(url, /\/oidc\//);
  }
});

/** Asks for addresses ahead of time, as pages of the application may. */
const ahead = {
  "link rel=prefetch": (urls: string[]) => {
    for (const href of urls) {
      const link = document.createElement("link");
      document.head.append(Object.assign(link, { rel: "prefetch", href }));
    }
  },
  "speculation rules that prefetch": (urls: string[]) => {
    const script = document.createElement("script");
    const text = JSON.stringify({ prefetch: [{ urls, eagerness: "immediate" }] });
    document.head.append(Object.assign(script, { type: "speculationrules", text }));
  },
  "speculation rules that prerender": (urls: string[]) => {
    const script = document.createElement("script");
    const text = JSON.stringify({ prerender: [{ urls, eagerness: "immediate" }] });
    document.head.append(Object.assign(script, { type: "speculationrules", text }));
  },
};

for (const [kind, add] of Object.entries(ahead)) {
  test(`${kind}: begins no sign-in, renews and ends no session, and the page itself comes as ever`, async () => {
    const page = await stage.windows.open();
    asked.length = 0;
    let count = 0;
    /** From a page that anybody may see, with the session that there is then. */
    const speculate = async () => {
      const last = `/health?last=${++count}`;
      const urls = [`/api/anything?${count}`, "/oidc/login?rd=/", "/oidc/logout", last];
      await page.evaluate(add, urls);
      await until(last, () => asked.some(({ url }) => url === last));
      await sleep(500);
      assert.deepEqual(await attempts(page), []);
      const [first, ...more] = asked.filter(({ url }) => url === urls[0]);
      assert.deepEqual(more, []);
      return first?.purpose ?? null;
    };
    const { network } = stage.provider;
    await page.goto(stage.url("/health?1"));
    assert.equal(await speculate(), null);
    assert.deepEqual(network.of("authorization"), []);

    await signIn(page, stage.url("/api/anything"), "bob");
    await page.goto(stage.url("/health?2"));
    assert.match((await speculate())!, /^prefetch/, "it was sent ahead, and let through");
    assert.equal((await fetchIn(page, "/oidc/session")).status, 200);

    await page.goto(stage.url("/health?3"));
    await stage.expire(page);
    network.reset();
    assert.equal(await speculate(), null);
    assert.deepEqual([stage.refreshes(), network.of("authorization").length], [0, 0]);
    await page.goto(stage.url("/api/anything?3"));
    await page.getByRole("heading", { name: "The application" }).waitFor();
    assert.equal(stage.refreshes(), 1);
  });
}
