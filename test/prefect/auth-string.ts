/**
 * Prefect's own password beside Rolegate. By itself it refuses all that Rolegate lets through. As a second lock, which
 * Rolegate puts on, it works for HTTP; pages ask for it once, and take anything; WebSockets do not get it.
 * docs/prefect.md advises against both, and this is why.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Prefect, startPrefect } from "../../stack/prefect/prefect.ts";
import { Windows } from "../browser/window.ts";
import { customHeaders, prefect, program, runClient } from "./client.ts";
import { expectFindings } from "./doctor.ts";
import { signedIn } from "./person.ts";
import type { Http, Setting } from "./setting.ts";

const password = "admin:second-lock";
const basic = `Basic ${Buffer.from(password).toString("base64")}`;

export function authStringTests(setting: Setting): void {
  const windows = new Windows();
  let server: Prefect;
  before(async () => {
    server = await startPrefect({ settings: { PREFECT_SERVER_API_AUTH_STRING: password } });
  });
  after(async () => {
    await windows.stop();
    await setting.restore();
    await server?.stop();
  });

  const lead = ({ services }: Http) => {
    services.prefect.loadBalancer.servers = [{ url: server.url }];
  };
  const status = async (url: string, headers: Record<string, string> = {}) =>
    (await fetch(`${url}/api/admin/version`, { headers })).status;

  test("double authentication: a token gets past Rolegate, and Prefect refuses it", async () => {
    await setting.change(lead);
    const answer = await setting.ask("owner", "GET", "/api/admin/version");
    assert.equal(answer.status, 401);
    assert.deepEqual(JSON.parse(answer.body), { exception_message: "Unauthorized" });
    const { code, output } = await runClient(setting, "owner", [...prefect, "flow", "ls"]);
    assert.notEqual(code, 0);
    assert.match(output, /401 Unauthorized/);
    await expectFindings(setting, "owner", ["prefect_password"]);
  });

  describe("with upstreamAuthorization", () => {
    before(() =>
      setting.change((http) => {
        lead(http);
        http.middlewares.rolegate.plugin.rolegate.upstreamAuthorization = basic;
      }),
    );

    test("HTTP: nobody without Rolegate, everybody with a role through it", async () => {
      assert.equal(await status(server.url), 401);
      assert.equal(await status(server.url, { Authorization: basic }), 200);
      const { url } = setting.traefik;
      assert.equal(await status(url, setting.authorization("viewer")), 200);
      assert.equal(await status(url, { Authorization: basic }), 401);
      await expectFindings(setting, "owner", ["prefect_second_lock"]);
    });

    test("pages ask for a password, and take any, because Rolegate puts the right one in its place", async () => {
      const page = await signedIn(windows, setting, "vera", "/v2/dashboard");
      await page.locator("input[type=password]").fill("anything");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "Dashboard" }).waitFor();
    });

    test("WebSockets: the server refuses what has not said the password in its first frame", async () => {
      const none = "00000000-0000-0000-0000-000000000000";
      const args = [...program("actions.py"), "second-lock", none, none];
      const { output } = await runClient(setting, customHeaders(setting.token("worker")), args);
      const line = (action: string) =>
        output.split("\n").find((text) => text.includes(`"action": "${action}"`)) ?? output;
      assert.match(line("lists"), /"ok"/);
      assert.doesNotMatch(line("emit"), /"ok"/);
      assert.doesNotMatch(line("events_out"), /"ok"/);
    });
  });
}
