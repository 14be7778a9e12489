/** The page of `rolegate matrix` in Chromium: filters, a comparison, on a desktop and a phone, without a fault that axe finds. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Page } from "playwright-core";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { pageOf } from "../../src/cli/matrix/page.ts";
import { desktop, phone, screenshot, Windows } from "./window.ts";

const windows = new Windows();
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = temporaryFolder("matrix-page");
before(() => {
  mkdirSync(pages.path, { recursive: true });
  // As the command's own tests hold it.
  for (const name of ["matrix.html", "difference.html"]) {
    const page = readFileSync(join(root, "test/cli/golden/matrix", name), "utf8");
    writeFileSync(join(pages.path, name), page);
  }
  writeFileSync(join(pages.path, "many.html"), manyCallers());
});
afterEach(() => windows.closeAll());
after(async () => {
  await windows.stop();
  pages.remove();
});

/** More callers and routes than fit. */
function manyCallers(): string {
  const callers = Array.from({ length: 12 }, (_, i) => ({ name: `role-number-${i}`, roles: [] }));
  const cell = { allowed: true, status: 200, reason: "none", rule: "read" };
  const rows = Array.from({ length: 40 }, (_, i) => ({
    ...{ method: "GET", path: `/api/${i % 2}/${i}`, target: "/", depends: [], rules: ["read"] },
    cells: callers.map(() => cell),
  }));
  const facts = { title: "Many", files: ["dynamic.yml"], against: [], version: "" };
  return pageOf({ callers, rows, rules: [] }, facts);
}

interface Axe {
  run(): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
}

/** What axe has to say of the page. */
async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((it) => it.target.join(" ")).join(", ")}`,
    );
  });
}

const shown = (page: Page) => page.locator("tbody tr:not(.group):visible");
const counted = (page: Page) => page.locator("output").textContent();

async function open(name: string, options: Parameters<Windows["open"]>[0] = {}): Promise<Page> {
  const page = await windows.open(options);
  page.on("console", (message) => assert.fail(message.text()));
  page.on("pageerror", (error) => assert.fail(error.message));
  await page.goto(`file://${join(pages.path, name)}`);
  return page;
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries({ desktop, phone })) {
    test(`${colorScheme}, ${size}: complete, no fault, nothing scrolls sideways`, async () => {
      const page = await open("difference.html", { colorScheme, viewport });
      assert.equal(await shown(page).count(), 8);
      assert.deepEqual(await faultsOf(page), []);
      const width = await page.evaluate("document.documentElement.scrollWidth");
      assert.ok(Number(width) <= viewport.width, `${Number(width)} wide`);
      await screenshot(page, `matrix-${colorScheme}-${size}`);
    });
  }
}

test("words, method, caller and outcome narrow what is shown, and stand in the address", async () => {
  const page = await open("matrix.html");
  assert.equal(await counted(page), "8 routes");
  await page.getByLabel("Path, rule or summary").fill("api runs");
  assert.equal(await counted(page), "3 of 8 routes");
  await page.locator("select[name=method]").selectOption("GET");
  assert.equal(await shown(page).count(), 1);
  await page.getByLabel("Path, rule or summary").fill("");
  await page.locator("select[name=caller]").selectOption("viewer");
  await page.locator("select[name=may]").selectOption("deny");
  assert.deepEqual(
    await page.locator("tbody tr:not(.group):visible code").first().textContent(),
    "/admin/users",
  );
  assert.deepEqual(await page.locator("thead th:visible").allTextContents(), [
    "Route",
    "viewer",
    "Rule",
  ]);
  assert.match(page.url(), /#method=GET&caller=viewer&may=deny$/);
  const again = await open(`matrix.html${new URL(page.url()).hash}`);
  assert.equal(await counted(again), await counted(page));
});

test("only what differs, only where no rule matches, and nothing at all", async () => {
  const page = await open("difference.html");
  await page.getByLabel("only what differs").check();
  assert.equal(await counted(page), "3 of 8 routes");
  await page.getByLabel("only where no rule matches").check();
  assert.deepEqual(await page.locator("tbody tr:not(.group):visible th code").allTextContents(), [
    "/admin/users",
  ]);
  await page.getByLabel("Path, rule or summary").fill("no such route");
  await page.getByText("No route is left").waitFor();
});

test("the head stays, below the filters, and so does the route when many callers do not fit", async () => {
  const boxOf = async (page: Page, selector: string) =>
    (await page.locator(selector).first().boundingBox())!;
  const page = await open("many.html", { viewport: { width: 900, height: 300 } });
  await page.evaluate("scrollTo(10000, 10000)");
  await page.waitForFunction("scrollY > 100 && scrollX > 100");
  const [bar, head, corner] = [
    await boxOf(page, ".filters"),
    await boxOf(page, "thead th[data-caller]"),
    await boxOf(page, "thead th.route"),
  ];
  assert.deepEqual([Math.round(bar.y), Math.round(head.y)], [0, Math.round(bar.height)]);
  assert.deepEqual([Math.round(corner.x), Math.round(corner.y)], [0, Math.round(head.y)]);
  for (const selector of ["tbody tr:last-child th.route", ".fields", "header", "tr.group div"]) {
    const { x } = await boxOf(page, selector);
    assert.ok(x >= 0 && x < 30, `${selector} at ${x}`);
  }
});

test("routes stand below what they have in common, and go with it", async () => {
  const page = await open("matrix.html");
  const heads = page.locator("tr.group:visible");
  const all = await heads.allInnerTexts();
  assert.deepEqual(
    all.map((it) => it.trim().replace(/\s+/g, " ")),
    ["/health 2", "/api 4", "/ 2"],
  );
  await page.getByLabel("Path, rule or summary").fill("api runs");
  assert.deepEqual(
    (await heads.allInnerTexts()).map((it) => it.trim().replace(/\s+/g, " ")),
    ["/api 3"],
  );
});

test("a mark says whose it is", async () => {
  const page = await open("matrix.html");
  await page.getByTitle("viewer: 403 rule_not_satisfied").first().waitFor();
  await page.getByTitle("owner: may").first().waitFor();
});

test("a rule opens to its text", async () => {
  const page = await open("matrix.html");
  await page.locator("summary", { hasText: "secrets" }).click();
  await page.getByText("Path(`/api/blocks`)").waitFor();
});
