/** What holds with every provider: somebody signs in, the session is refreshed, and is over after signing out. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { HttpBrowser, Visit } from "../support/http-browser.ts";
import { blockOf, profileOf } from "../providers/profile.ts";
import { headersOf, type Site } from "./site.ts";

export interface Walk {
  site: Site;
  /** From the provider's first page to the page that the sign-in leads to. */
  signIn(browser: HttpBrowser): Promise<Visit>;
  /** What the application gets, by the header's name in lower case. */
  headers: Record<string, string>;
  /** Nothing is refused to who signs in. */
  isOwner?: true;
  /** Where signing out ends, after the provider's own pages. */
  signedOut?: (end: Visit) => void;
}

const addresses = ({ before, url }: Visit) => [...before.map((it) => it.url), url];

export function walk(about: () => Walk): void {
  let browser: HttpBrowser;

  test("somebody signs in, and the application hears who it is", async () => {
    const { site, signIn, headers, isOwner } = about();
    browser = site.browser();
    await browser.go(`${site.url}/api/x?deep=1`, { from: null });
    const end = await signIn(browser);
    assert.deepEqual([end.status, end.url], [200, `${site.url}/api/x?deep=1`], site.log());
    const got = headersOf(end);
    for (const [name, value] of Object.entries(headers)) assert.equal(got[name], value, name);
    if (isOwner) return;
    const { status } = await browser.fetch(`${site.url}/admin`);
    assert.equal(status, 403, "a viewer is no owner");
  });

  test("the session is refreshed without the provider's page", async () => {
    const { site } = about();
    await site.age(browser);
    const end = await browser.go(`${site.url}/api/x`, { from: null });
    assert.equal(end.status, 200, site.log());
    assert.ok(addresses(end).some((it) => it.startsWith(`${site.url}/oidc/refresh`)));
    assert.ok(
      addresses(end).every((it) => it.startsWith(site.url)),
      addresses(end).join("\n"),
    );
  });

  test("and once more, with the refresh token that came then", async () => {
    const { site } = about();
    await site.age(browser);
    const end = await browser.go(`${site.url}/api/x`, { from: null });
    assert.equal(end.status, 200, site.log());
    assert.ok(
      addresses(end).every((it) => it.startsWith(site.url)),
      addresses(end).join("\n"),
    );
  });

  test("after signing out the session is over", async () => {
    const { site, signedOut } = about();
    const kept = browser.cookies(`${site.url}/`).map((it) => it.cookieString());
    const end = await browser.go(`${site.url}/oidc/logout`, { from: `${site.url}/api/x` });
    signedOut?.(end);
    // Another instance of the plugin has looked at the revocations a moment ago: session.revocationTtl.
    const status = async () =>
      (await fetch(`${site.url}/api/x`, { headers: { Cookie: kept.join("; ") } })).status;
    for (const until = Date.now() + 20_000; (await status()) !== 401; await sleep(200))
      assert.ok(Date.now() < until, site.log());
  });
}

/** The endpoints that the simulated provider has are those of the real one. */
export function metadataOf(name: string, about: () => Walk): void {
  test("its metadata names the endpoints that the profile has", async () => {
    const { issuer } = about().site.client;
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    const real = (await response.json()) as Record<string, unknown>;
    const { metadata } = profileOf(name);
    const { issuer: simulated } = blockOf(name);
    for (const member of ENDPOINTS) {
      const said = metadata[member] as string | undefined;
      assert.equal(real[member], said?.replace(simulated, issuer), member);
    }
  });
}

/** Those that the plugin uses. */
const ENDPOINTS = [
  ...["authorization_endpoint", "token_endpoint", "userinfo_endpoint"],
  ...["jwks_uri", "end_session_endpoint"],
];
