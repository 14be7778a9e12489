/** Keys change while requests run: no token of a published key is ever refused, none of a withdrawn one is let through. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeProtectedHeader } from "jose";
import { peopleClient } from "./realm.ts";
import type { Setting } from "./setting.ts";
import { byPassword } from "./tokens.ts";
import { Traffic } from "./traffic.ts";

/** The plugin looks at the file at most once a second. */
const lookInterval = 1_000;
const margin = 500;

export function rotationTests(setting: Setting): void {
  const newToken = async () =>
    (await byPassword(setting.keycloak.issuer, peopleClient, "alice")).access_token;
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;
  const get = (token: string) => setting.get("/view", token);
  const noticed = () => sleep(lookInterval + margin);

  test("a rotation in order, under load: no false 401, and 401 for the withdrawn key", async () => {
    const { keys } = setting;
    const before = await keys.active();
    const oldToken = await newToken();
    assert.equal(kidOf(oldToken), before.kid);
    const traffic = new Traffic(get, [oldToken]);
    try {
      // Published before it signs: whoever reads the keys now and then knows it in time.
      const provider = await keys.create("second", 200, false);
      await setting.refreshKeys();
      assert.equal((await keys.active()).kid, before.kid);
      await noticed();

      await keys.activate(provider);
      const token = await newToken();
      assert.equal(kidOf(token), (await keys.active()).kid);
      assert.notEqual(kidOf(token), before.kid);
      traffic.use([oldToken, token]);
      await noticed();
      assert.deepEqual(Object.keys(traffic.counts), ["200"], JSON.stringify(traffic.counts));
      assert.ok(traffic.counts[200]! > 100, "there was load");

      // Withdrawn: the old key's tokens have an hour to live, and are refused all the same.
      await keys.disable(before.provider);
      await setting.refreshKeys();
      traffic.use([token]);
      await noticed();
      assert.deepEqual(Object.keys(traffic.counts), ["200"], JSON.stringify(traffic.counts));
      traffic.clear();
      traffic.use([oldToken]);
      await sleep(margin);
      // Requests that were under way when the tokens were changed may carry the other one.
      traffic.clear();
      await sleep(margin);
      assert.deepEqual(Object.keys(traffic.counts), ["401"], JSON.stringify(traffic.counts));
      assert.equal((await get(token)).status, 200);
    } finally {
      await traffic.stop();
    }
  });

  test("a key that signs before it is in the file: 401 until the file is current", async () => {
    const { keys } = setting;
    const before = await keys.active();
    const provider = await keys.create("third", 300, true);
    const token = await newToken();
    assert.notEqual(kidOf(token), before.kid);
    assert.equal((await get(token)).status, 401);
    await setting.refreshKeys();
    await noticed();
    assert.equal((await get(token)).status, 200);

    await keys.disable(provider);
    await setting.refreshKeys();
    await noticed();
    assert.equal((await get(token)).status, 401);
    const again = await newToken();
    assert.equal(kidOf(again), before.kid);
    assert.equal((await get(again)).status, 200);
  });
}
