/** A session's cookie of a parent domain beside our own: neither counts, and the log says that it is that. */
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { events, LoginHost, NAVIGATION, said } from "../support/login-host.ts";
import { block } from "./configuration.ts";

let host: LoginHost;
before(async () => {
  host = await LoginHost.start(block());
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
  host.clock.pass(60);
});
const begin = (cookie: string) =>
  host.visit("/oidc/login?rd=%2Fa", { jar: null, headers: { ...NAVIGATION, Cookie: cookie } });

test("at each sign-in that begins with it twice", async () => {
  await host.signIn();
  const own = host.jar.get(COOKIE)!;
  const result = await begin(`${COOKIE}=${own}; ${COOKIE}=of-the-parent`);
  assert.equal(result.response.status, 302);
  assert.deepEqual(events(result), ["cookie_repeated"]);
  assert.match(said(result), /session\.cookieName/);
});

test("before it says that sign-in goes round and round", async () => {
  for (let i = 0; i < 3; i++) await host.signIn();
  const turns = "__Secure-rolegate-turns";
  const cookie = `${turns}=${host.jar.get(turns)}; ${COOKIE}=a; ${COOKIE}=b`;
  assert.deepEqual(events(await begin(cookie)), ["cookie_repeated", "loop"]);
});

for (const [name, cookie] of Object.entries({
  "whole beside parts": `${COOKIE}=a; ${COOKIE}.0=b; ${COOKIE}.1=c`,
  "a part twice": `${COOKIE}.0=a; ${COOKIE}.1=b; ${COOKIE}.1=c`,
  "the same twice": `${COOKIE}=a; ${COOKIE}=a`,
})) {
  test(name, async () => assert.deepEqual(events(await begin(cookie)), ["cookie_repeated"]));
}

for (const [name, cookie] of Object.entries({
  none: "a=b",
  once: `${COOKIE}=a`,
  "chunks, each once": `${COOKIE}.0=a; ${COOKIE}.1=b`,
  "others twice": `a=b; a=b; ${COOKIE}x=a; ${COOKIE}x=b`,
  "in a value": `a=${COOKIE}=b; ${COOKIE}=a`,
})) {
  test(`not for ${name}`, async () => assert.deepEqual(events(await begin(cookie)), []));
}
