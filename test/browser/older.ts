/**
 * Time that passes at once: the cookie of a session or of a sign-in is opened, its times are moved back, and it is sealed
 * again, all of it by other code than the guest's (docs/key-schedule.md). Whether sessions end by a real clock is for
 * expiry.test.ts.
 */
import type { BrowserContext } from "playwright-core";
import { fields, readFields } from "../../src/session/fields.ts";
import { open, seal } from "../../src/session/seal.ts";
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

function placeOf({ url, issuer, clientId, secret, name, shared }: SessionSource): SessionPlace {
  return {
    secret: Uint8Array.from(Buffer.from(secret, "base64url")),
    name,
    scope: { issuer, clientId, site: shared?.domain ?? url, audience: shared?.audience ?? "" },
  };
}

function older(source: SessionSource, sealed: string, by: number): string {
  const place = placeOf(source);
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

/** Of the sign-ins that are under way in a window, whose cookies begin with `source.name`; gives back how many. */
export async function ageAttempts(context: BrowserContext, source: SessionSource, by: number) {
  const cookies = await context.cookies(`${source.url}/`);
  const attempts = cookies.filter(({ name }) => name.startsWith(source.name));
  for (const cookie of attempts) {
    const { secret, scope, name } = placeOf({ ...source, name: cookie.name });
    const place = { purpose: "attempt", scope, name } as const;
    const text = open([secret], place, cookie.value);
    const parts = text && readFields(text);
    if (parts?.length !== 5) throw new Error("it is no attempt");
    // As assembly/login/transaction.ts has it: the third is when it began.
    const [seed, origin, started, ...rest] = parts as [Uint8Array, Uint8Array, Uint8Array];
    const began = Buffer.from(started).readBigInt64BE() - BigInt(by);
    const now = BigInt(Date.now()) * 1_000_000n;
    const value = seal(secret, place, now, fields(seed, origin, began, ...rest));
    await context.addCookies([{ ...cookie, value }]);
  }
  return attempts.length;
}
