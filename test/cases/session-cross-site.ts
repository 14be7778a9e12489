/** Sessions and other sites' pages in short, on both hosts; test/properties/cross-site.test.ts has every combination. */
import { crossSite, SAFE, UNSAFE } from "./browser.ts";
import type { Expected } from "./case.ts";
import { cookie, DUE, GRACE } from "./session-cookies.ts";
import { alice, good, type SessionRow } from "./session-rows.ts";

const HTTP = "http://app.example.com:8080";
/** The gate of these sessions has https origins only. */
const isGood = (headers: Record<string, string>, passes: boolean) =>
  passes && headers.Origin !== HTTP;
const expected = (passes: boolean): Expected => (passes ? alice : crossSite);

const rows = (method: string, list: typeof SAFE): SessionRow[] =>
  list.map(([name, headers, passes]) => [
    `${method}, ${name}`,
    cookie(good),
    { method, headers },
    expected(isGood(headers, passes)),
  ]);

export const CROSS_SITE: SessionRow[] = [
  ...["POST", "DELETE"].flatMap((method) => rows(method, UNSAFE)),
  ...["GET", "HEAD"].flatMap((method) => rows(method, SAFE)),
  ...UNSAFE.map(([name, headers, passes]): SessionRow => [
    `an upgrade, ${name}`,
    cookie(good),
    // Without `Connection` it is none to Traefik, which would wait for the application to take it.
    { headers: { ...headers, Upgrade: "websocket" } },
    expected(isGood(headers, passes)),
  ]),
  ...[DUE, GRACE].map((value): SessionRow => [
    `one to renew is not sent anywhere for another site's page (${value === DUE ? "due" : "ended"})`,
    cookie(value),
    { headers: { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors" } },
    crossSite,
  ]),
];
