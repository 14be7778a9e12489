/** Prefect's two user interfaces in Chromium: what each page asks for is allowed, and what is denied is said. */
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { desktop, fetchIn, screenshot, Windows } from "../browser/window.ts";
import type { Setting } from "./setting.ts";

const names = [
  ...["dashboard", "runs", "flows", "deployments", "work-pools", "blocks", "variables"],
  ...["automations", "events", "concurrency-limits", "artifacts", "settings"],
];

/** Debian's Chromium on a busy machine. Milliseconds. */
const patience = 60_000;

export function pageTests(setting: Setting): void {
  const windows = new Windows();
  afterEach(() => windows.closeAll());
  after(() => windows.stop());

  /** Opens an address of Prefect, and signs in at Keycloak's page on the way. */
  async function signedIn(user: string, path = "/"): Promise<Page> {
    const page = await windows.open({ viewport: desktop });
    page.setDefaultTimeout(patience);
    await page.goto(setting.publicUrl + path);
    assert.ok(page.url().startsWith(setting.keycloak.issuer), page.url());
    await page.fill("#username", user);
    await page.fill("#password", user);
    await page.click("[type=submit]");
    await page.waitForURL((url) => url.origin === setting.publicUrl);
    return page;
  }

  for (const [user, role] of [
    ["vera", "viewer"],
    ["rudi", "runner"],
    ["olga", "owner"],
  ] as const) {
    test(`a ${role} opens each page of both, and nothing that a page asks for is refused`, async () => {
      const page = await signedIn(user);
      assert.equal(new URL(page.url()).pathname, "/v2/", "where Prefect leads to");
      const refused: string[] = [];
      let answers = 0;
      page.on("response", (response) => {
        if (!response.url().startsWith(setting.publicUrl)) return;
        answers++;
        const line = `${response.status()} ${response.request().method()} ${response.url()}`;
        if ([400, 401, 403].includes(response.status()) || response.status() >= 500)
          refused.push(line);
      });
      for (const path of names.flatMap((name) => [`/v2/${name}`, `/${name}`])) {
        await page.goto(setting.publicUrl + path);
        // A page that polls never comes to rest.
        await page.waitForLoadState("networkidle", { timeout: 5_000 }).catch(() => {});
        if (user === "vera") await screenshot(page, `prefect${path.replaceAll("/", "-")}`);
      }
      assert.deepEqual(refused, []);
      assert.ok(answers > 200, `${answers}`);
    });
  }

  test("a viewer who starts a run reads why not", async () => {
    const page = await signedIn("vera", "/v2/deployments");
    await page.getByRole("link", { name: "idle" }).first().click();
    await page.getByRole("button", { name: "Run" }).first().click();
    await page.getByText("Quick run").click();
    await page.getByText("Your roles do not allow this.").waitFor();
    await screenshot(page, "prefect-denied");
  });

  test("a runner starts one", async () => {
    const page = await signedIn("rudi", "/v2/deployments");
    await page.getByRole("link", { name: "idle" }).first().click();
    await page.getByRole("button", { name: "Run" }).first().click();
    const answer = page.waitForResponse((it) => it.url().endsWith("/create_flow_run"));
    await page.getByText("Quick run").click();
    assert.equal((await answer).status(), 201);
  });

  test("somebody without a role is told so", async () => {
    const page = await signedIn("nora");
    await page.getByText("You do not have access").waitFor();
    await page.getByText("nora").waitFor();
  });

  describe("the session's end", () => {
    test("a page that is open gets 401 with what to do, and no redirect", async () => {
      const page = await signedIn("vera", "/v2/dashboard");
      await page.context().clearCookies();
      const reply = await fetchIn(page, "/api/flows/filter", { method: "POST", body: "{}" });
      assert.equal(reply.status, 401);
      assert.equal(reply.redirected, false);
      const body = JSON.parse(reply.body) as Record<string, unknown>;
      assert.equal(typeof body.detail, "string");
      assert.ok(body.login_url, reply.body);
    });

    test("the next page leads to sign-in and, while Keycloak knows the person, back", async () => {
      const page = await signedIn("vera", "/v2/dashboard");
      const cookies = await page.context().cookies();
      await page.context().clearCookies();
      const keycloaks = cookies.filter(({ name }) => !name.startsWith("rolegate"));
      await page.context().addCookies(keycloaks);
      await page.goto(`${setting.publicUrl}/v2/flows`);
      await page.waitForURL((url) => url.pathname === "/v2/flows");
    });
  });

  test("a page of another site neither changes anything nor opens a WebSocket with the session", async () => {
    const page = await signedIn("olga", "/v2/dashboard");
    const cookie = (await page.context().cookies(setting.publicUrl))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    const status = async (method: string, path: string, headers: Record<string, string>) =>
      (await fetch(setting.publicUrl + path, { method, headers: { Cookie: cookie, ...headers } }))
        .status;
    const evil = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    const own = { Origin: setting.publicUrl, "Sec-Fetch-Site": "same-origin" };
    assert.equal(await status("POST", "/api/flows/count", own), 200);
    assert.equal(await status("POST", "/api/flows/count", evil), 403);
    assert.equal(await status("POST", "/api/flows/count", {}), 403);
  });
}
