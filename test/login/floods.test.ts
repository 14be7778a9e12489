/** Cookie headers as large as servers take, of every kind that costs something: no trap, bounded memory, a bounded answer. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { HOST, LoginHost, NAVIGATION } from "../support/login-host.ts";
import { ISSUER } from "../support/tokens.ts";
import { block } from "./configuration.ts";

/** Pages of 64 KiB that a guest may ever have. */
const MOST_PAGES = 20;
/** Attempts and parts of sessions that may be cleared, and what is set. */
const MOST_COOKIES = 48;

const attempt = (i: number) => `__Host-rolegate-login-abcdefg${String(i).padStart(5, "0")}=a`;
const data = (i: number) => `__Secure-rolegate-data-abcdefg${String(i).padStart(5, "0")}=aaaaaaaaa`;
const STATE_OF = "abcdefg00000.AAAA";
const FLOODS: Record<string, string> = {
  "short names": "a; ".repeat(21_000),
  "empty pairs": ";".repeat(64_000),
  "one chunk again and again": "__Host-rolegate.0=a; ".repeat(3000),
  "names of our family": "rolegate-x=a; ".repeat(4600),
  "one attempt again and again": `${attempt(0)}; `.repeat(1700),
  "many attempts": Array.from({ length: 1700 }, (_, i) => attempt(i)).join("; "),
  "many waiting tokens": Array.from({ length: 1250 }, (_, i) => data(i)).join("; "),
  "one of these again and again": `${data(0)}; `.repeat(1250),
  "parts of one of these": `${data(0).replace("=", ".0=")}; `.repeat(1200),
  "many of both kinds": Array.from({ length: 650 }, (_, i) => `${attempt(i)}; ${data(i)}`).join(
    "; ",
  ),
  "one large value": `__Host-rolegate=${"A".repeat(60_000)}`,
  "equals signs": "=".repeat(64_000),
  "bytes that are no ASCII": "a=b\u0080; ".repeat(10_000),
};
const LONG = "x".repeat(6_000);
const VISITS = [
  ...["login", "logout", "session", "refresh", "userinfo", "callback?state=a&code=b"],
  ...[`verify?state=${STATE_OF}`, `callback?state=${STATE_OF}&code=b`, "signed-out?state=a"],
  ...[`login?rd=%2F${LONG}`, `login?iss=${encodeURIComponent(ISSUER)}&login_hint=${LONG}`],
  ...[`login?account=other&rd=%2F${LONG}`, `login?${"account=other&iss=&".repeat(300)}`],
];

describe("a header full of cookies", () => {
  for (const [name, cookie] of Object.entries(FLOODS)) {
    const headers = { Host: HOST, ...NAVIGATION, Cookie: cookie };

    test(`${name}: at the application`, async () => {
      const gate = await loadGate(fileForm(block({ logLevel: "info" })));
      for (const target of ["/a", "/owner"]) {
        const result = await gate.handle({ target, headers });
        if (result.trap) throw result.trap;
        assert.equal(result.response.status, 302);
        assert.ok(result.pages <= MOST_PAGES, `${result.pages} pages`);
      }
    });

    test(`${name}: at sign-in`, async () => {
      const host = await LoginHost.start(block());
      for (const visit of VISITS) {
        const { trap, pages, response } = await host.guest.handle(
          { target: `/oidc/${visit}`, headers },
          host.provider.upstream,
        );
        if (trap) throw trap;
        assert.ok(pages <= MOST_PAGES, `${visit.slice(0, 40)}: ${pages} pages`);
        const set = response.headers.values("Set-Cookie").length;
        assert.ok(set <= MOST_COOKIES, `${visit.slice(0, 40)}: ${set} cookies`);
      }
    });
  }
});
