/** The provider's keys, fetched by Traefik's own health check: rotated, withdrawn, spoilt, late and absent. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { JSONWebKeySet } from "jose";
import { freePorts } from "../../stack/machine/ports.ts";
import type { FaultName } from "../../stack/provider/faults.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import { startSignInStack } from "../../stack/sign-in-stack.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { Stage, trail } from "./stage.ts";
import { until } from "./until.ts";

/** The shortest that there is. Seconds. */
const refresh = 10;

describe("while everything runs", () => {
  const stage = new Stage({ block: { keys: { refresh: `${refresh}s` } } });
  const file = () => stage.stateFile("jwks");
  const kids = () =>
    (JSON.parse(readFileSync(file(), "utf8")) as JSONWebKeySet).keys.map(({ kid }) => kid).sort();
  const published = () =>
    stage.provider
      .keys()
      .keys.map(({ kid }) => kid)
      .sort();
  const status = async (token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(stage.url("/api/runs"), { headers })).status;
  };
  const log = () => stage.stack.traefik.log;
  /** The file is taken for as old as that, and is fetched anew. */
  const age = () => {
    const then = Date.now() / 1000 - 2 * refresh;
    utimesSync(file(), then, then);
  };

  test("nothing private is in the file", () => {
    assert.deepEqual(kids(), published());
    assert.doesNotMatch(readFileSync(file(), "utf8"), /"(d|p|q|dp|dq|qi|k)":/);
  });

  test("a key that tokens name and nobody knows is fetched soon", async () => {
    const { provider } = stage;
    const old = await provider.token("bob");
    await provider.rotate();
    const fresh = await provider.token("bob");
    await until("the new key", async () => (await status(fresh)) === 200);
    assert.equal(await status(old), 200);
    provider.retire();
    age();
    await until("the old key's end", async () => (await status(old)) === 401);
    assert.equal(await status(fresh), 200);
  });

  test("a person whose ID token has a key of a moment ago is signed in", async () => {
    const { provider } = stage;
    const browser = stage.browser();
    await browser.go(stage.url("/api/runs?x=1"), { from: null });
    // Between the sign-in's begin and its end, and twice within the time in which bearer tokens cause no fetch.
    for (let i = 0; i < 2; i++) {
      await provider.rotate();
      provider.retire();
      provider.network.reset();
      const visit = await browser.submit({ user: "bob" });
      assert.equal(visit.status, 200, trail(visit));
      assert.equal(visit.url, stage.url("/api/runs?x=1"));
      assert.ok(provider.network.of("keys").length >= 1, trail(visit));
      const steps = visit.before.map(({ url }) => new URL(url).pathname);
      assert.ok(steps.includes("/oidc/verify"), steps.join());
      browser.jar.removeAllCookiesSync();
      await browser.go(stage.url("/api/runs?x=1"), { from: null });
    }
  });

  test("keys are fetched once a while, however many tokens name unknown ones", async () => {
    const { provider } = stage;
    const claims = { iss: provider.issuer, sub: "bob" };
    const unknown = await provider.sign(claims, { kid: "nobodys", typ: "at+jwt" });
    provider.network.reset();
    const start = Date.now();
    const seconds = () => (Date.now() - start) / 1000;
    const fetches = () => provider.network.of("keys").map(({ at }) => at);
    // Without the marker there is `refresh` between two of them.
    const wereAskedFor = () =>
      fetches().some((at, index, all) => index > 0 && at - all[index - 1]! < refresh * 500);
    while (seconds() < 3 || (!wereAskedFor() && seconds() < 30)) {
      await Promise.all(Array.from({ length: 20 }, () => status(unknown)));
    }
    assert.ok(wereAskedFor(), `${fetches().length} fetches in ${seconds()} s`);
    // For the marker at most once in a tenth of `refresh`; the health check comes once a second.
    const most = seconds() + 1;
    assert.ok(fetches().length <= most, `${fetches().length} fetches in ${seconds()} s`);
  });

  const spoilt: FaultName[] = [
    "keys-empty",
    "keys-private",
    "keys-secret",
    "keys-html",
    "keys-broken-json",
    "keys-server-error",
    "keys-abort",
    "discovery-other-issuer",
    "discovery-other-keys",
    "discovery-html",
    "discovery-server-error",
  ];
  for (const name of spoilt) {
    test(`${name}: the good keys stay`, async () => {
      const { provider } = stage;
      const good = published();
      await until("good keys", () => kids().join() === good.join());
      rmSync(stage.stateFile("discovery"), { force: true });
      provider.network.reset();
      provider.faults.show(name);
      const mark = log().length;
      age();
      await log().waitForGuest(({ event }) => event === "keys_not_fetched", mark, 20_000);
      assert.ok(provider.network.of(name.startsWith("keys") ? "keys" : "discovery").length > 0);
      assert.deepEqual(kids(), good);
      assert.equal(await status(await provider.token("bob")), 200);
    });
  }

  test("the provider is away: tokens and sessions go on", async () => {
    const browser = await stage.signIn("bob");
    const token = await stage.provider.token("bob");
    stage.provider.network.state = "down";
    const mark = log().length;
    age();
    await log().waitForGuest(({ event }) => event === "keys_not_fetched", mark, 20_000);
    // Guests look at the file once a second.
    await sleep(1_100);
    assert.equal(await status(token), 200);
    assert.equal((await browser.go(stage.url("/api/runs"))).status, 200);
  });
});

describe("keys that are too old", () => {
  const stage = new Stage({ block: { keys: { refresh: "10s", maxStale: "12s" } } });

  test("after maxStale without a good answer nothing is believed: 503", async () => {
    const token = await stage.provider.token("bob");
    const ask = async () => {
      const headers = { Authorization: `Bearer ${token}` };
      return (await fetch(stage.url("/api/runs"), { headers })).status;
    };
    assert.equal(await ask(), 200);
    stage.provider.network.state = "down";
    // As if they had been fetched so long ago.
    const then = Date.now() / 1000 - 13;
    utimesSync(stage.stateFile("jwks"), then, then);
    await until("503", async () => (await ask()) === 503);
    stage.provider.network.reset();
    await until("200 again", async () => (await ask()) === 200);
  });
});

test("a provider that starts after Traefik: people can sign in as soon as it is up", async () => {
  const [port] = await freePorts(1);
  const first = await startProvider({ port });
  const { secret } = first.clients;
  await first.stop();
  // Known by name and not there.
  const stack = await startSignInStack({ provider: first, waitForKeys: false });
  const browser = new HttpBrowser({ address: "127.0.0.1" });
  let late: Awaited<ReturnType<typeof startProvider>> | null = null;
  try {
    const page = await browser.go(stack.url, { from: null });
    assert.ok(page.status >= 500, trail(page));
    assert.match(page.body, /<h1>/);
    const { log } = stack.traefik;
    await log.waitForGuest(({ event }) => event === "keys_not_fetched", 0, 20_000);
    const file = join(stack.stateFolder, stateFile("jwks", first.issuer));
    assert.equal(existsSync(file), false);
    late = await startProvider({ port, clientSecret: secret });
    late.clients.serve(stack.url);
    await until("the keys", () => existsSync(file));
    await browser.go(`${stack.url}/api/runs`, { from: null });
    const visit = await browser.submit({ user: "bob" });
    assert.equal(visit.status, 200, trail(visit));
  } finally {
    browser.close();
    await stack.stop();
    await late?.stop();
  }
});
