/** The guest's pages in Chromium, with the headers that they are sent with: readable, accessible, and working without script. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "playwright-core";
import { headers, KINDS, type Language, LANGUAGES, render, statusOf } from "../pages/render.ts";
import { faultsOf } from "./axe.ts";
import { desktop, screenshot, type Size, Windows } from "./window.ts";

const phone: Size = { width: 390, height: 844 };
/** WCAG 2.2, 1.4.10: 1,280 pixels at 400 %. */
const narrow: Size = { width: 320, height: 256 };

const windows = new Windows();
const server = createServer(answer);
const requests: IncomingMessage[] = [];
let port = 0;
let tries = 0;

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  requests.length = 0;
  return windows.closeAll();
});
after(async () => {
  await windows.stop();
  server.closeAllConnections();
  server.close();
});

const here = (path: string) => `http://127.0.0.1:${port}${path}`;
/** Another site on the same server. */
const elsewhere = (path: string) => `http://localhost:${port}${path}`;

function send(response: ServerResponse, kind: string, language: Language, link: string): void {
  for (const [name, value] of headers(kind, language)) response.setHeader(name, value);
  response.statusCode = statusOf(kind);
  response.end(render(kind, language, { link }));
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url!;
  if (path !== "/favicon.ico") requests.push(request);
  const [, folder, kind, language] = path.split("/");
  if (folder === "page") return send(response, kind!, language as Language, "/stay");
  // To go there is to stay.
  if (path === "/stay") response.statusCode = 204;
  if (path === "/confirm") return send(response, "SignOutConfirm", "en", "/sign-out");
  if (path === "/sign-out") return send(response, "MovingOn", "en", elsewhere("/end"));
  if (path === "/keys" && tries++ === 0) return send(response, "KeysMissing", "en", "/keys");
  if (path === "/sign-in") response.writeHead(302, { location: here("/callback") });
  if (path === "/callback") {
    response.setHeader("set-cookie", "session=1; Path=/; HttpOnly; SameSite=Strict");
    return send(response, "MovingOn", "en", "/application");
  }
  if (path === "/out-there") {
    response.setHeader("content-type", "text/html");
    response.write(`<!doctype html><a href="/sign-in">Sign in</a>`);
  }
  response.end();
}

/** What Chromium complains about, violations of the policy first of all. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    // That the page itself is an error is not one of its own.
    if (!message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  return complaints;
}

const GROUND = { light: "rgb(242, 244, 247)", dark: "rgb(17, 21, 29)" };

for (const [colorScheme, shown] of [
  ["light", phone],
  ["dark", desktop],
] as const) {
  test(`every page, ${colorScheme}: no fault that axe finds, nothing that the policy stops, fitting every width`, async () => {
    const page = await windows.open({ colorScheme, viewport: phone });
    const complaints = complaintsOf(page);
    // Each in English, and in one of the others: both schemes and all pages have all of them.
    const others = LANGUAGES.slice(1);
    const shift = colorScheme === "light" ? 0 : 3;
    const shownIn = (i: number) => ["en", others[(i + shift) % others.length]!] as const;
    for (const [kind, language] of KINDS.flatMap((kind, i) => shownIn(i).map((it) => [kind, it]))) {
      const name = `${kind}-${language}-${colorScheme}`;
      await page.goto(here(`/page/${kind}/${language}`));
      const faults = await faultsOf(page);
      // WCAG 2.2.1 excepts what is essential: this page has nothing else to say than that it comes back.
      if (kind === "KeysMissing") assert.match(faults.shift() ?? "", /^meta-refresh: [^ ]/);
      assert.deepEqual(faults, [], name);
      assert.deepEqual(complaints, [], name);
      const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
      assert.equal(ground, GROUND[colorScheme]);
      for (const viewport of [phone, desktop, narrow]) {
        await page.setViewportSize(viewport);
        const width = await page.evaluate("document.documentElement.scrollWidth");
        assert.ok(Number(width) <= viewport.width, `${name} scrolls sideways`);
        if (viewport === shown) await screenshot(page, `page-${name}`);
      }
    }
  });
}

test("links and buttons are reached by keyboard, are large enough, and show where one is", async () => {
  const page = await windows.open({ viewport: phone });
  for (const kind of ["NotAllowed", "SignOutConfirm"]) {
    await page.goto(here(`/page/${kind}/en`));
    for (const element of await page.locator("a, button").all()) {
      await page.keyboard.press("Tab");
      assert.equal(await element.evaluate((it) => it.matches(":focus-visible")), true);
      const outline = await page.evaluate("getComputedStyle(document.activeElement).outline");
      assert.match(String(outline), /solid 3px$/);
      const { height = 0 } = (await element.boundingBox()) ?? {};
      assert.ok(height >= 44, `${kind}: ${height} pixels high`);
    }
  }
});

test("the confirmation posts with its origin, and goes on to the provider", async () => {
  const page = await windows.open();
  const complaints = complaintsOf(page);
  await page.goto(here("/confirm"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(elsewhere("/end"));
  const post = requests.find(({ method }) => method === "POST");
  assert.equal(post?.url, "/sign-out");
  assert.equal(post?.headers.origin, here(""));
  assert.deepEqual(complaints, []);
  const end = requests.find(({ url }) => url === "/end");
  assert.equal(end?.headers.referer, undefined);
});

test("moving on is a step of this site: cookies with SameSite=Strict go with it", async () => {
  const page = await windows.open();
  await page.goto(elsewhere("/out-there"));
  await page.getByRole("link").click();
  await page.waitForURL(here("/application"));
  const step = requests.find(({ url }) => url === "/application");
  assert.equal(step?.headers.cookie, "session=1");
});

test("while keys are missing the page comes back by itself", async () => {
  const page = await windows.open();
  tries = 0;
  await page.goto(here("/keys"));
  await page.getByRole("heading", { name: "Almost ready" }).waitFor();
  await page.getByRole("heading").waitFor({ state: "detached" });
  assert.equal(tries, 2);
});
