/** What providers do wrong while somebody signs in (OpenID Connect's basic RP profile, and more): none of it makes a session. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { FaultName } from "../../stack/provider/faults.ts";
import { harmless, refused, withoutMetadata, type Refusal } from "./fault-table.ts";
import { echo, Stage, trail } from "./stage.ts";

/** Unknown keys are asked for once in a tenth of that. */
const stage = new Stage({ block: { keys: { refresh: "10s" } } });

async function signInWith(name: FaultName) {
  const browser = stage.browser();
  const page = await browser.go(stage.url("/api/runs?x=1"), { from: null });
  assert.match(page.url, /\/interaction\//, trail(page));
  stage.provider.faults.show(name);
  const mark = stage.stack.traefik.log.length;
  const visit = await browser.submit({ user: "bob" });
  stage.provider.faults.end();
  return { browser, visit, mark };
}

for (const [name, refusal] of Object.entries(refused) as [FaultName, Refusal][]) {
  test(`${name}: no session, and a page that says what to do`, async () => {
    const { browser, visit, mark } = await signInWith(name);
    assert.equal(stage.cookie(browser, "session"), undefined, trail(visit));
    assert.equal(stage.cookie(browser, "refresh"), undefined);
    assert.equal(visit.status, refusal.status, trail(visit));
    assert.match(String(visit.headers["content-type"]), /^text\/html/, trail(visit));
    assert.match(visit.body, /<h1>/);
    assert.equal(visit.headers["cache-control"], "no-store");
    // Nothing of what the provider answered is in it.
    assert.doesNotMatch(visit.body, /eyJ|access_token|id_token|attacker\.example/);
    const { received } = stage.stack.upstream;
    assert.deepEqual(
      received.filter(({ url }) => url.startsWith("/api/runs")),
      [],
    );
    // Refused for what was wrong, and not for something else.
    const line = await stage.stack.traefik.log.waitForGuest(
      ({ rolegate }) => rolegate === "login",
      mark,
    );
    assert.equal(line.event, refusal.event);
    assert.match(`${line.reason} ${line.message}`, refusal.because);
  });
}

for (const name of harmless) {
  test(`${name}: signed in, with the roles of the ID token`, async () => {
    const { visit } = await signInWith(name);
    const { headers } = echo(visit);
    const groups = headers.find(([key]) => key.toLowerCase() === "x-forwarded-groups")?.[1];
    assert.deepEqual(groups?.split(",").sort(), ["runner", "viewer"], trail(visit));
  });
}

for (const name of withoutMetadata) {
  test(`${name}: nobody is sent anywhere`, async () => {
    // It is kept there while it is fresh.
    rmSync(stage.stateFile("discovery"), { force: true });
    stage.provider.faults.show(name);
    const visit = await stage.browser().go(stage.url("/"), { from: null });
    assert.ok(visit.status >= 500, trail(visit));
    assert.ok(visit.url.startsWith(`${stage.stack.url}/`), trail(visit));
    assert.match(visit.body, /<h1>/);
  });
}

test("a browser is sent where the metadata say, which may be another origin", async () => {
  rmSync(stage.stateFile("discovery"), { force: true });
  stage.provider.faults.show("discovery-other-authorization-endpoint");
  const { headers } = await stage.browser().go(stage.url("/oidc/login"), { follow: false });
  assert.match(headers.location ?? "", /^https:\/\/attacker\.example\/auth\?/);
  rmSync(stage.stateFile("discovery"), { force: true });
});

test("the provider signs with a new key: its tokens are good once the key is there", async () => {
  await stage.provider.rotate();
  for (const end = Date.now() + 20_000; ; await sleep(200)) {
    const browser = stage.browser();
    await browser.go(stage.url("/api/runs"), { from: null });
    const visit = await browser.submit({ user: "bob" });
    if (visit.status === 200) break;
    assert.equal(visit.status, 503, trail(visit));
    assert.ok(Date.now() < end, trail(visit));
  }
});
