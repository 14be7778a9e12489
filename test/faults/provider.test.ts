/**
 * The provider fails, in every way, at each of the exchanges with it. Meanwhile nobody gets in by it, whoever was signed
 * in stays so, and nothing of the provider's answer is shown; afterwards all goes on without anybody's help.
 */
import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { after, beforeEach, describe, test } from "node:test";
import type { Endpoint } from "../../stack/provider/network.ts";
import { sessionLife } from "../browser/older.ts";
import { echo, Stage, trail } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import { HttpBrowser, type Visit } from "../support/http-browser.ts";
import { isOptional, patience, troublesOf, type Step, type Trouble } from "./provider-table.ts";

/** The shortest that there is. Seconds. */
const refresh = 10;
const stage = new Stage({
  block: { keys: { refresh: `${refresh}s` }, login: { userinfo: true } },
  patience: `${patience}s`,
});
const path = "/api/runs";
const application = () => stage.url(path);
const kids = (text: string) =>
  (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid).sort();

/** Who is signed in all the time, and asks meanwhile. */
const bystander = new HttpBrowser({ address: "127.0.0.1" });
beforeEach(async () => {
  if (!bystander.page) await stage.signIn("carol", path, bystander);
});
after(() => bystander.close());

/** A page or an answer that says no: nothing of it is the provider's, and the application was not asked. */
function assertRefused(visit: Visit): void {
  assert.ok(visit.status >= 400, trail(visit));
  assert.doesNotMatch(visit.body, /eyJ|access_token|id_token|attacker\.example|Maintenance|xxxx/);
  assert.doesNotMatch(visit.body, /wasm|goroutine/);
}

function assertIs(user: string, visit: Visit): void {
  const found = echo(visit).headers.find(([name]) => name.toLowerCase() === "x-forwarded-user");
  assert.equal(found?.[1], user, trail(visit));
}

const pages = () =>
  stage.provider.network.asked.filter(({ url }) => url.startsWith("/interaction/"));

function begin(trouble: Trouble, endpoint: Endpoint): void {
  stage.provider.network.reset();
  stage.stack.upstream.received.length = 0;
  trouble.begin(stage.provider, endpoint);
}

/** All is well again; who was signed in has not noticed. */
async function end(): Promise<void> {
  assertIs("carol", await bystander.go(application()));
  stage.provider.faults.end();
  stage.provider.network.reset();
}

/** What bob's requests have come to. */
const reached = () =>
  stage.stack.upstream.received.filter(({ headers }) =>
    headers.some(([name, value]) => name.toLowerCase() === "x-forwarded-user" && value === "bob"),
  );

interface Exchange {
  name: string;
  step: Step;
  endpoint: Endpoint;
  run(trouble: Trouble): Promise<void>;
}

/** Somebody signs in; the trouble begins before the page, or once it is shown. */
const signIn = (name: string, step: Step, endpoint: Endpoint): Exchange => ({
  name,
  step,
  endpoint,
  async run(trouble) {
    const browser = stage.browser();
    rmSync(stage.stateFile("discovery"), { force: true });
    if (endpoint === "discovery") begin(trouble, endpoint);
    let visit = await browser.go(application(), { from: null });
    if (endpoint !== "discovery" || trouble.harmless) {
      assert.match(visit.url, /\/interaction\//, trail(visit));
      if (endpoint !== "discovery") begin(trouble, endpoint);
      visit = await browser.submit({ user: "bob" });
    }
    if (trouble.harmless || isOptional(step, trouble)) assertIs("bob", visit);
    else {
      assertRefused(visit);
      assert.equal(stage.cookie(browser, "session"), undefined, trail(visit));
      assert.deepEqual(reached(), []);
    }
    await end();
    // The same browser: what it was given meanwhile does not stand in its way.
    const again = await browser.go(application(), { from: null });
    assertIs(
      "bob",
      /\/interaction\//.test(again.url) ? await browser.submit({ user: "bob" }) : again,
    );
  },
});

/** A session is due, and still holds: it is not lost by a refresh that fails. */
const due: Exchange = {
  name: "refresh of a session that holds",
  step: "refresh",
  endpoint: "token",
  async run(trouble) {
    const browser = await stage.signIn("bob", path);
    await stage.age(browser, sessionLife - 30);
    begin(trouble, "token");
    const visit = await browser.go(application());
    // The provider's answer was wrong in a way that is no accident: then it is a new sign-in.
    if (visit.status === 200) assertIs("bob", visit);
    else assertRefused(visit);
    assert.notEqual(stage.cookie(browser, "session"), undefined);
    await end();
    assertIs("bob", await browser.go(application()));
    assert.deepEqual(pages(), [], "nobody was asked to sign in");
  },
};

/** A session is over, and can be refreshed for a while yet. */
const over: Exchange = {
  name: "refresh of a session that is over",
  step: "refresh",
  endpoint: "token",
  async run(trouble) {
    const browser = await stage.signIn("bob", path);
    await stage.expire(browser);
    begin(trouble, "token");
    const visit = await browser.go(application());
    if (trouble.harmless) assertIs("bob", visit);
    else {
      assertRefused(visit);
      assert.deepEqual(reached(), []);
    }
    await end();
    assertIs("bob", await browser.go(application()));
    assert.deepEqual(pages(), [], "nobody was asked to sign in");
  },
};

/** Keys are fetched: by their own, or after the metadata that say where they are. */
const fetchKeys = (name: string, step: Step, endpoint: Endpoint): Exchange => ({
  name,
  step,
  endpoint,
  async run(trouble) {
    const { provider, stack } = stage;
    const file = stage.stateFile("jwks");
    const good = kids(readFileSync(file, "utf8"));
    const token = await provider.token("bob");
    rmSync(stage.stateFile("discovery"), { force: true });
    const mark = stack.traefik.log.length;
    begin(trouble, endpoint);
    const then = Date.now() / 1000 - 2 * refresh;
    utimesSync(file, then, then);
    const { log } = stack.traefik;
    if (!trouble.harmless) {
      await log.waitForGuest(({ event }) => event === "keys_not_fetched", mark, 20_000);
      assert.ok(provider.network.of(endpoint).length > 0);
    }
    assert.deepEqual(kids(readFileSync(file, "utf8")), good);
    const headers = { Authorization: `Bearer ${token}` };
    assert.equal((await fetch(application(), { headers })).status, 200);
    await end();
    await until("fresh keys", () => !isOld(file));
  },
});

const isOld = (file: string) => Date.now() / 1000 - statSync(file).mtimeMs / 1000 > refresh;

const exchanges: Exchange[] = [
  signIn("metadata at sign-in", "metadata", "discovery"),
  signIn("code for tokens", "code", "token"),
  signIn("userinfo at sign-in", "userinfo", "userinfo"),
  due,
  over,
  fetchKeys("metadata for keys", "metadata for keys", "discovery"),
  fetchKeys("keys", "keys", "keys"),
];

for (const exchange of exchanges) {
  describe(exchange.name, () => {
    for (const trouble of troublesOf(exchange.step)) {
      test(trouble.name, () => exchange.run(trouble));
    }
  });
}
