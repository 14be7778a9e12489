/**
 * Time that passes at once: a session's cookie is opened, its times are moved back, and it is sealed again, all of it by
 * other code than the guest's (docs/key-schedule.md). Whether sessions end by a real clock is for expiry.test.ts.
 */
import type { BrowserContext } from "playwright-core";
import type { HttpBrowser } from "../support/http-browser.ts";
import { openSession, type SessionPlace, sealSession } from "../support/session-text.ts";

/** Seconds that a session of these stacks holds: `session.refreshEvery`, for tokens here live longer. */
export const sessionLife = 300;

export interface SessionSource {
  /** The application's origin. */
  url: string;
  issuer: string;
  clientId: string;
  /** The session's secret, base64url. */
  secret: string;
  /** Of the session's cookie. */
  name: string;
  /** `session.domain` and `session.audience`, where applications share sessions. */
  shared?: { domain: string; audience: string };
}

function older(source: SessionSource, sealed: string, by: number): string {
  const { url, issuer, clientId, secret, name, shared } = source;
  const place: SessionPlace = {
    secret: Uint8Array.from(Buffer.from(secret, "base64url")),
    name,
    scope: { issuer, clientId, site: shared?.domain ?? url, audience: shared?.audience ?? "" },
  };
  const session = openSession(place, sealed);
  for (const time of ["signedIn", "made", "refreshAt", "end"] as const) session[time] -= by;
  return sealSession(place, session);
}

/** `by` in seconds. */
export async function ageIn(browser: HttpBrowser, source: SessionSource, by: number) {
  const { url, name } = source;
  const cookie = browser.cookies(`${url}/`).find(({ key }) => key === name)!;
  cookie.value = older(source, cookie.value, by);
  await browser.jar.setCookie(cookie, `${url}/`);
}

export async function ageInWindow(context: BrowserContext, source: SessionSource, by: number) {
  const { url, name } = source;
  const cookie = (await context.cookies(`${url}/`)).find((it) => it.name === name)!;
  await context.addCookies([{ ...cookie, value: older(source, cookie.value, by) }]);
}
