/** The page at the end of a sign-out, in Chromium: after the provider has confirmed, and where it cannot be asked. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "./stage.ts";
import { chooseUser, signIn } from "./window.ts";

const stage = new Stage({ block: { login: { postLogoutRedirect: "/oidc/signed-out" } } });
const heading = "You are signed out";

test("the provider sends our state back, and the page says that it is over", async () => {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/anything"), "bob");
  await page.goto(stage.url("/oidc/logout"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
  const url = new URL(page.url());
  assert.equal(url.pathname, "/oidc/signed-out");
  assert.ok(url.searchParams.get("state"));
  await page.getByRole("link", { name: "Sign in again" }).click();
  await page.waitForURL(/\/interaction\//);
});

test("by a button of the application's", async () => {
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/anything"), "bob");
  await page.setContent(`<form method="post" action="/oidc/logout"><button>Leave</button></form>`);
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
});

test("where the provider has no end-session endpoint, the page says that its session may go on", async () => {
  const { issuer } = stage.provider;
  const endpoints = { authorization: `${issuer}/auth`, token: `${issuer}/token` };
  await stage.stack.reconfigure({
    login: { endpoints, postLogoutRedirect: "/" },
    // Each guest knows of the sign-out when the next sign-in comes, in the same second or not.
    session: { revocationTtl: "0s" },
  });
  const page = await stage.windows.open();
  await signIn(page, stage.url("/api/anything"), "bob");
  await page.goto(stage.url("/oidc/logout"));
  await page.getByRole("heading", { name: `${heading} here` }).waitFor();
  // And so it does: nobody is asked again.
  await page.getByRole("link", { name: "Sign in again" }).click();
  await page.waitForURL(stage.url("/"));
  const next = await stage.windows.open();
  await next.goto(stage.url("/api/anything"));
  await chooseUser(next, "bob");
});
