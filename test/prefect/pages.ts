/** Prefect's two user interfaces in Chromium: what each page asks for is allowed, and what is denied is said. */
import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { fetchIn, screenshot, Windows } from "../browser/window.ts";
import { signedIn as signedInAt, signInHere } from "./person.ts";
import type { Setting } from "./setting.ts";

/** Name of a page -> what stands on it, in both interfaces, once it has what it asked for. */
const contents: Record<string, RegExp> = {
  dashboard: /Run a task or flow|Flow Runs/i,
  runs: /Run a task or flow|Flow runs/i,
  flows: /\bhello\b/,
  deployments: /\bidle\b/,
  "work-pools": /\bp1\b/,
  blocks: /\bs1\b/,
  variables: /"one"/,
  automations: /Create an automation|\d+ automations?/i,
  events: /prefect\.\w+|Created/,
  "concurrency-limits": /\bgl1\b/,
  artifacts: /Create an artifact|\d+ artifacts?/i,
  settings: /3\.8\.8/,
};
/** As v2 and as v1 have them. */
const bases = ["/v2/", "/"];
const nameOf = (base: string) => (base === "/" ? "v1" : "v2");

/** A guest does not look for revoked sessions again for five seconds, `session.revocationTtl`. */
const revoked = () => sleep(5_500);

/** Text that people see, without the list of pages at the side. */
async function shows(page: Page, content: RegExp): Promise<void> {
  await page.waitForFunction(
    ([source, flags]) => {
      const { document } = globalThis as unknown as {
        document: { body: { innerText: string } | null };
      };
      // While a page changes for another there is none.
      return new RegExp(source!, flags).test(document.body?.innerText ?? "");
    },
    [content.source, content.flags],
  );
  // A page that polls never comes to rest.
  await page.waitForLoadState("networkidle", { timeout: 2_000 }).catch(() => {});
}

export function pageTests(setting: Setting): void {
  const windows = new Windows();
  afterEach(() => windows.closeAll());
  after(() => windows.stop());

  const signedIn = (user: string, path?: string) => signedInAt(windows, setting, user, path);
  const idleDeployment = async () => {
    const { body } = await setting.ask("viewer", "GET", "/api/deployments/name/local/idle");
    return (JSON.parse(body) as { id: string }).id;
  };

  /** Answers that no page should get, one line for each; and how many there were of all kinds. */
  function watch(page: Page) {
    const seen = { refused: [] as string[], answers: 0 };
    page.on("response", (response) => {
      if (!response.url().startsWith(setting.publicUrl)) return;
      seen.answers++;
      const status = response.status();
      if ([400, 401, 403].includes(status) || status >= 500)
        seen.refused.push(`${status} ${response.request().method()} ${response.url()}`);
    });
    return seen;
  }

  for (const [user, role] of [
    ["vera", "viewer"],
    ["rudi", "runner"],
    ["olga", "owner"],
  ] as const) {
    test(`a ${role} opens each page of both, and nothing that a page asks for is refused`, async () => {
      const page = await signedIn(user);
      assert.match(new URL(page.url()).pathname, /^\/v2\//, "where Prefect leads to");
      const seen = watch(page);
      for (const [name, content] of Object.entries(contents)) {
        for (const base of bases) {
          await page.goto(setting.publicUrl + base + name);
          await shows(page, content);
          if (user === "vera") await screenshot(page, `prefect${base.replaceAll("/", "-")}${name}`);
        }
      }
      assert.deepEqual(seen.refused, []);
      assert.ok(seen.answers > 200, `${seen.answers}`);
    });
  }

  /** A run of the deployment that nobody executes, by its button. */
  async function quickRun(page: Page, base: string): Promise<number> {
    await page.goto(`${setting.publicUrl}${base}deployments/deployment/${await idleDeployment()}`);
    await page.getByRole("button", { name: "Run", exact: true }).last().click();
    const answer = page.waitForResponse((it) => it.url().endsWith("/create_flow_run"));
    await page.getByText("Quick run").click();
    return (await answer).status();
  }

  test("a viewer who starts a run reads why not, and which role it takes", async () => {
    const page = await signedIn("vera", "/v2/dashboard");
    for (const base of bases) {
      assert.equal(await quickRun(page, base), 403);
      await page
        .getByText("Your roles do not allow run_deployments: it takes the role runner.")
        .first()
        .waitFor();
      await screenshot(page, `prefect-denied-${nameOf(base)}`);
    }
  });

  for (const [user, role] of [
    ["rudi", "runner"],
    ["olga", "owner"],
  ] as const) {
    test(`${role === "owner" ? "an" : "a"} ${role} starts one`, async () => {
      const page = await signedIn(user, "/v2/dashboard");
      for (const base of bases) assert.equal(await quickRun(page, base), 201, base);
    });
  }

  test("a runner who deletes a variable reads why not", async () => {
    const page = await signedIn("rudi", "/v2/variables");
    await page.getByRole("button", { name: "Open menu" }).first().click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("Your roles do not allow manage_variables").first().waitFor();
    await screenshot(page, "prefect-denied-variable");
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

    for (const base of bases) {
      test(`${nameOf(base)}: signed out elsewhere, an open page does not break; opened again, it leads to sign-in and back`, async () => {
        const page = await signedIn("rudi", "/v2/dashboard");
        await page.goto(`${setting.publicUrl}${base}flows`);
        await shows(page, contents.flows!);
        const [{ id }] = await setting.admin<[{ id: string }]>(
          "GET",
          "/users?exact=true&username=rudi",
        );
        await setting.admin("POST", `/users/${id}/logout`);
        await revoked();
        const refused = page.waitForResponse((it) => it.status() === 401);
        await page.getByText("Deployments").first().click();
        await refused;
        // v1 keeps its page, with a message; v2 cannot fetch its next file, and loads the page again: Keycloak's.
        await shows(page, /Oops|Sign in|Server API|session|access token/i);
        await screenshot(page, `prefect-ended-${nameOf(base)}`);
        const address = `${setting.publicUrl}${base}deployments`;
        if (!page.url().startsWith(setting.keycloak.issuer)) await page.goto(address);
        assert.ok(page.url().startsWith(setting.keycloak.issuer), page.url());
        await signInHere(page, setting, "rudi");
        await shows(page, contents.deployments!);
        assert.equal(new URL(page.url()).pathname, new URL(address).pathname);
      });
    }

    test("the next page leads to sign-in and, while Keycloak knows the person, back", async () => {
      const page = await signedIn("vera", "/v2/dashboard");
      const cookies = await page.context().cookies();
      await page.context().clearCookies();
      const keycloaks = cookies.filter(({ name }) => !name.startsWith("rolegate"));
      await page.context().addCookies(keycloaks);
      await page.goto(`${setting.publicUrl}/v2/flows`);
      await page.waitForURL((url) => url.pathname === "/v2/flows");
      await shows(page, contents.flows!);
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
