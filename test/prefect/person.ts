/** Somebody at a browser, who signs in at Keycloak's page. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { desktop, type Windows } from "../browser/window.ts";
import type { Setting } from "./setting.ts";

/** A window without cookies, at an address of Prefect's. */
export async function signedIn(
  windows: Windows,
  setting: Setting,
  user: string,
  path = "/",
): Promise<Page> {
  const page = await windows.open({ viewport: desktop });
  await page.goto(setting.publicUrl + path);
  assert.ok(page.url().startsWith(setting.keycloak.issuer), page.url());
  await signInHere(page, setting, user);
  return page;
}

/** On Keycloak's page. */
export async function signInHere(page: Page, setting: Setting, user: string): Promise<void> {
  await page.fill("#username", user);
  await page.fill("#password", setting.passwordOf(user));
  await page.click("[type=submit]");
  await page.waitForURL((url) => url.origin === setting.publicUrl);
}
