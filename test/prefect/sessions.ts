/** What happens at Keycloak after somebody has signed in: roles taken and given, signing out on either side, an account disabled. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { trail } from "../browser/stage.ts";
import { personOf } from "../keycloak/realm.ts";
import { HttpBrowser, type Visit } from "../support/http-browser.ts";
import type { Setting } from "./setting.ts";

/** Seconds that the realm's access tokens live where a refresh is waited for, and so a session. */
const life = 8;
const expiry = () => sleep(life * 1_000 + 500);

/** A guest does not look for revoked sessions again for five seconds, `session.revocationTtl`. */
const everywhere = () => sleep(5_500);

const lists = "/api/flows/count";

interface Role {
  id: string;
  name: string;
}

export function sessionTests(setting: Setting): void {
  const browsers: HttpBrowser[] = [];
  after(() => browsers.forEach((browser) => browser.close()));

  const role = (name: string) => setting.admin<Role>("GET", `/roles/prefect-${name}`);
  const map = async (method: "POST" | "DELETE", user: string, name: string) =>
    setting.admin(method, `/users/${user}/role-mappings/realm`, [await role(name)]);

  /** Somebody new with a role, so that nobody else's is touched. Gives the identifier. */
  async function person(name: string, roleName: string): Promise<string> {
    const { realmRoles: _, clientRoles: __, ...user } = personOf(name, [], {});
    await setting.admin("POST", "/users", user);
    const [made] = await setting.admin<[{ id: string }]>(
      "GET",
      `/users?exact=true&username=${name}`,
    );
    await map("POST", made.id, roleName);
    return made.id;
  }

  async function signedIn(user: string): Promise<HttpBrowser> {
    const browser = new HttpBrowser();
    browsers.push(browser);
    await browser.go(`${setting.publicUrl}/v2/dashboard`, { from: null });
    const visit = await browser.submit({ username: user, password: user });
    assert.equal(visit.status, 200, trail(visit));
    assert.equal(visit.url, `${setting.publicUrl}/v2/dashboard`);
    return browser;
  }

  const json = { "Content-Type": "application/json" };
  /** As Prefect's pages do it. */
  const post = (browser: HttpBrowser, path: string, body: object = {}) =>
    browser.fetch(setting.publicUrl + path, {
      method: "POST",
      headers: json,
      body: JSON.stringify(body),
    });
  /** On a busy machine a session can be due between two requests: then it is done as its 401 says. */
  async function change(browser: HttpBrowser, path: string, body: object = {}): Promise<Visit> {
    const visit = await post(browser, path, body);
    if (visit.status !== 401) return visit;
    const { refresh_url } = JSON.parse(visit.body) as { refresh_url: string };
    await browser.fetch(new URL(refresh_url, setting.publicUrl).href);
    return post(browser, path, body);
  }
  const get = (browser: HttpBrowser, path: string) => browser.fetch(setting.publicUrl + path);
  const expectStatus = (visit: Visit, status: number) =>
    assert.equal(visit.status, status, trail(visit));

  /** Keycloak's page, which asks for name and password again. */
  async function expectSignedOut(browser: HttpBrowser): Promise<void> {
    expectStatus(await post(browser, lists), 401);
    const page = await browser.go(`${setting.publicUrl}/v2/dashboard`);
    assert.ok(page.url.startsWith(setting.keycloak.issuer), trail(page));
    assert.match(page.body, /id="username"/);
  }

  /** Prefect's answer to what a runner may, and a viewer may not. */
  async function startRun(browser: HttpBrowser): Promise<Visit> {
    const found = await get(browser, "/api/deployments/name/local/idle");
    expectStatus(found, 200);
    const { id } = JSON.parse(found.body) as { id: string };
    return change(browser, `/api/deployments/${id}/create_flow_run`, {
      state: { type: "SCHEDULED" },
    });
  }

  test("signing out ends it here and at Keycloak; a copy of the cookie is worth nothing", async () => {
    await person("lara", "viewer");
    const browser = await signedIn("lara");
    const copy = browser
      .cookies(setting.publicUrl)
      .map(({ key, value }) => `${key}=${value}`)
      .join("; ");
    const withCopy = async () =>
      (await fetch(`${setting.publicUrl}/api/admin/version`, { headers: { Cookie: copy } })).status;
    assert.equal(await withCopy(), 200);
    await browser.go(`${setting.publicUrl}/oidc/logout`);
    await expectSignedOut(browser);
    await everywhere();
    const from = setting.traefik.log.length;
    // More than there are guests.
    const answers = await Promise.all(Array.from({ length: 20 }, withCopy));
    assert.deepEqual([...new Set(answers)], [401]);
    const line = await setting.traefik.log.waitForGuest(
      ({ rolegate }) => rolegate === "audit",
      from,
    );
    assert.equal(line.reason, "session_revoked");
  });

  test("an administrator's logout at Keycloak ends it within 5.5 seconds, and nobody else's", async () => {
    const id = await person("bert", "viewer");
    await person("anja", "viewer");
    const browser = await signedIn("bert");
    const other = await signedIn("anja");
    expectStatus(await post(browser, lists), 200);
    await setting.admin("POST", `/users/${id}/logout`);
    await everywhere();
    await expectSignedOut(browser);
    expectStatus(await post(other, lists), 200);
  });

  describe("at the refresh", () => {
    before(() => setting.admin("PUT", "", { accessTokenLifespan: life }));
    after(() => setting.admin("PUT", "", { accessTokenLifespan: 300 }));

    test("a role that is taken and one that is given count from the next refresh on", async () => {
      const id = await person("remo", "runner");
      const browser = await signedIn("remo");
      expectStatus(await startRun(browser), 201);

      await map("DELETE", id, "runner");
      await map("POST", id, "viewer");
      await expiry();
      const denied = await startRun(browser);
      expectStatus(denied, 403);
      assert.match(denied.body, /Your roles do not allow run_deployments/);

      await map("POST", id, "runner");
      await expiry();
      expectStatus(await startRun(browser), 201);

      await map("DELETE", id, "runner");
      await map("DELETE", id, "viewer");
      await expiry();
      expectStatus(await get(browser, "/api/admin/version"), 403);
      const page = await browser.go(`${setting.publicUrl}/v2/dashboard`);
      expectStatus(page, 403);
      assert.match(page.body, /You do not have access/);
    });

    test("a change that comes when the session is due is told how to go on, and goes through then", async () => {
      await person("dirk", "runner");
      const browser = await signedIn("dirk");
      await expiry();
      const late = await post(browser, lists);
      expectStatus(late, 401);
      const { refresh_url } = JSON.parse(late.body) as { refresh_url: string };
      assert.ok((await browser.fetch(new URL(refresh_url, setting.publicUrl).href)).status < 300);
      expectStatus(await post(browser, lists), 200);
    });

    test("whoever is disabled at Keycloak is out at the next refresh", async () => {
      const id = await person("fred", "owner");
      const browser = await signedIn("fred");
      await setting.admin("PUT", `/users/${id}`, { enabled: false });
      await expiry();
      expectStatus(await get(browser, "/api/admin/version"), 401);
      await expectSignedOut(browser);
    });
  });
}
