/** Signing in with a real Keycloak: its own pages in Chromium, its roles, its rotation of refresh tokens, its logouts. */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { HttpBrowser } from "../support/http-browser.ts";
import { KeycloakSetting, life } from "./keycloak-setting.ts";
import { trail } from "./stage.ts";
import { fetchIn, received, valuesOf, Windows } from "./window.ts";

const setting = new KeycloakSetting();
const windows = new Windows();
before(() => setting.start());
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
    await signIn(page, path, user);
    assert.equal(page.url(), at(path));
    const request = await received(page);
    assert.equal(request.url, path);
    assert.deepEqual(valuesOf(request, "x-forwarded-user"), [user]);
    assert.deepEqual(valuesOf(request, "cookie"), []);
    const got = [];
    for (const to of ["/view", "/run", "/owner"]) got.push((await page.goto(at(to)))!.status());
    assert.deepEqual(got, statuses);
  });
}

test("an open page lives on through refreshes with tokens that count once", async () => {
  const page = await windows.open();
  await signIn(page, "/run", "bob");
  for (let round = 0; round < 3; round++) {
    await expiry();
    const reply = await fetchIn(page, `/run?round=${round}`);
    assert.equal(reply.status, 200, reply.body);
  }
  await expiry();
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
  await expiry();
  const visits = await Promise.all(
    Array.from({ length: 40 }, (_, index) => browser.fetch(`/run?n=${index}`)),
  );
  for (const visit of visits) assert.equal(visit.status, 200, trail(visit));
  await expiry();
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

test("an administrator's logout reaches the application within seconds", async () => {
  const browser = await scripted("dora");
  assert.equal((await browser.fetch("/run")).status, 200);
  await setting.admin("POST", `/users/${await setting.userId("dora")}/logout`);
  for (const end = Date.now() + 6_000; (await browser.fetch("/run")).status !== 401;) {
    assert.ok(Date.now() < end, "the session lives");
    await sleep(100);
  }
  browser.close();
});

test("a role that is taken away is gone at the next refresh", async () => {
  const browser = await scripted("emil");
  const role = await setting.admin("GET", "/roles/runner");
  const id = await setting.userId("emil");
  await setting.admin("DELETE", `/users/${id}/role-mappings/realm`, [role]);
  await expiry();
  const visit = await browser.fetch("/run");
  assert.equal(visit.status, 403, trail(visit));
  await setting.admin("PUT", `/users/${id}`, { enabled: false });
  await expiry();
  const post = await browser.fetch("/view", { method: "POST" });
  assert.equal(post.status, 401, trail(post));
  const out = await browser.go(at("/view"));
  assert.ok(out.url.startsWith(setting.keycloak.url), trail(out));
  browser.close();
});

test("nothing of Keycloak shows under the application's address", async () => {
  const browser = new HttpBrowser();
  for (const path of ["realms/site", "admin/", "realms/site/account/", "resources/x", "js/x.js"]) {
    const visit = await browser.go(at(`/oidc/${path}`), { from: null, follow: false });
    assert.equal(visit.status, 404, trail(visit));
    assert.doesNotMatch(visit.body, /keycloak|public_key/i);
  }
  browser.close();
});
