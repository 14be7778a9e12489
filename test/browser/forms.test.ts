/** Forms and frames of the application's pages, in Chromium: with a session, and after it has ended. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { Stage } from "./stage.ts";
import { chooseUser, received, signIn, valuesOf } from "./window.ts";

const stage = new Stage();

/** A page of the application with a form and a frame of its own; signed in as bob, who may write. */
async function open(referrer: string): Promise<Page> {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/anything"), "bob");
  await page.setContent(`<!doctype html>
    <meta name="referrer" content="${referrer}">
    <form method="post" action="/api/runs"><input name="title" value="mine"><button>Save</button></form>`);
  return page;
}

for (const referrer of ["no-referrer", "same-origin", "strict-origin-when-cross-origin"]) {
  test(`a page's own form passes under the referrer policy ${referrer}`, async () => {
    const page = await open(referrer);
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL(stage.url("/api/runs"));
    const request = await received(page);
    assert.deepEqual(valuesOf(request, "x-forwarded-user"), ["bob"]);
    const origin = referrer === "no-referrer" ? "null" : stage.stack.url;
    assert.deepEqual(valuesOf(request, "origin"), [origin]);
  });
}

test("a form that is sent after the session's end: a page says that it is lost, and leads to sign-in", async () => {
  const page = await open("no-referrer");
  await page.context().clearCookies();
  stage.stack.upstream.received.length = 0;
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Sign in and send again" }).waitFor();
  assert.deepEqual(stage.stack.upstream.received, []);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL(/\/interaction\//);
  await chooseUser(page, "bob");
  assert.equal(page.url(), stage.url("/api/runs"));
});

test("a frame after the session's end shows a page, which leads all of the window to sign-in", async () => {
  const page = await open("same-origin");
  await page.context().clearCookies();
  await page.evaluate(() => {
    const { document } = globalThis as unknown as {
      document: {
        createElement(name: string): { src: string };
        body: { append(it: object): void };
      };
    };
    const frame = document.createElement("iframe");
    frame.src = "/api/panel";
    document.body.append(frame);
  });
  const frame = page.frameLocator("iframe");
  await frame.getByRole("heading", { name: "Sign-in required" }).waitFor();
  await frame.getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL(/\/interaction\//);
  await chooseUser(page, "bob");
  assert.equal(page.url(), stage.url("/api/panel"));
});
