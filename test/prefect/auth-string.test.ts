/**
 * Prefect's own password as a second lock, which Rolegate puts on what it lets through. It works for HTTP; pages ask for
 * it once, and take anything; WebSockets do not get it. docs/prefect.md advises against it, and this is why.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Prefect, startPrefect } from "../../src/dev/prefect.ts";
import { type SignInStack, startSignInStack } from "../../src/dev/sign-in-stack.ts";
import { defaults, hierarchy, rulesOf } from "../../src/presets/prefect/preset.ts";
import { chooseUser, Windows } from "../browser/window.ts";
import { customHeaders, program, runClient } from "./client.ts";
import type { Setting } from "./setting.ts";

const password = "admin:second-lock";
const basic = `Basic ${Buffer.from(password).toString("base64")}`;
const windows = new Windows();
let prefect: Prefect;
let stack: SignInStack;

before(async () => {
  prefect = await startPrefect({ settings: { PREFECT_SERVER_API_AUTH_STRING: password } });
  stack = await startSignInStack({
    block: {
      roles: {
        viewer: ["app-viewer"],
        runner: ["app-runner"],
        worker: ["app-worker"],
        developer: ["app-developer"],
        owner: ["app-owner"],
      },
      roleHierarchy: hierarchy,
      rules: rulesOf(defaults).map(({ name, match, allow }) => ({
        name,
        match: match.join("\n"),
        allow,
      })),
      upstreamAuthorization: basic,
    },
    dynamic: { http: { services: { app: { loadBalancer: { servers: [{ url: prefect.url }] } } } } },
  });
});
after(async () => {
  await windows.stop();
  await stack?.stop();
  await prefect?.stop();
});

const status = async (url: string, headers: Record<string, string> = {}) =>
  (await fetch(`${url}/api/admin/version`, { headers })).status;

test("HTTP: nobody without Rolegate, everybody with a role through it", async () => {
  assert.equal(await status(prefect.url), 401);
  assert.equal(await status(prefect.url, { Authorization: basic }), 200);
  const token = await stack.provider.token("alice");
  assert.equal(await status(stack.url, { Authorization: `Bearer ${token}` }), 200);
  assert.equal(await status(stack.url, { Authorization: basic }), 401);
});

test("pages ask for a password, and take any, because Rolegate puts the right one in its place", async () => {
  const page = await windows.open();
  page.setDefaultTimeout(60_000);
  await page.goto(`${stack.url}/v2/dashboard`);
  await chooseUser(page, "alice");
  await page.locator("input[type=password]").fill("anything");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Dashboard" }).waitFor();
});

test("WebSockets: the server refuses what has not said the password in its first frame", async () => {
  const setting = { prefect, api: `${stack.url}/api` } as unknown as Setting;
  const token = await stack.provider.token("carol");
  const none = "00000000-0000-0000-0000-000000000000";
  const args = [...program("actions.py"), "carol", none, none];
  const { output } = await runClient(setting, customHeaders(token), args);
  const line = (action: string) =>
    output.split("\n").find((text) => text.includes(`"action": "${action}"`)) ?? output;
  assert.match(line("lists"), /"ok"/);
  assert.doesNotMatch(line("emit"), /"ok"/);
  assert.doesNotMatch(line("events_out"), /"ok"/);
});
