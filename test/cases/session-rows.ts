/** Rows of cases about sessions, and what comes of them. */
import { token } from "../support/tokens.ts";
import { type Case, type Expected, passes, unauthenticated } from "./case.ts";
import { ALICE, NAVIGATION, sealed, URLS } from "./session-cookies.ts";

/** Beside 401, where nothing is to be renewed. */
export const SIGN_IN_URL = { login_url: URLS.login_url };
export const german = { ...NAVIGATION, "Accept-Language": "de-CH, en;q=0.5" };
export const ours = { Origin: "https://app.example.com" };
export const page = (status: number, more: Partial<Expected>): Expected => ({
  status,
  reason: "none",
  page: { language: "en" },
  ...more,
});
/** Sent to sign in, to be renewed, or told where: by what asks. */
export const signsIn = (reason: string, rd = "%2Fme"): Expected => ({
  status: 302,
  reason,
  location: `/oidc/login?rd=${rd}`,
});
export const renews = (reason: string, status = 307, rd = "%2Fme"): Expected => ({
  status,
  reason,
  location: `/oidc/refresh?rd=${rd}`,
});
export const told = (reason: string, renewable = false): Expected => ({
  ...unauthenticated(reason),
  urls: renewable ? URLS : SIGN_IN_URL,
});
export const alice = passes({
  upstream: { headers: { "X-Forwarded-User": "alice" }, absent: ["Cookie"] },
});
export const nobody = (more: Partial<Expected> = {}) =>
  passes({ upstream: { absent: ["X-Forwarded-User", "Cookie"] }, ...more });
export const bearer = await token();
export const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
export const good = sealed(ALICE);

export type SessionRow = [
  name: string,
  /** Cookie header, or several; undefined: none. */
  cookies: string | string[] | undefined,
  request: Partial<Case>,
  expect: Expected,
];
