/** The way back from the provider, when it is taken twice, late, from elsewhere, or not by the browser that set out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpBrowser, Visit } from "../support/http-browser.ts";
import { assertProvidersPage, echo, Stage, trail } from "./stage.ts";
import { chooseUser, fetchIn, received, valuesOf } from "./window.ts";

const stage = new Stage();

/** The callback's address as the provider gives it out, not yet visited. */
async function wayBack(browser: HttpBrowser, path = "/api/runs?x=1"): Promise<string> {
  const page = await browser.go(stage.url(path), { from: null });
  assertProvidersPage(page, stage.provider.issuer);
  const sent = await browser.go(page.url, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: "user=bob",
    follow: false,
  });
  const { headers } = await browser.go(sent.headers.location!, { follow: false });
  assert.ok(headers.location!.startsWith(stage.url("/oidc/callback?")));
  return headers.location!;
}

const isHome = (visit: Visit, path = "/api/runs?x=1") =>
  visit.status === 200 && visit.url === stage.url(path);

test("a callback that is loaded again, with its session, leads to where it led", async () => {
  const browser = stage.browser();
  const address = await wayBack(browser);
  assert.ok(isHome(await browser.go(address)));
  const codes = stage.provider.network.of("token").length;
  const again = await browser.go(address, { from: null });
  assert.ok(isHome(again), trail(again));
  assert.equal(stage.provider.network.of("token").length, codes, "the code is not sent again");
});

test("a bookmarked callback without a session is a fresh sign-in", async () => {
  const first = stage.browser();
  const address = await wayBack(first);
  await first.go(address);
  const browser = stage.browser();
  const visit = await browser.go(address, { from: null });
  // Another browser: it has neither attempt nor session.
  assert.equal(stage.cookie(browser, "session"), undefined);
  assert.ok(
    visit.url.startsWith(`${stage.provider.issuer}/interaction/`) || visit.status >= 400,
    trail(visit),
  );
});

test("somebody else's callback signs nobody in: login CSRF", async () => {
  const attacker = stage.browser();
  const address = await wayBack(attacker, "/api/runs?mallory=1");
  const victim = stage.browser();
  const visit = await victim.go(address, { from: "https://attacker.example/" });
  assert.equal(stage.cookie(victim, "session"), undefined, trail(visit));
  assert.equal(stage.provider.network.of("token").length, 0);
  // Nor when the victim has set out as well.
  await victim.go(stage.url("/api/runs"), { from: null });
  await victim.go(address, { from: "https://attacker.example/" });
  assert.equal(stage.cookie(victim, "session"), undefined);
  assert.equal(stage.provider.network.of("token").length, 0);
});

test("an attempt whose cookie is gone ends in no loop", async () => {
  const browser = stage.browser();
  const address = await wayBack(browser);
  await browser.jar.removeAllCookies();
  const visit = await browser.go(address, { from: null });
  assert.ok(visit.before.length < 12, trail(visit));
  assert.ok(visit.status === 200 || visit.status === 400, trail(visit));
});

test("a browser that keeps no cookies is told so, and is not sent round for ever", async () => {
  // The provider's are of another site, and are kept.
  const browser = stage.browser({ keeps: (url) => url.startsWith(stage.provider.issuer) });
  await browser.go(stage.url("/api/runs"), { from: null });
  const visit = await browser.submit({ user: "bob" });
  assert.ok(visit.status >= 400, trail(visit));
  assert.match(visit.body, /<h1>/);
});

test("only a GET is a way back; and nothing is prefetched", async () => {
  const browser = stage.browser();
  const address = await wayBack(browser);
  for (const method of ["POST", "HEAD", "PUT"]) {
    const visit = await browser.go(address, { method, follow: false });
    assert.equal(visit.status, 405, `${method}\n${trail(visit)}`);
  }
  for (const purpose of ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"]) {
    for (const at of [address, stage.url("/oidc/login?rd=/"), stage.url("/oidc/logout")]) {
      const headers = { "Sec-Purpose": purpose };
      const visit = await browser.go(at, { headers, follow: false });
      assert.equal(visit.status, 503, `${purpose} ${at}\n${trail(visit)}`);
    }
  }
  assert.equal(stage.provider.network.of("token").length, 0);
  assert.ok(isHome(await browser.go(address)), "and the attempt is still good");
});

test("fifty attempts at once leave a dozen cookies at most, and the last is good", async () => {
  const browser = stage.browser();
  for (let i = 0; i < 50; i++) await browser.go(stage.url(`/api/runs?x=${i}`), { from: null });
  const { attempt } = stage.cookieNames;
  const kept = browser.cookies(stage.url("/")).filter(({ key }) => key.startsWith(attempt));
  assert.ok(kept.length >= 2 && kept.length <= 12, String(kept.length));
  for (const { value } of kept) assert.ok(value.length < 300, String(value.length));
  const visit = await browser.submit({ user: "bob" });
  assert.ok(isHome(visit, "/api/runs?x=49"), trail(visit));
});

test("a service worker that polls starts no attempt", async () => {
  const browser = stage.browser();
  await browser.go(stage.url("/health"), { from: null });
  for (let i = 0; i < 5; i++) {
    const visit = await browser.fetch("/api/runs");
    assert.equal(visit.status, 401, trail(visit));
    assert.deepEqual(visit.setCookies, []);
  }
  const page = await stage.windows.open();
  await page.goto(stage.url("/health"));
  assert.equal((await fetchIn(page, "/api/runs")).status, 401);
  await page.goto(stage.url("/api/runs"));
  await chooseUser(page, "bob");
  assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
});

const evil = [
  "//attacker.example",
  "/\\attacker.example",
  "/%09/attacker.example",
  "/%2F%2Fattacker.example",
  "https:attacker.example",
  "https://attacker.example/",
  "http://localhost.attacker.example/",
  "\\\\attacker.example",
  "/\t/attacker.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "https://localhost@attacker.example/",
  "//localhost:1/",
  "/。。/attacker.example",
  "https://attacker。example/",
  "/oidc/logout",
  "/oidc/callback?x=1",
  "/%6fidc/logout",
  "/./oidc/logout",
  "/x/../oidc/logout",
  "/a\r\nSet-Cookie: x=1",
  `/${"a".repeat(6_200)}`,
];

for (const rd of evil) {
  test(`rd ${JSON.stringify(rd.slice(0, 50))} becomes /`, async () => {
    const browser = stage.browser();
    const page = await browser.go(stage.url(`/oidc/login?rd=${encodeURIComponent(rd)}`), {
      from: null,
    });
    assertProvidersPage(page, stage.provider.issuer);
    const visit = await browser.submit({ user: "bob" });
    assert.equal(visit.url, stage.url("/"), trail(visit));
  });
}

test("an attempt that is finished shows where it led, in Chromium too", async () => {
  const page = await stage.windows.open();
  await page.goto(stage.url("/api/runs?x=1"));
  let address = "";
  page.on("request", (request) => {
    if (request.url().includes("/oidc/callback")) address = request.url();
  });
  await chooseUser(page, "bob");
  await page.goto(address);
  assert.equal(page.url(), stage.url("/api/runs?x=1"));
  await page.reload();
  assert.equal((await received(page)).url, "/api/runs?x=1");
});

for (const [seconds, isTooOld] of [
  [590, false],
  [605, true],
] as const) {
  const end = isTooOld ? "its code goes nowhere, and another one is asked for" : "it is finished";
  test(`a sign-in that somebody was at for ${seconds} s: ${end}`, async () => {
    const page = await stage.windows.open();
    await page.goto(stage.url("/api/runs?x=1"));
    assert.equal(await stage.ageAttempts(page, seconds), 1);
    const { log } = stage.stack.traefik;
    const mark = log.length;
    await chooseUser(page, "bob");
    assert.equal(page.url(), stage.url("/api/runs?x=1"));
    assert.deepEqual(valuesOf(await received(page), "x-forwarded-user"), ["bob"]);
    assert.equal(stage.provider.network.of("token").length, 1);
    await log.waitForGuest(({ event }) => event === "signed_in", mark);
    const events = log
      .guestLines(mark)
      .flatMap(({ rolegate, event }) => (rolegate === "login" ? [event] : []));
    assert.deepEqual(events, [...(isTooOld ? ["begun_anew"] : []), "signed_in"]);
    const codes = stage.provider.network.asked.filter(({ url }) => url.startsWith("/auth?"));
    assert.equal(codes.length, isTooOld ? 2 : 1);
  });
}

test("the provider takes longer than it may: a page with a way to try again", async () => {
  const browser = stage.browser();
  const address = await wayBack(browser);
  const impatient = { forwardingTimeouts: { responseHeaderTimeout: "2s" } };
  await stage.stack.reconfigure({}, { http: { serversTransports: { provider: impatient } } });
  stage.provider.network.state = "hang";
  const visit = await browser.go(address);
  assert.ok(visit.status >= 500, trail(visit));
  assert.match(visit.body, /<h1>/);
  assert.match(visit.body, /href="\/oidc\/login/);
  stage.provider.network.reset();
  const fresh = await stage.signIn("bob");
  assert.equal(echo(fresh.page!).method, "GET");
});
