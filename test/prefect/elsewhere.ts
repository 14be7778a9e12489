/**
 * Prefect's pages, told to ask another address for the API than the one that they came from: one where nobody answers,
 * and one that leads to the same Traefik. Browsers send the session to neither.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "playwright-core";
import { type Prefect, startPrefect } from "../../stack/prefect/prefect.ts";
import { fetchIn, screenshot, Windows } from "../browser/window.ts";
import { expectFindings } from "./doctor.ts";
import { signedIn } from "./person.ts";
import type { Http, Setting } from "./setting.ts";
import { startTee, type Tee } from "./tee.ts";

export function elsewhereTests(setting: Setting): void {
  const windows = new Windows();
  let other: Tee;
  let server: Prefect;
  const lead = ({ services }: Http) => {
    services.prefect.loadBalancer.servers = [{ url: server.url }];
  };
  before(async () => {
    other = await startTee(setting.traefik.url);
    server = await startPrefect({ settings: { PREFECT_UI_API_URL: `${other.url}/api` } });
    await setting.change(lead);
  });
  afterEach(() => windows.closeAll());
  after(async () => {
    await windows.stop();
    await setting.restore();
    await server?.stop();
    await other?.stop();
  });

  /** A script's list on a page of Prefect's: the status, or that the browser does not let it read the answer. */
  const list = (page: Page, credentials: "omit" | "include") =>
    fetchIn(page, `${other.url}/api/flows/count`, {
      method: "POST",
      credentials,
      headers: { "Content-Type": "application/json" },
      body: "{}",
    }).then(
      ({ status }) => status,
      () => "blocked",
    );

  test("where nobody answers: pages say that they cannot connect", async () => {
    other.open = false;
    for (const [path, text] of [
      ["/v2/flows", "Unable to connect to Prefect server"],
      ["/flows", "Can't connect to Server API"],
    ] as const) {
      const page = await signedIn(windows, setting, "vera", path);
      await page.getByText(text).first().waitFor();
      await screenshot(page, `prefect-elsewhere${path.replaceAll("/", "-")}`);
    }
    await expectFindings(setting, "viewer", ["prefect_ui_url"]);
  });

  test("on another host: the session is not sent there, and pages may not read what is answered", async () => {
    other.open = true;
    const page = await signedIn(windows, setting, "vera", "/v2/flows");
    await page.getByText("Unable to connect to Prefect server").first().waitFor();
    const from = setting.traefik.log.length;
    for (const credentials of ["omit", "include"] as const) {
      assert.equal(await list(page, credentials), "blocked");
    }
    const line = await setting.traefik.log.waitForGuest(
      ({ method, path }) => method === "OPTIONS" && path === "/api/flows/count",
      from,
    );
    assert.equal(line.reason, "credential_missing");
    assert.doesNotMatch(other.sent(), /^Cookie:.*rolegate/im);
    await expectFindings(setting, "viewer", ["prefect_two_hosts"]);
  });

  test("cors.allowedOrigins lets pages read the refusal: it is no way to a session on two hosts", async () => {
    other.open = true;
    const page = await signedIn(windows, setting, "vera", "/v2/flows");
    await setting.change((http) => {
      lead(http);
      http.middlewares.rolegate.plugin.rolegate.cors = { allowedOrigins: [setting.publicUrl] };
    });
    assert.equal(await list(page, "omit"), 401);
    // Prefect answers its preflight with `*`, which browsers do not take for requests with a session.
    assert.equal(await list(page, "include"), "blocked");
    assert.doesNotMatch(other.sent(), /^Cookie:.*rolegate/im);
  });
}
