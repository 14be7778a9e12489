/** The provider has a new key every second. Sessions do not notice, fetches have an end, and the last key counts at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Stage, trail } from "../browser/stage.ts";
import { until } from "../browser/until.ts";
import { assertNobodySignedOut, path, signInMany } from "./signed-in.ts";

/** A minute in the long form. */
const seconds = Number(process.env.ROLEGATE_ROTATION_SECONDS ?? 20);
const stage = new Stage({ block: { keys: { refresh: "10s" } } });

test(`a new key every second, for ${seconds} s`, async (context) => {
  const { provider } = stage;
  const people = await signInMany(stage, 4);
  const bearer = async (token: string) => {
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(stage.url(path), { headers })).status;
  };
  provider.network.reset();
  const statuses: Record<string, number> = {};
  const begin = Date.now();
  for (let turn = 0; turn < seconds; turn++) {
    await provider.rotate();
    provider.retire();
    const [fresh, forged] = [
      await provider.token("bob"),
      await provider.forge({ iss: provider.issuer, sub: "bob" }),
    ];
    for (const end = begin + (turn + 1) * 1_000; Date.now() < end; await sleep(100)) {
      const status = await bearer(fresh);
      statuses[status] = (statuses[status] ?? 0) + 1;
      assert.ok(status === 200 || status === 401, String(status));
      assert.equal(await bearer(forged), 401);
      for (const browser of people) {
        const visit = await browser.fetch(stage.url(path));
        assert.equal(visit.status, 200, trail(visit));
      }
    }
  }
  const fetches = provider.network.of("keys").length;
  const last = await provider.token("bob");
  await until("the last key", async () => (await bearer(last)) === 200);
  context.diagnostic(
    `${seconds} rotations: ${fetches} fetches, fresh tokens: ${JSON.stringify(statuses)}`,
  );
  // At most one in a tenth of `keys.refresh`, and the health check comes once a second.
  assert.ok(fetches <= (Date.now() - begin) / 1_000 + 1, `${fetches} fetches`);
  await assertNobodySignedOut(stage, people);
});
