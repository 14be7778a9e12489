/** Signing in with a real Keycloak: its own pages in Chromium, its roles, its rotation of refresh tokens, its logouts. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Received } from "../../stack/upstream/received.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { initTests } from "./keycloak-init.ts";
import { KeycloakSetting, life } from "./keycloak-setting.ts";
import { trail } from "./stage.ts";
import { fetchIn, received, valuesOf, Windows } from "./window.ts";

const setting = new KeycloakSetting();
const windows = new Windows();
const started = setting.start();
// Said by the hook.
started.catch(() => {});
before(() => started);
afterEach(() => windows.closeAll());
after(async () => {
  await windows.stop();
  await setting.stop();
});

const at = (path: string) => setting.url + path;
const expiry = () => sleep(life * 1_000 + 500);

async function signIn(page: Page, path: string, user: string): Promise<void> {
  await page.goto(at(path));
  await page.fill("#username", user);
  await page.fill("#password", user);
  await page.click("#kc-login");
  await page.waitForURL((url) => url.origin === setting.url && !url.pathname.startsWith("/oidc/"));
}

for (const [user, statuses] of Object.entries({
  alice: [200, 403, 403],
  bob: [200, 200, 403],
  carol: [200, 200, 200],
})) {
  test(`${user} signs in at Keycloak's page and gets what ${user} may have`, async () => {
    const page = await windows.open();
    const path = "/view?x=1&y=a%20b&z=%C3%A4";
    setting.upstream.received.length = 0;
    await signIn(page, path, user);
    assert.equal(page.url(), at(path));
    const request = await received(page);
    assert.equal(request.url, path);
    assert.deepEqual(valuesOf(request, "x-forwarded-user"), [user]);
    const paths = ["/view", "/run", "/owner"];
    // Scripts first: the page that says no lets none run.
    for (const [index, to] of paths.entries()) {
      assert.equal((await fetchIn(page, `${to}?by=script`)).status, statuses[index], to);
    }
    for (const [index, to] of paths.entries()) {
      assert.equal((await page.goto(at(to)))!.status(), statuses[index], to);
    }
    await assertNothingOfTheSession(page);
  });
}

/** Neither cookies nor tokens came to the application, under whatever name. */
async function assertNothingOfTheSession(page: Page): Promise<void> {
  const cookies = await page.context().cookies(at("/oidc/x"));
  const sealed = cookies.filter(({ value }) => value.length > 24);
  assert.ok(sealed.length >= 2);
  const { received: all } = setting.upstream;
  assert.ok(all.length > 0);
  const text = JSON.stringify(all);
  for (const { name, value } of sealed) assert.ok(!text.includes(value.slice(0, 24)), name);
  // How every JSON Web Token begins.
  assert.doesNotMatch(text, /eyJ/);
  for (const request of all) assert.deepEqual(valuesOf(request, "authorization"), []);
}

/** What a WebSocket's first message says, or that it was refused. */
function socketIn(page: Page, path: string): Promise<string> {
  return page.evaluate(
    (to) =>
      new Promise<string>((resolve) => {
        const { WebSocket, location } = globalThis as unknown as {
          WebSocket: new (url: string) => EventTarget & { close(): void };
          location: { host: string };
        };
        const socket = new WebSocket(`ws://${location.host}${to}`);
        socket.addEventListener("message", (event) => {
          resolve((event as unknown as { data: string }).data);
          socket.close();
        });
        socket.addEventListener("error", () => resolve("refused"));
      }),
    path,
  );
}

test("a WebSocket opens with the session, where the role allows it", async () => {
  const page = await windows.open();
  await page.goto(at("/health"));
  assert.equal(await socketIn(page, "/run"), "refused");
  assert.equal((await fetchIn(page, "/run")).status, 401);
  await signIn(page, "/run", "bob");
  const request = JSON.parse(await socketIn(page, "/run?socket")) as Received;
  assert.equal(request.url, "/run?socket");
  assert.deepEqual(valuesOf(request, "x-forwarded-user"), ["bob"]);
  assert.equal(await socketIn(page, "/owner"), "refused");
  await assertNothingOfTheSession(page);
});

test("the realm takes each refresh token once, and ends the session at the second use", async () => {
  const again = (refresh_token: string) =>
    setting.token({ grant_type: "refresh_token", refresh_token });
  const first = await setting.token({ grant_type: "password", username: "bob", password: "bob" });
  const second = await again(first.refresh_token!);
  assert.ok(second.access_token, JSON.stringify(second));
  assert.equal((await again(first.refresh_token!)).error, "invalid_grant");
  assert.equal((await again(second.refresh_token!)).error, "invalid_grant");
});

test("an open page lives on through refreshes with tokens that count once", async () => {
  const page = await windows.open();
  await signIn(page, "/run", "bob");
  for (let round = 0; round < 3; round++) {
    // Once by a real clock.
    await (round === 0 ? expiry() : setting.expire(page));
    const reply = await fetchIn(page, `/run?round=${round}`);
    assert.equal(reply.status, 200, reply.body);
  }
  await setting.expire(page);
  const post = await fetchIn(page, "/run", { method: "POST" });
  assert.equal(post.status, 401);
  const { refresh_url } = JSON.parse(post.body) as { refresh_url: string };
  assert.ok((await fetchIn(page, refresh_url)).status < 300);
  assert.equal((await fetchIn(page, "/run", { method: "POST" })).status, 200);
});

/** The same by a scripted browser. */
async function scripted(user: string): Promise<HttpBrowser> {
  const browser = new HttpBrowser();
  await browser.go(at("/run"), { from: null });
  const visit = await browser.submit({ username: user, password: user });
  assert.equal(visit.status, 200, trail(visit));
  return browser;
}

test("forty requests at once: nobody is signed out", async () => {
  const browser = await scripted("bob");
  await setting.expire(browser);
  const visits = await Promise.all(
    Array.from({ length: 40 }, (_, index) => browser.fetch(`/run?n=${index}`)),
  );
  for (const [index, visit] of visits.entries()) {
    // Where Keycloak takes long to answer the one that refreshes, others are told to come again (docs/login.md).
    const again = visit.status === 401 ? await browser.fetch(`/run?n=${index}`) : visit;
    assert.equal(again.status, 200, trail(again));
  }
  await setting.expire(browser);
  const later = await browser.fetch("/run");
  assert.equal(later.status, 200, trail(later));
  browser.close();
});

test("signing out ends it at Keycloak as well", async () => {
  const page = await windows.open();
  await signIn(page, "/", "bob");
  await page.goto(at("/oidc/logout"));
  // Back at the application, which knows nobody: so at Keycloak's page, which asks again.
  await page.waitForSelector("#username");
  assert.ok(page.url().startsWith(setting.keycloak.url));
});

test("an administrator's logout reaches the application within seconds", async (context) => {
  // Long enough that the session cannot have ended by itself.
  await setting.admin("PUT", "", { accessTokenLifespan: 600 });
  const browser = await scripted("dora");
  assert.equal((await browser.fetch("/run")).status, 200);
  await setting.admin("POST", `/users/${await setting.userId("dora")}/logout`);
  const start = Date.now();
  while ((await browser.fetch("/run")).status !== 401) {
    assert.ok(Date.now() < start + 5_000, "the session lives");
    await sleep(100);
  }
  context.diagnostic(`${Date.now() - start} ms`);
  browser.close();
  await setting.admin("PUT", "", { accessTokenLifespan: life });
});

test("roles that are given and taken away count from the next refresh on", async () => {
  const browser = await scripted("emil");
  assert.equal((await browser.fetch("/owner")).status, 403);
  const id = await setting.userId("emil");
  const [client] = (await setting.admin("GET", "/clients?clientId=site")) as [{ id: string }];
  const owner = await setting.admin("GET", `/clients/${client.id}/roles/owner`);
  await setting.admin("POST", `/users/${id}/role-mappings/clients/${client.id}`, [owner]);
  await setting.expire(browser);
  const given = await browser.fetch("/owner");
  assert.equal(given.status, 200, trail(given));
  await setting.admin("DELETE", `/users/${id}/role-mappings/clients/${client.id}`, [owner]);
  const runner = await setting.admin("GET", "/roles/runner");
  await setting.admin("DELETE", `/users/${id}/role-mappings/realm`, [runner]);
  await setting.expire(browser);
  for (const path of ["/owner", "/run"]) {
    const taken = await browser.fetch(path);
    assert.equal(taken.status, 403, trail(taken));
  }
  browser.close();
});

test("whoever is disabled at Keycloak is out at the next refresh", async () => {
  const browser = await scripted("fred");
  await setting.admin("PUT", `/users/${await setting.userId("fred")}`, { enabled: false });
  await expiry();
  // Without this, a GET would be refreshed: so it is Keycloak that says no.
  const script = await browser.fetch("/run");
  assert.equal(script.status, 401, trail(script));
  const out = await browser.go(at("/view"));
  assert.ok(out.url.startsWith(setting.keycloak.url), trail(out));
  assert.match(out.body, /id="username"/);
  browser.close();
});

test("nothing of Keycloak shows under the application's address", async () => {
  const { issuer, url } = setting.keycloak;
  const metadata = (await (
    await fetch(`${issuer}/.well-known/openid-configuration`)
  ).json()) as Record<string, unknown>;
  const endpoints = Object.values(metadata).flatMap((value) =>
    typeof value === "string" && value.startsWith(url) ? [new URL(value).pathname] : [],
  );
  assert.ok(endpoints.length >= 10, endpoints.join());
  const more = ["/", "/admin/", "/metrics", "/health", "/resources/x", "/realms/master"];
  const paths = [...new Set([...endpoints, ...more, "/admin/realms/site/users"])];
  const browser = new HttpBrowser();
  for (const path of paths) {
    for (const method of ["GET", "POST"]) {
      const visit = await browser.go(at(`/oidc${path}`), { method, from: null, follow: false });
      assert.equal(visit.status, 404, `${method} ${path} ${trail(visit)}`);
      assert.doesNotMatch(visit.body, /keycloak|public_key|realm/i);
    }
  }
  browser.close();
});

initTests(() => started.then(() => setting.keycloak));
