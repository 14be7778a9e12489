/** Chromium as people use it: one process for a test file, and for each test a window without cookies. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { root } from "../../tools/root.ts";
import type { Received } from "../../stack/upstream/upstream.ts";
import { startChromium } from "./chromium.ts";

/**
 * How long a page may take, the sign-in's redirects included: on a busy machine the first of Keycloak's took longer
 * than 15 s. Milliseconds.
 */
const patience = 60_000;

export class Windows {
  #browser: Browser | null = null;
  #contexts: BrowserContext[] = [];

  async open(options: { colorScheme?: "light" | "dark"; viewport?: Size } = {}): Promise<Page> {
    this.#browser ??= await startChromium();
    // Certificates of servers here were made a moment ago, by nobody.
    const context = await this.#browser.newContext({ ignoreHTTPSErrors: true, ...options });
    context.setDefaultTimeout(patience);
    this.#contexts.push(context);
    return context.newPage();
  }

  /** Closes the windows of a test. */
  async closeAll(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async stop(): Promise<void> {
    await this.closeAll();
    await this.#browser?.close();
  }
}

export interface Size {
  width: number;
  height: number;
}
export const phone: Size = { width: 360, height: 740 };
export const desktop: Size = { width: 1280, height: 800 };

/** On the provider's page: chooses one of the people, and waits for the application's page. */
export async function chooseUser(page: Page, user: string): Promise<void> {
  await page.locator(`button[name=user][value=${user}]`).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/interaction/"));
  await page.waitForLoadState();
}

/** Goes to an address of the application, and signs in on the way. */
export async function signIn(page: Page, url: string, user: string): Promise<void> {
  await page.goto(url);
  await chooseUser(page, user);
}

/** What the application received, as the page shows it. */
export async function received(page: Page): Promise<Received> {
  const text = (await page.textContent("body")) ?? "";
  try {
    return JSON.parse(text) as Received;
  } catch {
    throw new Error(`${page.url()} shows no request but: ${text.slice(0, 1_000)}`);
  }
}

/** Values of a header that the application received. */
export function valuesOf({ headers }: Received, wanted: string): string[] {
  return headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []));
}

export interface Reply {
  status: number;
  body: string;
  redirected: boolean;
}

/** A script's request on the page. */
export function fetchIn(page: Page, path: string, init: RequestInit = {}): Promise<Reply> {
  return page.evaluate(
    async ([url, options]) => {
      const response = await fetch(url, options);
      const { status, redirected } = response;
      return { status, redirected, body: await response.text() };
    },
    [path, init] as const,
  );
}

/** Into build/screenshots/, which git does not see. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = join(root, "build", "screenshots");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}
