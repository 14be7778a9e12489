/** Mode keys: the provider's keys into stateDir, and nothing but good ones; when they are asked for again, and when they are too old. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Guest, Result } from "../../src/guest/guest.ts";
import type { UpstreamResponse } from "../../src/guest/proxy.ts";
import { FakeProvider, json } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, reasonOf } from "../support/gate.ts";
import { ec, keySet, rsa, testKey } from "../support/keys.ts";
import { Clock, HOST, locationOf } from "../support/login-host.ts";
import { ISSUER, token } from "../support/tokens.ts";
import { block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const BUFFERING = { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 };
const next = testKey("next");
/** Named by the issuer: several may have one folder. */
const fileOf = (kind: string) => {
  const name = createHash("sha256").update(ISSUER).digest("hex").slice(0, 16);
  return `${kind}-${name}.json`;
};
const [JWKS, DISCOVERY] = ["jwks", "discovery"].map(fileOf) as [string, string];
const folder = new StateFolder();
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
const config = (mode: string, changes: Record<string, unknown> = {}) =>
  fileForm(block({ mode, jwks: undefined, stateDir: STATE, ...changes }));
const load = (mode: string, changes: Record<string, unknown> = {}) =>
  loadGate(config(mode, changes), {
    mounts: folder.mounts,
    now: () => clock.ms,
    buffering: BUFFERING,
  });
let fetcher: Guest;

before(async () => {
  fetcher = await load("keys");
});
after(() => folder.remove());
beforeEach(() => {
  folder.clear();
  provider.reset();
  clock.ms = Math.floor(Date.now() / 1000) * 1000;
});

/** One visit of the health check, redirects followed as it does. */
async function tick(guest = fetcher): Promise<Result> {
  let result = await guest.handle(
    { target: "/oidc/keys", headers: { Host: "127.0.0.1" } },
    provider.upstream,
  );
  if (locationOf(result)) {
    assert.equal(locationOf(result), "/oidc/keys");
    result = await guest.handle(
      { target: "/oidc/keys", headers: { Host: "127.0.0.1" } },
      provider.upstream,
    );
  }
  return result;
}
const status = async () => (await tick()).response.status;
const kept = (name = JWKS) => JSON.parse(folder.read(name).toString()) as { keys: object[] };
/** Makes what was fetched as old as that. */
const age = (seconds: number) => {
  for (const name of [JWKS, DISCOVERY]) folder.touch(name, clock.seconds - seconds);
};

describe("fetching", () => {
  test("first the metadata, then the keys, in one tick", async () => {
    assert.equal(await status(), 204);
    assert.deepEqual(provider.asked, ["GET /.well-known/openid-configuration", "GET /keys"]);
    assert.deepEqual(kept(), keySet(rsa, ec));
    assert.deepEqual(folder.list(), [DISCOVERY, JWKS]);
  });

  test("nothing of the health check's goes to the provider", async () => {
    await fetcher.handle(
      {
        target: "/oidc/keys?canary",
        headers: { Cookie: "canary", Authorization: "canary" },
        body: "canary",
      },
      provider.upstream,
    );
    const [request] = provider.received;
    assert.doesNotMatch(JSON.stringify(request!.headers.entries()) + request!.target, /canary/);
    assert.equal(request!.body.length, 0);
  });

  test("no visit while they are fresh; one when they are not", async () => {
    await tick();
    provider.received.length = 0;
    age(299);
    assert.equal(await status(), 204);
    assert.deepEqual(provider.asked, []);
    folder.touch(JWKS, clock.seconds - 300);
    assert.equal(await status(), 204);
    assert.deepEqual(provider.asked, ["GET /keys"]);
  });

  test("the last good set stays beside the new one", async () => {
    await tick();
    provider.keys = keySet(next);
    age(300);
    await tick();
    assert.deepEqual(kept(), keySet(next));
    assert.deepEqual(kept(`${JWKS}.last`), keySet(rsa, ec));
  });

  test("no other address, no other method", async () => {
    for (const [method, target] of [
      ...[
        ["POST", "/oidc/keys"],
        ["HEAD", "/oidc/keys"],
        ["GET", "/oidc/keys/"],
        ["GET", "/oidc/login"],
      ],
      ...[
        ["GET", "/oidc"],
        ["GET", "/"],
        ["GET", "/oidc/tick"],
        ["GET", "/oidc/%6Beys/x"],
      ],
    ]) {
      const result = await fetcher.handle({ method: method!, target: target! }, provider.upstream);
      assert.deepEqual([result.response.status, result.forwarded], [404, null], target);
    }
  });
});

const privateKey = { ...rsa.privateKey.export({ format: "jwk" }), kid: "private" };
const secret = { kty: "oct", k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA" };
const text = (body: string, type = "application/json"): UpstreamResponse => ({
  headers: { "Content-Type": type },
  body,
});

/** What never takes the place of good keys. */
const BAD: Record<string, UpstreamResponse> = {
  "no key": json({ keys: [] }),
  "no set": json({}),
  "a list": json([rsa.jwk]),
  "one key": json(rsa.jwk),
  "a private key": json({ keys: [privateKey] }),
  "a private key beside a good one": json({ keys: [next.jwk, privateKey] }),
  "only a secret": json({ keys: [secret] }),
  "only a key for encryption": json({ keys: [{ ...next.jwk, use: "enc" }] }),
  "a weak key": json({ keys: [testKey("weak", "RS256", 1024).jwk] }),
  HTML: text("<html>", "text/html"),
  "JSON that is said to be HTML": text(JSON.stringify(keySet(next)), "text/html"),
  "JSON without a type": { body: JSON.stringify(keySet(next)) },
  "half of it": text(JSON.stringify(keySet(next)).slice(0, 200)),
  nothing: text(""),
  "a break": { ...json(keySet(next)), dies: true },
  "more than 256 KiB": json({ keys: [next.jwk], x: "x".repeat(262_144) }),
  "more than is buffered": json({ keys: [next.jwk], x: "x".repeat(1_100_000) }),
  "an error with keys": json(keySet(next), 500),
  "a redirect": { status: 302, headers: { Location: "https://evil.example/keys" } },
  nobody: { unreachable: true },
};

describe("good keys are never replaced by", () => {
  for (const [name, answer] of Object.entries(BAD)) {
    test(name, async () => {
      await tick();
      age(300);
      provider.instead.keys = () => answer;
      const { response, logs } = await tick();
      assert.equal(response.status, 503);
      assert.equal(response.body.length, 0, "nothing of the answer is given on");
      assert.deepEqual(kept(), keySet(rsa, ec));
      assert.ok(logs.some(({ data }) => data?.event === "keys_not_fetched"));
    });
  }

  test("the keys of metadata that are not our issuer's, or lead elsewhere", async () => {
    await tick();
    for (const [metadata, says] of [
      [{ issuer: "https://evil.example" }, "issuer is https://evil.example"],
      [{ jwks_uri: "https://evil.example/keys" }, "not the issuer's origin"],
      [{ jwks_uri: "http://sso.example.com/keys" }, "not the issuer's origin"],
      [{ jwks_uri: undefined }, "no jwks_uri"],
      [{ jwks_uri: "/keys" }, "no absolute URL"],
      [{ jwks_uri: "https://sso.example.com:8443/keys" }, "not the issuer's origin"],
    ] as const) {
      age(300);
      provider.reset();
      provider.metadata = metadata;
      const { response, logs } = await tick();
      assert.equal(response.status, 503);
      const line = logs.find(({ data }) => data?.event === "keys_not_fetched");
      assert.ok((line?.data?.message as string).includes(says), line?.message);
      assert.deepEqual(provider.asked, ["GET /.well-known/openid-configuration"]);
      assert.deepEqual(kept(), keySet(rsa, ec));
    }
  });
});

describe("where keys are is all that is asked of the metadata", () => {
  for (const metadata of [
    { token_endpoint: "https://oauth.example.net/token" },
    { userinfo_endpoint: "https://graph.example.net/userinfo" },
    { authorization_endpoint: undefined, token_endpoint: undefined },
    { end_session_endpoint: "no URL" },
    { jwks_uri: ISSUER.replace("sso.example.com", "SSO.example.com:443") + "/keys" },
  ]) {
    test(JSON.stringify(metadata), async () => {
      provider.metadata = metadata;
      assert.equal(await status(), 204);
      assert.deepEqual(kept(), keySet(rsa, ec));
    });
  }
});

describe("what is wrong with an answer is said as what it is", () => {
  for (const [name, answer, says] of [
    ["another type", text(JSON.stringify(keySet(next)), "text/plain"), /type is text\/plain, exp/],
    ["no type", { body: JSON.stringify(keySet(next)) }, /has no content type, expected/],
    ["its size", json({ keys: [next.jwk], x: "x".repeat(262_144) }), /more than 262144 bytes/],
    ["its status", json({}, 404), /fetched: status 404/],
    ["a break", { ...json(keySet(next)), dies: true }, /broke off, or none came/],
  ] as [string, UpstreamResponse, RegExp][]) {
    test(name, async () => {
      provider.instead.keys = () => answer;
      const { logs } = await tick();
      const line = logs.find(({ data }) => data?.event === "keys_not_fetched");
      assert.match(line?.data?.message as string, says);
    });
  }
});

describe("nothing is said to be well that is not", () => {
  /** Without `buffering` what came before a break reaches the guest. */
  test("an answer that breaks off, however whole it looks", async () => {
    const guest = await loadGate(config("keys"), {
      mounts: folder.mounts,
      now: () => clock.ms,
    });
    for (const name of ["openid-configuration", "keys"]) {
      provider.instead = {
        [name]: () => ({
          ...json(name === "keys" ? provider.keys : provider.document()),
          dies: true,
        }),
      };
      assert.equal((await tick(guest)).response.status, 503, name);
      assert.ok(!folder.list().includes(JWKS));
    }
    provider.instead = {};
    assert.equal((await tick(guest)).response.status, 204);
  });

  test("what cannot be written down: neither the metadata, nor the keys", async () => {
    const readOnly = await loadGate(config("keys"), {
      mounts: folder.mounts.map((it) => `${it}:ro`),
      now: () => clock.ms,
      buffering: BUFFERING,
    });
    const unwritten = async () => {
      provider.received.length = 0;
      const { response, logs } = await tick(readOnly);
      assert.equal(response.status, 503);
      assert.ok(logs.some(({ data }) => /stateDir cannot be written/.test(`${data?.message}`)));
      return provider.asked;
    };
    assert.deepEqual(await unwritten(), ["GET /.well-known/openid-configuration"]);
    await tick();
    folder.touch(JWKS, clock.seconds - 300);
    assert.deepEqual(await unwritten(), ["GET /keys"]);
  });

  test("a request whose headers are not all known does not go on", async () => {
    for (const headers of [
      Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`X-${i}-${"a".repeat(20)}`, "1"])),
      { "X-Request-Id": "a".repeat(8193) },
    ]) {
      const result = await fetcher.handle(
        { target: "/oidc/keys", headers: { Host: "127.0.0.1", ...headers } },
        provider.upstream,
      );
      assert.deepEqual([result.response.status, result.forwarded], [400, null]);
      assert.deepEqual(provider.asked, []);
    }
  });
});

describe("keys that are known, and those that are not", () => {
  const ask = async (guest: Guest, value: string, more: Record<string, string> = {}) =>
    reasonOf(
      await guest.handle({
        target: "/a",
        headers: { Host: HOST, Authorization: `Bearer ${value}`, ...more },
      }),
    );

  test("a start without keys, and a second later with them", async () => {
    const gate = await load("protect");
    assert.equal(await ask(gate, await token()), "keys_unavailable");
    await tick();
    clock.pass(1);
    assert.equal(await ask(gate, await token()), "none");
  });

  test("an unknown kid has them fetched, and then it is known", async () => {
    await tick();
    age(40);
    const gate = await load("protect");
    const value = await token({}, next);
    assert.equal(await ask(gate, value), "key_unknown");
    assert.ok(folder.list().includes(`${JWKS}.stale`));
    provider.keys = keySet(rsa, next);
    provider.received.length = 0;
    assert.equal(await status(), 204);
    assert.deepEqual(provider.asked, ["GET /keys"]);
    assert.ok(!folder.list().includes(`${JWKS}.stale`));
    clock.pass(1);
    assert.equal(await ask(gate, value), "none");
  });

  test("whatever id the request has, or was given by its sender", async () => {
    for (const id of ["Root=1-65a5;Parent=53", "a/b/c", "../x", "x".repeat(128), "~"]) {
      folder.clear();
      await tick();
      age(40);
      const value = await token({}, next);
      assert.equal(await ask(await load("protect"), value, { "X-Request-Id": id }), "key_unknown");
      assert.deepEqual(folder.list(), [DISCOVERY, JWKS, `${JWKS}.stale`], id);
    }
  });

  test("a thousand of them, over two guests, cause one fetch in a tenth of keys.refresh", async () => {
    await tick();
    const gates = [await load("protect"), await load("protect")];
    provider.received.length = 0;
    const start = clock.ms;
    let fetches = 0;
    // A hundred and twenty seconds, of which the first thirty are too early.
    for (let second = 0; second < 120; second++) {
      clock.ms = start + second * 1000;
      for (const gate of gates) {
        for (let i = 0; i < 4; i++) {
          await ask(
            gate,
            await token({ jti: `${second}-${i}` }, next, { kid: `unknown-${second}-${i}` }),
          );
        }
      }
      const asked = provider.received.length;
      await tick();
      // What was just written has the machine's time; here it is the test's.
      if (provider.received.length > asked) folder.touch(JWKS, clock.seconds);
      fetches += provider.received.length - asked;
    }
    assert.equal(fetches, 3, "at 30, 60 and 90 seconds");
  });

  test("a kid of another issuer asks for nothing", async () => {
    await tick();
    age(100);
    const gate = await load("protect");
    await ask(gate, await token({ iss: "https://evil.example" }, next));
    await ask(gate, "a.b.c");
    assert.ok(!folder.list().includes(`${JWKS}.stale`));
  });

  test("the provider down for an hour: all goes on; longer than maxStale: 503", async () => {
    await tick();
    const value = await token({ exp: clock.seconds + 10 * 86_400 });
    const gate = await load("protect", { keys: { maxStale: "2h" } });
    for (const name of ["keys", "openid-configuration"]) {
      provider.instead[name] = () => ({ unreachable: true });
    }
    assert.equal(await ask(gate, value), "none");
    clock.pass(3600);
    assert.equal(await status(), 503);
    assert.equal(await ask(gate, value), "none");
    clock.pass(3700);
    assert.equal(await ask(gate, value), "keys_unavailable");
    provider.instead = {};
    folder.touch(DISCOVERY, clock.seconds);
    assert.equal(await status(), 204);
    folder.touch(JWKS, clock.seconds);
    clock.pass(1);
    assert.equal(await ask(gate, value), "none");
  });

  test("a file that somebody breaks does not replace what is in use", async () => {
    await tick();
    const gate = await load("protect");
    const value = await token();
    assert.equal(await ask(gate, value), "none");
    for (const content of ["", "{", '{"keys":[]}', JSON.stringify({ keys: [privateKey] })]) {
      folder.write(JWKS, content);
      clock.pass(2);
      folder.touch(JWKS, clock.seconds);
      assert.equal(await ask(gate, await token({ jti: content })), "none");
    }
  });
});

test("an endpoint that is configured needs no metadata", async () => {
  const guest = await load("keys", { login: { endpoints: { jwks: `${ISSUER}/keys` } } });
  const result = await tick(guest);
  assert.equal(result.response.status, 204);
  assert.deepEqual(provider.asked, ["GET /keys"]);
});
