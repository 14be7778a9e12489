/** People with sessions, and what a load asks in their name. */
import assert from "node:assert/strict";
import { echo, type Stage, trail } from "../browser/stage.ts";
import type { HttpBrowser, Visit } from "../support/http-browser.ts";
import type { Call } from "./load.ts";

export const path = "/api/runs";

export function assertIs(user: string, visit: Visit): void {
  const found = echo(visit).headers.find(([name]) => name.toLowerCase() === "x-forwarded-user");
  assert.equal(found?.[1], user, trail(visit));
}

export function signInMany(stage: Stage, count: number): Promise<HttpBrowser[]> {
  return Promise.all(
    // The provider's page is one of few: who comes later has a browser of his own all the same.
    Array.from({ length: count }, (_, index) => stage.signIn(index % 2 ? "carol" : "bob", path)),
  );
}

export const cookiesOf = (stage: Stage, browser: HttpBrowser) =>
  browser.jar.getCookieString(stage.url("/"));

/** Reads of the application with their sessions, in turn, and now and then one that nobody has signed. */
export async function callsOf(
  stage: Stage,
  browsers: HttpBrowser[],
): Promise<(turn: number) => Call> {
  const cookies = await Promise.all(browsers.map((browser) => cookiesOf(stage, browser)));
  const url = stage.url(path);
  return (turn) => {
    if (turn % 10 === 9) return { url, status: 401 };
    return { url, headers: { Cookie: cookies[turn % cookies.length]! }, status: 200 };
  };
}

/** How often somebody had to do something at the provider's page. */
const pagesShown = (stage: Stage) =>
  stage.provider.network.asked.filter(({ url }) => url.startsWith("/interaction/")).length;

/** All of them go on: with the session that they have, and with the next one. */
export async function assertNobodySignedOut(stage: Stage, browsers: HttpBrowser[]): Promise<void> {
  stage.provider.network.reset();
  for (const browser of browsers) {
    assert.equal((await browser.fetch(stage.url(path))).status, 200);
    await stage.expire(browser);
    assert.equal((await browser.go(stage.url(path))).status, 200);
  }
  assert.equal(stage.refreshes(), browsers.length, "each was refreshed once");
  assert.equal(pagesShown(stage), 0, "nobody was asked to sign in");
}
