/** Traefiks that share an engine and no folder: sign-outs go from one to the other, and nobody else can use the way. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { events, locationOf, NAVIGATION, ORIGIN, SCRIPT } from "../support/login-host.ts";
import { ISSUER } from "../support/tokens.ts";
import { FORM, logoutToken } from "./logout-token.ts";
import { clock, etcd, follow, one, pass, provider, read, stage, two } from "./store-stage.ts";

stage();

/** Signs in at the first; both know what there is. */
async function signedIn() {
  await read(one, two);
  await one.login.signIn();
  const jar = one.login.jar.copy();
  assert.equal(await two.sees(jar), "none");
  return jar;
}
const hears = async () => {
  assert.equal(await two.status(), 204);
  pass(6, one, two);
};

describe("a sign-out at one Traefik ends the session at the other:", () => {
  test("by a link", async () => {
    const jar = await signedIn();
    const seen = await follow(one.login, "/oidc/logout");
    assert.deepEqual(
      seen.map((it) => it.response.status),
      [303, 302, 302],
    );
    assert.match(locationOf(seen.at(-1)!)!, /^https:\/\/sso\.example\.com\/realms\/main\/end\?/);
    assert.deepEqual(seen.flatMap(events), ["signed_out"]);
    assert.deepEqual(one.login.jar.names(), []);
    assert.equal(etcd.keys.length, 1);
    await hears();
    assert.equal(await two.sees(jar), "session_revoked");
    assert.equal(await one.sees(jar), "session_revoked");
  });

  test("by a button, whose page moves on by itself", async () => {
    const jar = await signedIn();
    const headers = { ...NAVIGATION, Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" };
    const seen = await follow(one.login, "/oidc/logout", { method: "POST", headers });
    assert.deepEqual(
      seen.map((it) => it.response.status),
      [303, 302, 200],
    );
    assert.match(seen.at(-1)!.response.body.toString(), /realms\/main\/end\?/);
    await hears();
    assert.equal(await two.sees(jar), "session_revoked");
  });

  for (const method of ["GET", "POST"]) {
    test(`by a script's ${method}`, async () => {
      const jar = await signedIn();
      const headers = { ...SCRIPT, Origin: ORIGIN };
      const seen = await follow(one.login, "/oidc/logout", { method, headers });
      assert.equal(seen.length, 3);
      await hears();
      assert.equal(await two.sees(jar), "session_revoked");
    });
  }

  test("by the provider: 200 when the engine has it", async () => {
    const jar = await signedIn();
    const ask = {
      method: "POST",
      headers: FORM,
      body: `logout_token=${await logoutToken()}`,
      jar: null,
    };
    const result = await one.login.visit("/oidc/backchannel-logout", ask);
    assert.equal(result.response.status, 200);
    assert.deepEqual(events(result), ["signed_out_by_provider"]);
    assert.deepEqual(etcd.asked.slice(-1), ["/v3/kv/txn"]);
    await hears();
    assert.equal(await two.sees(jar), "session_revoked");
  });

  test("by the provider's frame: with the next call of mode store", async () => {
    const jar = await signedIn();
    const query = new URLSearchParams({ iss: ISSUER, sid: "sid-1" });
    const ask = { jar: null, headers: { ...NAVIGATION, "Sec-Fetch-Dest": "iframe" } };
    await one.login.visit(`/oidc/frontchannel-logout?${query}`, ask);
    assert.deepEqual(etcd.keys, []);
    assert.equal(await one.status(), 204);
    assert.match(etcd.keys[0]!, /^rolegate\/unproven\/\d+\/[0-9a-f]{32}$/);
    await hears();
    assert.equal(await two.sees(jar), "session_revoked");
  });

  test("first by the user, then by the provider for ever: a later session of that sid is dead too", async () => {
    const jar = await signedIn();
    await follow(one.login, "/oidc/logout");
    clock.pass(2);
    await two.login.signIn();
    const later = two.login.jar.copy();
    await hears();
    assert.equal(await two.sees(jar), "session_revoked");
    assert.equal(await two.sees(later), "none");
    const body = `logout_token=${await logoutToken()}`;
    await one.login.visit("/oidc/backchannel-logout", {
      method: "POST",
      headers: FORM,
      body,
      jar: null,
    });
    await hears();
    assert.equal(await two.sees(later), "session_revoked");
  });
});

test("a Traefik whose clock is behind takes part in a sign-out", async () => {
  const jar = await signedIn();
  const mine = { jar: jar.copy() };
  let target = "/oidc/logout";
  for (const seconds of [-2, 2, 0]) {
    target = locationOf(await one.login.visit(target, mine))!;
    clock.pass(seconds);
  }
  assert.match(target, /^https:\/\/sso\.example\.com\/realms\/main\/end\?/);
  assert.equal(etcd.keys.length, 1);
});

test("what is in the engine says nothing, and a repeated request adds nothing to it", async () => {
  const jar = await signedIn();
  for (let i = 0; i < 5; i++) {
    await follow(one.login, "/oidc/logout", { jar: jar.copy() });
    clock.pass(1);
  }
  assert.equal(etcd.keys.length, 1);
  assert.match(etcd.keys[0]!, /^rolegate\/revoked\/\d{10}\/[0-9a-f]{32}$/);
  const { value } = [...etcd.entries.values()][0]!;
  assert.match(value, /^[A-Za-z0-9_-]{97,98}$/);
  await follow(two.login, "/oidc/logout", { jar: jar.copy() });
  assert.ok(etcd.keys.length <= 2, "another Traefik that had not heard of it");
});

test("nothing of the browser's goes to the engine", async () => {
  await signedIn();
  await follow(one.login, "/oidc/logout", { headers: { ...NAVIGATION, "X-Canary": "canary" } });
  const { request } = etcd.received.at(-1)!;
  const names = request.headers
    .entries()
    .map(([name]) => name)
    .sort();
  assert.deepEqual(names, [
    ...["Accept-Encoding", "Content-Length", "Content-Type", "Host", "X-Forwarded-For"],
  ]);
  assert.equal(request.method, "POST");
});

describe("the engine is reached by nobody:", () => {
  /** The address of a step that the first has sealed for its browser. */
  async function step(): Promise<string> {
    return locationOf(await one.login.visit("/oidc/logout", { keeps: false }))!;
  }
  const isNothing = async (target: string, ask: object = {}, host = one.login) => {
    etcd.received.length = 0;
    const { response, forwarded } = await host.visit(target, { keeps: false, ...ask });
    assert.deepEqual([response.status, forwarded], [404, null], target);
    assert.equal(etcd.received.length, 0);
  };

  test("without a step, or with one that was made up", async () => {
    await signedIn();
    for (const target of [
      "",
      "?step=",
      "?step=x",
      "?stored=x",
      `?step=${"A".repeat(200)}`,
      "?step=a&step=b",
    ]) {
      await isNothing(`/oidc/store${target}`);
    }
    for (const target of ["/oidc/store/", "/oidc/store/v3", "/oidc/v3/kv/range", "/v3/kv/range"]) {
      await isNothing(target);
    }
  });

  test("by another method", async () => {
    await signedIn();
    const target = await step();
    for (const method of ["POST", "PUT", "DELETE"]) {
      const result = await one.login.visit(target, { method, body: "{}", keeps: false });
      assert.deepEqual([result.response.status, result.forwarded], [405, null]);
    }
  });

  test("with another browser's step, without cookies, later, for another purpose, changed", async () => {
    await signedIn();
    const target = await step();
    await isNothing(target, { jar: null });
    const first = one.login.jar.copy();
    provider.idToken = { sid: "sid-2", sub: "another" };
    await two.login.signIn();
    await isNothing(target, { jar: two.login.jar });
    await isNothing(target.replace("step=", "stored="));
    for (const at of [20, 60, target.length - 3]) {
      const other = target[at] === "A" ? "B" : "A";
      await isNothing(target.slice(0, at) + other + target.slice(at + 1));
    }
    clock.pass(61);
    await isNothing(target, { jar: first });
  });

  test("a result of a step that was made up, another's or old is none: the question is asked", async () => {
    await signedIn();
    const stored = locationOf(await one.login.visit(await step(), { keeps: false }))!;
    assert.match(stored, /^\/oidc\/logout\?stored=/);
    const elsewhere = { headers: { ...NAVIGATION, "Sec-Fetch-Site": "cross-site" }, keeps: false };
    const asks = async (target: string, ask: object = {}) => {
      const { response } = await one.login.visit(target, { ...elsewhere, ...ask });
      assert.equal(response.status, 200);
      assert.match(response.body.toString(), /<form/);
    };
    await asks("/oidc/logout");
    await asks("/oidc/logout?stored=x");
    await asks(stored, { jar: null });
    provider.idToken = { sid: "sid-2", sub: "another" };
    await two.login.signIn();
    await asks(stored, { jar: two.login.jar });
    await asks(stored.replace("stored=", "step="));
    assert.equal((await one.login.visit(stored, elsewhere)).response.status, 302);
    clock.pass(61);
    await asks(stored);
  });

  test("where there is no store", async () => {
    await signedIn();
    const target = await step();
    const { LoginHost } = await import("../support/login-host.ts");
    const { block } = await import("./configuration.ts");
    const alone = await LoginHost.start(block(), { clock, provider });
    alone.jar = one.login.jar.copy();
    await isNothing(target, {}, alone);
  });
});

describe("where the engine does not take it,", () => {
  const LOST: Record<string, () => void> = {
    "it is down": () => (etcd.instead = () => ({ unreachable: true })),
    "it breaks off": () => (etcd.instead = () => ({ status: 200, body: "{", dies: true })),
    "it refuses": () => (etcd.users = { somebody: "else" }),
    "it fails": () => (etcd.instead = () => ({ status: 500, body: "oops" })),
    "it is a page": () =>
      (etcd.instead = () => ({
        status: 200,
        headers: { "Content-Type": "text/html" },
        body: "<p>",
      })),
    "it answers nothing": () => (etcd.instead = () => answer("{}")),
    "its answer has no revision": () =>
      (etcd.instead = () => answer('{"header":{},"succeeded":true,"responses":[{}]}')),
    // What etcd says to an empty body (measured).
    "the body is lost on its way": () =>
      (etcd.instead = () => answer('{"header":{"revision":"7"},"succeeded":true}')),
    "the router leads to the provider": () =>
      (etcd.instead = () => answer('{"issuer":"https://sso.example.com"}')),
  };
  const answer = (body: string) => ({ headers: { "Content-Type": "application/json" }, body });

  for (const [name, break_] of Object.entries(LOST)) {
    test(`because ${name}, people are told, and it is written later`, async () => {
      const jar = await signedIn();
      break_();
      const seen = await follow(one.login, "/oidc/logout");
      assert.equal(seen.at(-1)!.response.status, 503);
      assert.match(seen.at(-1)!.response.body.toString(), /You are signed out here only/);
      assert.deepEqual(seen.flatMap(events), ["store_not_written", "sign_out_incomplete"]);
      assert.deepEqual(one.login.jar.names(), []);
      pass(6, one, two);
      assert.equal(await one.sees(jar), "session_revoked", "at this Traefik it is");
      assert.equal(await two.sees(jar), "none");
      etcd.instead = () => undefined;
      etcd.users = null;
      assert.equal(await one.status(), 204);
      await hears();
      assert.equal(await two.sees(jar), "session_revoked");
    });

    test(`because ${name}, the provider is told, and may try again`, async () => {
      const jar = await signedIn();
      break_();
      const body = `logout_token=${await logoutToken()}`;
      const send = () =>
        one.login.visit("/oidc/backchannel-logout", {
          method: "POST",
          headers: FORM,
          body,
          jar: null,
        });
      const result = await send();
      assert.equal(result.response.status, 503);
      assert.deepEqual(events(result), ["store_not_written"]);
      etcd.instead = () => undefined;
      etcd.users = null;
      assert.equal((await send()).response.status, 200, "the same token again");
      assert.equal((await send()).response.status, 400, "and once only");
      await hears();
      assert.equal(await two.sees(jar), "session_revoked");
    });
  }
});
