/** Traefiks that share a Consul: what differs from etcd, which is asked by keys and revisions. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { UpstreamResponse } from "../../src/guest/proxy.ts";
import { events, locationOf, NAVIGATION, ORIGIN, SCRIPT } from "../support/login-host.ts";
import { RECORD_BYTES } from "../support/revocations.ts";
import { ISSUER } from "../support/tokens.ts";
import { FORM, logoutToken } from "./logout-token.ts";
import {
  answer,
  clock,
  consul,
  follow,
  Machine,
  madeUp,
  one,
  parts,
  pass,
  period,
  provider,
  read,
  records,
  signedOut,
  stage,
  told,
  two,
} from "./store-stage.ts";

const STORE = { kind: "consul" };
stage(STORE);

const LOGOUT = async () => ({
  method: "POST",
  headers: FORM,
  body: `logout_token=${await logoutToken()}`,
  jar: null,
});
const BUTTON = { ...NAVIGATION, Origin: ORIGIN, "Sec-Fetch-Site": "same-origin" };

describe("a sign-out at one Traefik ends the session at the other:", () => {
  const WAYS: Record<string, () => Promise<void>> = {
    "by a link": async () => void (await follow(one.login, "/oidc/logout")),
    "by a button": async () =>
      void (await follow(one.login, "/oidc/logout", { method: "POST", headers: BUTTON })),
    "by a script": async () =>
      void (await follow(one.login, "/oidc/logout", { headers: { ...SCRIPT, Origin: ORIGIN } })),
    "by the provider": async () => {
      const { response } = await one.login.visit("/oidc/backchannel-logout", await LOGOUT());
      assert.equal(response.status, 200);
    },
    "by the provider's frame": async () => {
      const query = new URLSearchParams({ iss: ISSUER, sid: "sid-1" });
      const ask = { jar: null, headers: { ...NAVIGATION, "Sec-Fetch-Dest": "iframe" } };
      await one.login.visit(`/oidc/frontchannel-logout?${query}`, ask);
      assert.equal(await one.status(), 204);
    },
  };
  for (const [name, signOut] of Object.entries(WAYS)) {
    test(name, async () => {
      await read(one, two);
      await one.login.signIn();
      const jar = one.login.jar.copy();
      assert.equal(await two.sees(jar), "none");
      await signOut();
      assert.match(
        consul.keys.join(),
        /^rolegate\/([0-9a-f])\/(revoked|unproven)\/\d{10}\/\1[0-9a-f]{31}$/,
      );
      assert.match([...consul.entries.get(consul.keys[0]!)!.value].join(""), /^[\w-]{97,98}$/);
      assert.equal(await two.status(), 204);
      pass(6, one, two);
      assert.equal(await two.sees(jar), "session_revoked");
      assert.equal(await one.sees(jar), "session_revoked");
    });
  }
});

/** Each call of the first writes some; a tree that it has written to is read again. */
async function pushed(count: number): Promise<void> {
  for (let i = 0; i < count / 16 && consul.keys.length < count; i++) {
    assert.equal(await one.status(), 204);
  }
  assert.equal(consul.keys.length, count);
}

describe("a call", () => {
  test("asks for the marks only, until there is something new, and then for its tree", async () => {
    await read(one, two);
    consul.received.length = 0;
    for (let i = 0; i < 3; i++) assert.equal(await two.status(), 204);
    assert.deepEqual(consul.asked, Array(3).fill("get-tree"));
    assert.ok(consul.received.every(({ operations }) => operations.length === 1));
    await one.login.signIn();
    await follow(one.login, "/oidc/logout");
    consul.received.length = 0;
    assert.equal(await two.status(), 204);
    assert.deepEqual(
      consul.received.map(({ operations }) => operations.map(({ KV }) => KV.Key)),
      [
        ["rolegate/changed/"],
        ["rolegate/changed/", consul.keys[0]!.slice(0, "rolegate/0/".length)],
      ],
    );
    const { request } = consul.received[0]!;
    assert.deepEqual([request.method, request.target], ["PUT", "/v1/txn"]);
    assert.equal(request.headers.get("X-Consul-Token"), undefined);
  });

  test("reads what was written to a tree while others were read", async () => {
    await read(one, two);
    one.folder.write(`revoked-${period()}`, madeUp(32));
    await one.tick();
    let rounds = 0;
    consul.instead = () => {
      if (rounds++ === 3) {
        // Another Traefik writes the same entries again: all of their marks move.
        for (const key of [...consul.entries.keys()]) {
          if (key.includes("changed")) consul.put(key, "");
        }
      }
      return undefined;
    };
    for (let i = 0; i < 5; i++) assert.equal(await two.status(), 204);
    assert.deepEqual(parts(records(two)), parts(records(one)));
  });

  test("brings many, tree by tree, and none is sent back", async () => {
    await read(one, two);
    const all = madeUp(600);
    one.folder.write(`revoked-${period()}`, all);
    await pushed(600);
    assert.ok(consul.received.every(({ operations }) => operations.length <= 64));
    for (let i = 0; i < 3; i++) assert.equal(await two.status(), 204);
    assert.deepEqual(parts(records(two)), parts(all));
    consul.received.length = 0;
    for (let i = 0; i < 3; i++) assert.equal(await two.status(), 204);
    assert.deepEqual(consul.asked, Array(3).fill("get-tree"));
  });

  test("as many as there is room for are read, in answers that are not too large", async () => {
    await read(one, two);
    one.folder.write(`revoked-${period()}`, madeUp(4000));
    await pushed(4000);
    for (let i = 0; i < 4; i++) assert.equal(await two.status(), 204);
    assert.equal(records(two).length, 4000 * RECORD_BYTES);
  });

  test("removes what ended in the period before this one", async () => {
    await read(one, two);
    const end = period() * 43_200;
    for (const tree of "0f") {
      for (const folder of ["revoked", "unproven"]) {
        consul.put(`rolegate/${tree}/${folder}/${end}/${tree}`, "x");
        consul.put(`rolegate/${tree}/${folder}/${end + 43_200}/${tree}`, "x");
      }
    }
    consul.put("elsewhere/x", "x");
    clock.pass(601);
    for (let i = 0; i < 3; i++) await one.tick();
    assert.equal(consul.keys.length, 5);
    assert.ok(!consul.keys.some((it) => it.includes(String(end))));
  });
});

describe("an entry counts for nothing, is told, and stops nothing,", () => {
  const FOREIGN: Record<string, (key: string, value: string) => [string, string]> = {
    "that somebody wrote": (key) => [key, "x"],
    "that is empty": (key) => [key, ""],
    "that was changed": (key, value) => [
      key,
      value.slice(0, 60) + (value[60] === "A" ? "B" : "A") + value.slice(61),
    ],
    "under another name": (key, value) => [
      key.replace(/.$/, (it) => (it === "0" ? "1" : "0")),
      value,
    ],
    "that is to last longer": (key, value) => [key.replace(/\/\d{10}\//, "/1999999999/"), value],
    "that is said to be unproven": (key, value) => [key.replace("revoked", "unproven"), value],
    "with no name": (key) => [key.slice(0, "rolegate/0/".length), "x"],
  };
  for (const [name, replace] of Object.entries(FOREIGN)) {
    test(name, async () => {
      await signedOut();
      const [key] = consul.keys;
      const { value } = consul.entries.get(key!)!;
      consul.entries.delete(key!);
      consul.put(...replace(key!, value));
      const result = await two.tick();
      assert.equal(result.response.status, 204);
      assert.deepEqual(told(result), ["store_foreign"]);
      assert.equal(records(two).length + records(two, "unproven").length, 0);
    });
  }
});

describe("what is revoked stays so where Consul", () => {
  const LOSES: Record<string, () => void> = {
    "has lost it": () => consul.entries.clear(),
    "was restored to what was before": () => {
      for (const key of consul.keys) consul.entries.delete(key);
      for (const entry of consul.entries.values()) entry.changed = 1;
      consul.index = 5;
    },
  };
  for (const [name, lose] of Object.entries(LOSES)) {
    test(`${name}, and is written again`, async () => {
      const jar = await signedOut();
      await two.tick();
      pass(6, one, two);
      lose();
      await two.tick();
      pass(6, one, two);
      assert.equal(await two.sees(jar), "session_revoked");
      pass(600, one, two);
      for (let i = 0; i < 2; i++) assert.equal(await two.status(), 204);
      assert.equal(consul.keys.length, 1);
      assert.equal(records(two).length, RECORD_BYTES);
    });
  }

  test("was restored: all is read at once", async () => {
    await signedOut();
    await two.tick();
    LOSES["was restored to what was before"]!();
    assert.equal(await two.status(), 204);
    assert.equal(consul.keys.length, 1);
  });
});

describe("while Consul gives", () => {
  const kv = (it: object) => answer(JSON.stringify({ Results: [{ KV: it }], Errors: null }));
  const mark = { Key: "rolegate/changed/0", ModifyIndex: 9 };
  const BAD: Record<string, UpstreamResponse> = {
    nobody: { unreachable: true },
    "a break": answer('{"Results":[', { dies: true }),
    "an error": {
      status: 500,
      headers: { "Content-Type": "text/plain" },
      body: "No cluster leader",
    },
    "403": { status: 403, body: "ACL not found" },
    "409": answer(JSON.stringify({ Results: [{ KV: mark }], Errors: [] }), { status: 409 }),
    "errors with results": answer(
      JSON.stringify({ Results: [{ KV: mark }], Errors: [{ OpIndex: 0, What: "x" }] }),
    ),
    nothing: answer(""),
    "an object": answer("{}"),
    "no errors": answer(JSON.stringify({ Results: [{ KV: mark }] })),
    "no marks": answer('{"Results":[],"Errors":null}'),
    "no results": answer('{"Results":null,"Errors":null}'),
    "an entry without a name": kv({ ModifyIndex: 9 }),
    "a mark without an index": kv({ Key: mark.Key }),
    "a mark whose index is a text": kv({ ...mark, ModifyIndex: "x" }),
    "a mark of no tree": kv({ ...mark, Key: "rolegate/changed/x" }),
    "a mark with a long name": kv({ ...mark, Key: "rolegate/changed/00" }),
    "another prefix": kv({ ...mark, Key: "other/changed/0" }),
    "an operation of another kind": answer('{"Results":[{"Service":{}}],"Errors":null}'),
    "more than 256 KiB": answer(
      JSON.stringify({ Results: [{ KV: mark }], Errors: null, x: "x".repeat(262_144) }),
    ),
  };
  for (const [name, bad] of Object.entries(BAD)) {
    test(`${name}, what is known stays in use, and nothing counts as read`, async () => {
      const jar = await signedOut();
      await two.tick();
      consul.instead = () => bad;
      const result = await two.tick();
      assert.equal(result.response.status, 503);
      assert.deepEqual(told(result), ["store_unreadable"]);
      pass(6, one, two);
      assert.equal(await two.sees(jar), "session_revoked");
      consul.instead = () => undefined;
      assert.equal(await two.status(), 204);
    });

    test(`${name}, people and the provider are told, and it is written later`, async () => {
      await read(one, two);
      await one.login.signIn();
      const jar = one.login.jar.copy();
      consul.instead = () => bad;
      const seen = await follow(one.login, "/oidc/logout", { jar: jar.copy() });
      // One result is what was asked for.
      if (
        !["a mark", "another prefix", "an entry", "an operation"].some((it) => name.startsWith(it))
      ) {
        assert.equal(seen.at(-1)!.response.status, 503);
        assert.deepEqual(seen.flatMap(events), ["store_not_written", "sign_out_incomplete"]);
        const { response } = await one.login.visit("/oidc/backchannel-logout", await LOGOUT());
        assert.equal(response.status, 503);
      }
      consul.instead = () => undefined;
      assert.equal(await one.status(), 204);
      await read(two);
      assert.equal(await two.sees(jar), "session_revoked");
    });
  }
});

describe("with access control", () => {
  const token = "b1gs33d-4f8e-4a1c-9d2b-77aa01c3e5f9";
  const all = { prefix: "rolegate/", writes: true, reads: true };

  test("the token is a header of each request, and stands nowhere else", async () => {
    consul.tokens = { [token]: all };
    const [three, four] = [new Machine(), new Machine()];
    for (const it of [three, four]) await it.start({ ...STORE, token });
    await read(three, four);
    await three.login.signIn();
    const jar = three.login.jar.copy();
    const seen = await follow(three.login, "/oidc/logout");
    assert.equal(seen.at(-1)!.response.status, 302);
    await read(four);
    assert.equal(await four.sees(jar), "session_revoked");
    for (const { request } of consul.received) {
      assert.equal(request.headers.get("X-Consul-Token"), token);
      assert.ok(!request.target.includes(token) && !request.body.includes(token));
    }
    for (const { folder } of [three, four]) {
      for (const name of folder.list()) {
        if (name.startsWith("store")) assert.ok(!folder.read(name).includes(token));
      }
      folder.remove();
    }
  });

  const REFUSED: Record<string, Record<string, typeof all>> = {
    "a token that is unknown": {},
    "a token of another prefix": { [token]: { ...all, prefix: "other/" } },
    "a token that may not write": { [token]: { ...all, writes: false } },
    "a token that may not read": { [token]: { ...all, reads: false } },
  };
  for (const [name, tokens] of Object.entries(REFUSED)) {
    test(`${name}: nothing counts as read, it is told, and ends when it is put right`, async () => {
      consul.tokens = tokens;
      const three = new Machine();
      await three.start({ ...STORE, token });
      const results = [await three.tick(), await three.tick()];
      for (const { response } of results) assert.equal(response.status, 503);
      assert.deepEqual(results.flatMap(told), ["store_unreadable"]);
      assert.doesNotMatch(JSON.stringify(results.flatMap(({ logs }) => logs)), /b1gs33d/);
      assert.ok(!three.folder.list().some((it) => it.startsWith("store-read")));
      consul.tokens = { [token]: all };
      assert.equal(await three.status(), 204);
      three.folder.remove();
    });
  }
});

test("each Traefik refreshes by itself, without a visit", async () => {
  clock.ms = Math.floor(Date.now() / 1000 - 240) * 1000;
  await one.login.signIn();
  const jar = one.login.jar.copy();
  clock.pass(240);
  await read(one, two);
  provider.received.length = 0;
  consul.received.length = 0;
  for (const { login } of [one, two]) {
    const seen = await follow(login, "/oidc/refresh?rd=%2Fa", { jar: jar.copy() });
    assert.equal(seen.length, 1);
  }
  assert.equal(provider.asked.filter((it) => it === "POST /token").length, 2);
  assert.deepEqual(consul.asked, []);
});

test("a step of a refresh, as etcd has them, is none here", async () => {
  const three = new Machine();
  await three.start({ kind: "etcd" });
  clock.ms = Math.floor(Date.now() / 1000 - 240) * 1000;
  await three.login.signIn();
  const jar = three.login.jar.copy();
  clock.pass(240);
  await read(one, three);
  const begun = await three.login.visit("/oidc/refresh?rd=%2Fa", { jar: jar.copy() });
  const step = locationOf(begun)!;
  assert.match(step, /^\/oidc\/store\?/);
  consul.received.length = 0;
  const { response, forwarded } = await one.login.visit(step, { jar: jar.copy() });
  assert.deepEqual([response.status, forwarded, consul.asked.length], [404, null, 0]);
  three.folder.remove();
});
