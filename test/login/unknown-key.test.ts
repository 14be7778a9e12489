/** A sign-in whose ID token names a key that is not known: its tokens wait in a cookie while the key set is fetched. */
import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { COOKIE } from "../support/baked-session.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider, json } from "../support/fake-provider.ts";
import { ec, keySet, rsa, strangerRsa, testKey } from "../support/keys.ts";
import { Clock, events, locationOf, LoginHost, said } from "../support/login-host.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { fileForm } from "../support/forms.ts";
import { HOST } from "../support/login-host.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { ISSUER } from "../support/tokens.ts";
import { block, type Block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const folder = new StateFolder();
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
const next = testKey("next");
const DATA = "__Secure-rolegate-data-";
const config = (changes: Block = {}) =>
  block({ jwks: undefined, stateDir: STATE, session: { revocationTtl: "0s" }, ...changes });
const start = (changes: Block = {}) =>
  LoginHost.start(config(changes), { mounts: folder.mounts, clock, provider });
let host: LoginHost;

after(() => folder.remove());
beforeEach(async () => {
  folder.clear();
  provider.reset();
  clock.ms = Math.floor(Date.now() / 1000) * 1000;
  // One that knows no key.
  host = await start();
});

/** From now on the provider signs with another key, and publishes no other. */
function rotate(key = next): void {
  provider.idKey = key;
  provider.accessKey = key;
  provider.keys = keySet(key);
}
/** Goes on as a browser does, and gives all answers. */
async function follow(first: Awaited<ReturnType<LoginHost["visit"]>>, jar = host.jar) {
  const all = [first];
  for (let to = locationOf(first); to?.startsWith("/oidc/"); to = locationOf(all.at(-1)!)) {
    assert.ok(all.length < 10, "redirects without end");
    all.push(await host.visit(to, { jar }));
  }
  return all;
}
const signIn = async (rd = "/a") => follow(await host.signIn(rd));
const waiting = async () => {
  rotate();
  const result = await host.signIn("/a");
  return locationOf(result)!;
};
const fetches = () => provider.asked.filter((it) => it === "GET /keys").length;
const dataOf = (jar: CookieJar) => jar.names().filter((name) => name.startsWith(DATA));

describe("the key set is fetched by one more visit", () => {
  test("when the provider has rotated its keys", async () => {
    await signIn();
    provider.received.length = 0;
    host.jar = new CookieJar();
    rotate();
    const all = await signIn("/a?b=c");
    assert.deepEqual(
      all.map(locationOf).map((to) => to?.split("?")[0]),
      ["/oidc/verify", "/a"],
    );
    assert.equal(locationOf(all.at(-1)!), "/a?b=c");
    assert.deepEqual(events(all[1]!), ["signed_in"]);
    assert.equal(fetches(), 1);
    assert.ok(host.jar.names().includes(COOKIE));
    assert.deepEqual(dataOf(host.jar), []);
    assert.equal(host.jar.get("__Host-rolegate-login-"), undefined);
  });

  test("and then it is known, to other guests as well", async () => {
    rotate();
    await signIn();
    provider.received.length = 0;
    const gate = await loadGate(fileForm(config()), { mounts: folder.mounts, now: () => clock.ms });
    const headers = { Host: HOST, Cookie: host.jar.header("/a")! };
    const result = await gate.handle({ target: "/a", headers });
    assert.equal(result.response.status, 200);
    host.jar = new CookieJar();
    const [first] = await signIn();
    assert.deepEqual([locationOf(first!), fetches()], ["/a", 0]);
  });

  test("when nobody has fetched any key yet", async () => {
    const all = await signIn();
    assert.equal(locationOf(all.at(-1)!), "/a");
    assert.deepEqual(provider.asked.slice(-2), ["POST /token", "GET /keys"]);
  });

  test("after the metadata, when these are too old by then", async () => {
    const parameters = await host.begin("/a");
    clock.pass(301);
    const back = await host.visit(locationOf(await host.end(parameters))!);
    assert.match(locationOf(back)!, /^\/oidc\/verify\?.*&again=1$/);
    // Files have the time of the machine.
    folder.touch(stateFile("discovery", ISSUER), clock.seconds);
    assert.equal(locationOf((await follow(back)).at(-1)!), "/a");
    assert.deepEqual(provider.asked.slice(-2), [
      "GET /.well-known/openid-configuration",
      "GET /keys",
    ]);
  });

  test("and not again and again, when the metadata cannot be kept fresh", async () => {
    const parameters = await host.begin("/a");
    clock.pass(301);
    const all = await follow(await host.end(parameters));
    assert.equal(all.length, 3);
    assert.equal(all[2]!.response.status, 503);
    assert.equal(fetches(), 0);
  });

  test("of an endpoint that is configured", async () => {
    const other = await start({
      login: { endpoints: { jwks: "https://sso.example.com/realms/main/keys" } },
    });
    const result = await other.signIn("/a");
    const done = await other.visit(locationOf(result)!);
    assert.deepEqual([locationOf(done), fetches()], ["/a", 1]);
  });

  test("with tokens that take several cookies", async () => {
    rotate();
    provider.answer = { refresh_token: "r".repeat(4_000) };
    const begun = await host.signIn("/a");
    assert.ok(dataOf(host.jar).length > 1);
    assert.equal(locationOf((await follow(begun)).at(-1)!), "/a");
    assert.deepEqual(dataOf(host.jar), []);
  });

  test("and what is wrong with the tokens besides is found then", async () => {
    rotate();
    provider.idToken = { nonce: "of-another-sign-in" };
    const all = await signIn();
    assert.equal(all.at(-1)!.response.status, 400);
    assert.match(said(all.at(-1)!), /nonce_mismatch/);
    assert.ok(!host.jar.names().includes(COOKIE));
    assert.deepEqual(dataOf(host.jar), []);
  });
});

describe("no session, and no tokens that go on waiting", () => {
  test("when the key is unknown after that, too", async () => {
    rotate();
    provider.keys = keySet(rsa, ec);
    const all = await signIn();
    assert.equal(all.length, 2, "one fetch");
    assert.equal(all[1]!.response.status, 503);
    assert.deepEqual(events(all[1]!), ["id_token_refused"]);
    assert.match(said(all[1]!), /key_unknown/);
    assert.equal(fetches(), 1);
    assert.ok(!host.jar.names().includes(COOKIE));
    assert.deepEqual(dataOf(host.jar), []);
  });

  for (const [name, answer] of Object.entries({
    "cannot be fetched": { status: 500, headers: {}, body: "" },
    "is none": json({ keys: [] }),
    "has a private key": json({
      keys: [{ ...rsa.privateKey.export({ format: "jwk" }), kid: "rsa-1" }],
    }),
  })) {
    test(`when the key set ${name}`, async () => {
      rotate();
      provider.instead.keys = () => answer;
      const all = await signIn();
      assert.equal(all.at(-1)!.response.status, 503);
      assert.deepEqual(events(all.at(-1)!), ["keys_not_fetched", "id_token_refused"]);
      assert.ok(!host.jar.names().includes(COOKIE));
      assert.deepEqual(dataOf(host.jar), []);
    });
  }

  test("when the tokens are too large to wait in cookies", async () => {
    rotate();
    provider.answer = { refresh_token: "r".repeat(20_000) };
    const result = await host.signIn("/a");
    assert.equal(result.response.status, 503);
    assert.deepEqual(events(result), ["id_token_refused"]);
    assert.deepEqual(dataOf(host.jar), []);
    assert.equal(fetches(), 0);
  });

  test("when the signature is a stranger's under the new key's name", async () => {
    rotate();
    provider.idKey = { ...strangerRsa, kid: "next" };
    const all = await signIn();
    assert.equal(all.at(-1)!.response.status, 400);
    assert.match(said(all.at(-1)!), /signature_invalid/);
    assert.ok(!host.jar.names().includes(COOKIE));
  });

  test("when the keys are at a service that this router does not lead to", async () => {
    const other = await start({
      login: {
        endpointOrigins: { elsewhere: "https://keys.example.com" },
        endpoints: { jwks: "https://keys.example.com/keys" },
      },
    });
    const result = await other.visit(locationOf(await other.signIn("/a"))!);
    assert.equal(result.response.status, 503);
    assert.deepEqual(events(result), ["wrong_router", "id_token_refused"]);
    assert.equal(fetches(), 0);
  });
});

describe("nobody else goes on with it", () => {
  const REFUSED = 400;
  const refused = async (address: string, jar: CookieJar | null) => {
    provider.received.length = 0;
    const result = await host.visit(address, { jar });
    assert.equal(result.response.status, REFUSED, said(result));
    assert.deepEqual(events(result), ["attempt_missing"]);
    assert.deepEqual(provider.asked, [], "nothing is fetched for it");
    assert.ok(!jar?.names().includes(COOKIE));
  };

  test("another browser", async () => {
    const address = await waiting();
    await refused(address, null);
    await refused(address, new CookieJar());
  });

  test("a browser that has only one of the two cookies", async () => {
    const address = await waiting();
    const jar = host.jar.copy();
    jar.delete(dataOf(jar)[0]!);
    await refused(address, jar);
    const other = host.jar.copy();
    other.delete(other.names().find((name) => name.startsWith("__Host-rolegate-login-"))!);
    await refused(address, other);
  });

  test("one with another sign-in's tokens under the name", async () => {
    const address = await waiting();
    const jar = new CookieJar();
    const mine = host.jar;
    host.jar = jar;
    const other = await waiting();
    const [from] = dataOf(mine);
    const [to] = dataOf(jar);
    jar.put(to!, mine.get(from!)!, "/oidc");
    await refused(other, jar);
    await refused(address, jar);
  });

  for (const [name, change] of Object.entries({
    "a letter less": (value: string) => value.slice(0, -1),
    "another letter": (value: string) => (value[40] === "A" ? "B" : "A") + value.slice(1),
    "no value": () => "",
  })) {
    test(`one with a cookie that was altered: ${name}`, async () => {
      const address = await waiting();
      const [data] = dataOf(host.jar);
      host.jar.put(data!, change(host.jar.get(data!)!), "/oidc");
      await refused(address, host.jar);
    });
  }

  test("anybody later than a sign-in may take", async () => {
    const address = await waiting();
    clock.pass(601);
    await refused(address, host.jar);
  });

  test("with an address that was altered, or without one", async () => {
    const address = await waiting();
    await refused("/oidc/verify", host.jar.copy());
    await refused(`${address.slice(0, -2)}xx`, host.jar.copy());
    await refused(`${address}&state=x`, host.jar.copy());
    await refused(address.replace("state=", "state=%00"), host.jar.copy());
  });

  test("a cookie of a return address stands for no tokens", async () => {
    const parameters = await host.begin(`/a?${"x".repeat(3_000)}`);
    assert.ok(dataOf(host.jar).length > 0);
    await refused(`/oidc/verify?state=${parameters.get("state")}`, host.jar.copy());
  });

  test("whoever signs out has ended a session that the same tokens make later", async () => {
    const address = await waiting();
    const before = host.jar.copy();
    await follow(await host.visit(address));
    clock.pass(30);
    await host.visit("/oidc/logout");
    clock.pass(30);
    // With cookies that were copied before.
    const again = await host.visit(address, { jar: before });
    assert.equal(locationOf(again), "/a");
    const gate = await loadGate(fileForm(config()), { mounts: folder.mounts, now: () => clock.ms });
    const headers = { Host: HOST, Cookie: before.header("/a")! };
    const result = await gate.handle({ target: "/a", headers });
    assert.equal(reasonOf(result), "session_revoked");
  });
});

describe("a renewal with a key that is not known", () => {
  const refresh = (jar = host.jar) => host.visit("/oidc/refresh?rd=%2Fa", { jar });
  const tokens = () =>
    provider.received
      .filter((it) => it.body.includes("grant_type=refresh_token"))
      .map((it) => new URLSearchParams(it.body.toString()).get("refresh_token"));
  beforeEach(async () => {
    await signIn();
    provider.answer = { refresh_token: "second" };
    clock.pass(240);
    rotate();
    provider.received.length = 0;
  });

  test("leaves the session, and keeps the refresh token that came", async () => {
    const session = host.jar.get(COOKIE);
    const result = await refresh();
    assert.equal(locationOf(result), "/a");
    assert.deepEqual(events(result), ["refresh_failed"]);
    assert.match(said(result), /"reason":"key_unknown"/);
    assert.equal(host.jar.get(COOKIE), session);
    provider.idKey = rsa;
    provider.accessKey = rsa;
    assert.deepEqual(events(await refresh()), ["refreshed"]);
    assert.equal(tokens()[1], "second");
  });

  test("tells other tabs the same token, and lets them wait", async () => {
    const other = host.jar.copy();
    await refresh();
    // Files have the time of the machine.
    for (const name of folder.list("refresh")) folder.touch(`refresh/${name}`, clock.seconds);
    const result = await refresh(other);
    assert.equal(locationOf(result), "/a");
    assert.equal(tokens().length, 1);
    const set = result.response.headers.values("Set-Cookie").join();
    assert.match(set, /-later=1/);
    assert.match(set, /-refresh=/);
  });

  test("where no key is there: the same", async () => {
    folder.clear();
    const other = await start();
    other.jar = host.jar;
    const result = await other.visit("/oidc/refresh?rd=%2Fa");
    assert.deepEqual(events(result), ["refresh_failed"], said(result));
    assert.match(said(result), /"reason":"keys_unavailable"/);
    await other.visit("/oidc/refresh?rd=%2Fa");
    assert.deepEqual(tokens().slice(-1), ["second"]);
  });

  test("of a session that has ended is a page, and not a sign-in", async () => {
    clock.pass(65);
    const result = await refresh();
    assert.equal(result.response.status, 503);
    assert.deepEqual(events(result), ["refresh_failed"]);
  });

  test("whose token is another user's is still none, when the key is known", async () => {
    provider.idToken = { sub: "another" };
    await refresh();
    provider.idKey = rsa;
    provider.accessKey = rsa;
    const result = await refresh();
    assert.deepEqual(events(result), ["refresh_refused"]);
    assert.match(said(result), /subject_mismatch/);
  });
});

test("where the keys stand in the configuration nothing is fetched", async () => {
  const other = await LoginHost.start(block({ stateDir: STATE }), {
    ...{ mounts: folder.mounts, clock, provider },
  });
  rotate();
  const result = await other.signIn("/a");
  assert.equal(result.response.status, 503);
  assert.deepEqual(events(result), ["id_token_refused"]);
  assert.equal(fetches(), 0);
});
