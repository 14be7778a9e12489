/** Mode store: what holds while the engine does not answer, or answers what it should not; and its tokens. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UpstreamResponse } from "../../src/guest/proxy.ts";
import {
  answer,
  clock,
  etcd,
  follow,
  Machine,
  one,
  pass,
  read,
  signedOut,
  stage,
  told,
  two,
} from "./store-stage.ts";

stage();

const kv = (it: object) =>
  answer(JSON.stringify({ header: { revision: "9" }, kvs: [it], count: "1" }));
/** What is no answer of an engine to a read. */
const BAD: Record<string, UpstreamResponse> = {
  nobody: { unreachable: true },
  "a break": answer('{"header":{"revision":"9"', { dies: true }),
  "an error": answer('{"error":"etcdserver: no leader","code":14}', { status: 503 }),
  "401": answer('{"error":"etcdserver: invalid auth token","code":16}', { status: 401 }),
  "403": answer('{"error":"etcdserver: permission denied","code":7}', { status: 403 }),
  "an error with an answer": answer('{"header":{"revision":"9"}}', { status: 500 }),
  "a redirect": { status: 302, headers: { Location: "http://evil.example/" } },
  HTML: answer("<p>", { headers: { "Content-Type": "text/html" } }),
  "JSON without a type": answer('{"header":{"revision":"9"}}', { headers: {} }),
  nothing: answer(""),
  "half of it": answer('{"header":{"revision":"9"},"kvs":[{"key"'),
  "a list": answer("[]"),
  "no header": answer("{}"),
  "a revision that is a number": answer('{"header":{"revision":9}}'),
  "a revision that is none": answer('{"header":{"revision":"x"}}'),
  "more of nothing": answer('{"header":{"revision":"9"},"more":true}'),
  "an entry without a key": kv({ mod_revision: "3", value: "eA==" }),
  "an entry without a revision": kv({ key: "eA==", value: "eA==" }),
  "an entry that is no object": kv(["x"]),
  "a key that is not base64": kv({ key: "%", mod_revision: "3", value: "eA==" }),
  "more than 256 KiB": answer(`{"header":{"revision":"9"},"x":"${"x".repeat(262_144)}"}`),
  "more than is buffered": answer(`{"header":{"revision":"9"},"x":"${"x".repeat(1_100_000)}"}`),
};

describe("while the engine gives", () => {
  for (const [name, bad] of Object.entries(BAD)) {
    test(`${name}, what is known stays in use`, async () => {
      const jar = await signedOut();
      await two.tick();
      const before = etcd.revision;
      etcd.instead = () => bad;
      const result = await two.tick();
      assert.equal(result.response.status, 503);
      assert.equal(result.response.body.length, 0, "nothing of the answer is given on");
      assert.deepEqual(told(result), ["store_unreadable"]);
      assert.match(String(result.logs[0]!.data!.message), /last read \d+ s ago/);
      assert.deepEqual(told(await two.tick()), [], "once a minute");
      pass(6, one, two);
      assert.equal(await two.sees(jar), "session_revoked");
      etcd.instead = () => undefined;
      etcd.received.length = 0;
      // Files have the time of the machine: it failed a second after the last reading.
      for (const file of two.folder.list()) {
        if (file.startsWith("store-read")) two.folder.touch(file, clock.seconds - 101);
        if (file.startsWith("store-said")) two.folder.touch(file, clock.seconds - 100);
      }
      const again = await two.tick();
      assert.deepEqual([again.response.status, ...told(again)], [204, "store_read"]);
      assert.equal(etcd.received[0]!.body.min_mod_revision, before + 1, "it goes on where it was");
      assert.deepEqual(told(await two.tick()), [], "once");
    });
  }

  test("nothing for longer than revocationMaxStale, revocationUnreadable decides", async () => {
    const session = { revocationMaxStale: "60s" };
    const [strict, open] = [new Machine(), new Machine()];
    await strict.start({ kind: "etcd" }, { session });
    await open.start({ kind: "etcd" }, { session: { ...session, revocationUnreadable: "allow" } });
    await read(strict, open);
    await strict.login.signIn();
    const { jar } = strict.login;
    assert.equal(await strict.sees(jar), "none");
    clock.pass(54);
    assert.equal(await strict.sees(jar), "none");
    clock.pass(7);
    for (let i = 0; i < 3; i++) assert.equal(await strict.sees(jar), "revocations_unreadable");
    assert.equal(await open.sees(jar), "none");
    const { response } = await strict.login.visit("/oidc/session", { jar: jar.copy() });
    assert.notEqual(response.status, 200);
    await strict.tick();
    pass(5, strict);
    assert.equal(await strict.sees(jar), "none", "and it is over when it was read");
    for (const { folder } of [strict, open]) folder.remove();
  });

  test("nothing since the clock was set back, either", async () => {
    await read(one);
    await one.login.signIn();
    const jar = one.login.jar.copy();
    assert.equal(await one.sees(jar), "none");
    const [name] = one.folder.list().filter((it) => it.startsWith("store-read"));
    one.folder.touch(name!, clock.seconds + 3600);
    clock.pass(6);
    assert.equal(await one.sees(jar), "revocations_unreadable");
  });

  test("nothing, a sign-out at the same Traefik counts there", async () => {
    await read(one);
    await one.login.signIn();
    const jar = one.login.jar.copy();
    etcd.instead = () => ({ unreachable: true });
    await follow(one.login, "/oidc/logout");
    pass(6, one);
    assert.equal(await one.sees(jar), "session_revoked");
  });
});

describe("with a user of etcd", () => {
  const store = { kind: "etcd", username: "rolegate", password: "gT5-vq9zLw!x" };
  const users = { rolegate: store.password };

  test("a token is asked for once, sealed in stateDir, and asked for again when it has ended", async () => {
    etcd.users = users;
    const [three, four] = [new Machine(), new Machine()];
    for (const it of [three, four]) await it.start(store);
    assert.equal(await three.status(), 204);
    assert.deepEqual(etcd.asked.slice(0, 2), ["/v3/auth/authenticate", "/v3/kv/range"]);
    etcd.received.length = 0;
    assert.equal(await three.status(), 204);
    assert.deepEqual(etcd.asked, ["/v3/kv/range"]);
    const files = three.folder.list().map((it) => three.folder.read(it).toString("latin1"));
    for (const token of etcd.tokens) assert.ok(!files.some((it) => it.includes(token)));
    // etcd was started again: tokens were only in its memory.
    etcd.tokens.clear();
    const result = await three.tick();
    assert.equal(result.response.status, 503);
    assert.doesNotMatch(JSON.stringify(result.logs), /gT5-vq9zLw|Token\d/);
    assert.equal(await three.status(), 204);
    // A sign-out is written with that token.
    await read(three, four);
    await three.login.signIn();
    const jar = three.login.jar.copy();
    assert.deepEqual(
      (await follow(three.login, "/oidc/logout")).map((it) => it.response.status),
      [303, 302, 302],
    );
    await read(four);
    assert.equal(await four.sees(jar), "session_revoked");
    for (const { folder } of [three, four]) folder.remove();
  });

  const REFUSED: Record<string, UpstreamResponse> = {
    "a wrong password": answer('{"error":"etcdserver: authentication failed"}', { status: 400 }),
    "no token": answer('{"header":{"revision":"9"}}'),
    "an empty token": answer('{"token":""}'),
    "a token with a line end": answer('{"token":"a\\r\\nX-Evil: 1"}'),
    "a token that is too long": answer(JSON.stringify({ token: "x".repeat(8193) })),
    nobody: { unreachable: true },
  };
  for (const [name, bad] of Object.entries(REFUSED)) {
    test(`${name}: nothing is read, and it is told`, async () => {
      etcd.users = users;
      const three = new Machine();
      await three.start(store);
      etcd.instead = ({ target }) => (target.endsWith("authenticate") ? bad : undefined);
      const result = await three.tick();
      assert.equal(result.response.status, 503);
      assert.deepEqual(told(result), ["store_unreadable"]);
      assert.doesNotMatch(JSON.stringify(result.logs), /gT5-vq9zLw/);
      assert.deepEqual(etcd.asked, ["/v3/auth/authenticate"]);
      etcd.instead = () => undefined;
      assert.equal(await three.status(), 204);
      three.folder.remove();
    });
  }
});
