/** Return addresses that are too long for `state`: they wait in cookies of the browser's, and only there. */
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { CookieJar, parseSetCookie } from "../support/cookie-jar.ts";
import { events, locationOf, LoginHost } from "../support/login-host.ts";
import { block } from "./configuration.ts";

const DATA = "__Secure-rolegate-data-";
/** What browsers take for a cookie: name, value and attributes. */
const COOKIE_BYTES = 4_096;
/** A link of a dashboard: JSON, escaped. */
const dashboard = `/app/explore?q=${encodeURIComponent(
  JSON.stringify({ fields: Array.from({ length: 100 }, (_, i) => ({ name: `f${i}`, on: true })) }),
)}`;
const address = (length: number) => `/a?${"x".repeat(length - 3)}`;
let host: LoginHost;

before(async () => {
  host = await LoginHost.start(block());
});
beforeEach(() => {
  host.provider.reset();
  host.jar = new CookieJar();
  host.clock.pass(60);
});

const dataOf = (jar = host.jar) => jar.names().filter((name) => name.startsWith(DATA));
const bytes = (jar = host.jar) => dataOf(jar).reduce((sum, name) => sum + jar.get(name)!.length, 0);

describe("a sign-in ends where it was begun", () => {
  for (const [name, to, cookies] of [
    ["1,500 bytes, in state", address(1_500), 0],
    ["1,501 bytes, in a cookie", address(1_501), 1],
    ["5,000 bytes, in two", address(5_000), 2],
    ["6,144 bytes, in three", address(6_144), 3],
    ["a dashboard's", dashboard, 2],
  ] as const) {
    test(name, async () => {
      const parameters = await host.begin(to);
      assert.equal(dataOf().length, cookies);
      assert.ok(parameters.get("state")!.length < 2_500, "state fits other servers");
      const done = await host.end(parameters);
      assert.equal(locationOf(done), to);
      assert.deepEqual(events(done).at(-1), "signed_in");
      assert.deepEqual(dataOf(), [], "nothing stays behind");
    });
  }

  test("also after userinfo was asked", async () => {
    const other = await LoginHost.start(block({ login: { userinfo: true } }));
    const done = await other.signIn(address(5_000));
    const to = locationOf(done)!;
    assert.match(to, /^\/oidc\/userinfo\?rd=/);
    assert.equal(locationOf(await other.visit(to)), address(5_000));
  });

  test("in each of several tabs", async () => {
    const tabs = ["/a", "/b", "/c"].map((path) => path + address(2_000).slice(2));
    const begun = [];
    for (const to of tabs) begun.push(await host.begin(to));
    for (const [i, parameters] of begun.entries()) {
      host.provider.nonce = parameters.get("nonce")!;
      assert.equal(locationOf(await host.end(parameters)), tabs[i]);
    }
  });
});

test("the cookies go to the relying party only, and each is one that browsers take", async () => {
  const begun = await host.visit(`/oidc/login?rd=${encodeURIComponent(address(6_144))}`);
  const lines = begun.response.headers.values("Set-Cookie").filter((it) => it.startsWith(DATA));
  assert.equal(lines.length, 3);
  for (const line of lines) {
    assert.ok(line.length <= COOKIE_BYTES, `${line.length}`);
    const { path, attributes } = parseSetCookie(line);
    assert.equal(path, "/oidc");
    assert.equal(attributes["max-age"], "600");
    assert.ok("httponly" in attributes && "secure" in attributes);
    assert.ok(!("domain" in attributes));
  }
  assert.ok(!host.jar.header("/a")?.includes(DATA));
});

test("of many tabs the last ones keep theirs, and a request never grows beyond what proxies take", async () => {
  let last = await host.begin(address(5_000));
  for (let i = 0; i < 8; i++) {
    last = await host.begin(address(5_000 + i));
    assert.ok(bytes() <= 12 * 1_024, `${bytes()}`);
  }
  assert.equal(locationOf(await host.end(last)), address(5_007));
});

test("one whose address had to go ends at the start page, signed in", async () => {
  const first = await host.begin(address(6_000));
  await host.begin(address(6_001));
  host.provider.nonce = first.get("nonce")!;
  const done = await host.end(first);
  assert.equal(locationOf(done), "/");
  assert.equal(events(done).at(-1), "signed_in");
});

describe("what is in the cookies is ours, or nothing", () => {
  const mine = async () => {
    const parameters = await host.begin(address(2_000));
    return { parameters, name: dataOf()[0]! };
  };
  for (const [what, change] of Object.entries({
    "a letter changed": (value: string) =>
      value.slice(0, 60) + (value[60] === "A" ? "B" : "A") + value.slice(61),
    "cut off": (value: string) => value.slice(0, -4),
    "not there": () => null,
    "an address as it is": () => "//evil.example",
  })) {
    test(what, async () => {
      const { parameters, name } = await mine();
      const value = change(host.jar.get(name)!);
      if (value === null) host.jar.delete(name);
      else host.jar.put(name, value, "/oidc");
      assert.equal(locationOf(await host.end(parameters)), "/");
    });
  }

  test("another sign-in's", async () => {
    const { parameters, name } = await mine();
    const other = new CookieJar();
    await host.begin(address(2_001), { jar: other });
    host.jar.put(name, other.get(dataOf(other)[0]!)!, "/oidc");
    host.provider.nonce = parameters.get("nonce")!;
    assert.equal(locationOf(await host.end(parameters)), "/");
  });

  test("twice, as a parent domain's beside it", async () => {
    const { parameters, name } = await mine();
    host.jar.put(name, host.jar.get(name)!, "/oidc/");
    host.jar.put(name, "planted", "/");
    assert.equal(locationOf(await host.end(parameters)), "/");
  });

  test("an address that may not be returned to any more", async () => {
    const allowing = await LoginHost.start(
      block({ login: { allowedRedirects: ["https://docs.example.com"] } }),
      { clock: host.clock, provider: host.provider },
    );
    const to = `https://docs.example.com${address(2_000)}`;
    const parameters = await allowing.begin(to);
    host.jar = allowing.jar.copy();
    assert.equal(locationOf(await allowing.end(parameters)), to);
    assert.equal(locationOf(await host.end(parameters)), "/");
  });
});

test("signing out forgets them", async () => {
  await host.begin(address(6_000));
  assert.equal(dataOf().length, 3);
  await host.visit("/oidc/logout");
  assert.deepEqual(dataOf(), []);
});
