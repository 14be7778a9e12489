/**
 * The benchmarks on the Go host: each measures all that it is asked for, of requests that are let through, and says so
 * if one is not. No figure is asserted, but what can be counted.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Load, loads, sameForAll } from "../../bench/loads.ts";
import { shapes } from "../../bench/shapes.ts";
import { measureStartup } from "../../bench/startup.ts";
import { measureWarm } from "../../bench/warm.ts";
import { root } from "../../tools/root.ts";

const plugin = join(root, "plugin.wasm");
const little = { requests: 8, batches: 2 };
const named = (list: Load[], name: string) => list.find((load) => load.name === name)!;

test("a warm request is measured beside the floor guest and the other module", async () => {
  const chosen = loads(true).filter(({ name }) => name !== "body of 1024 kB");
  const results = await measureWarm({ ...little, loads: chosen, against: plugin, guests: [1, 3] });
  assert.deepEqual(
    results.map(({ load, guests }) => [load, guests]),
    chosen.flatMap(({ name }) => [
      [name, 1],
      [name, 3],
    ]),
  );
  for (const { rolegate, floor, against } of results) {
    for (const { time, allocations, bytes } of [rolegate, floor, against!]) {
      assert.ok([...Object.values(time), allocations, bytes].every(Number.isFinite));
      // A call of the host's allocates: one that is not made would be cheap.
      assert.ok(allocations > 1);
    }
  }
});

test("requests are asked in turn, and one that is refused ends the benchmark", async () => {
  const distinct = named(shapes(), "distinct paths");
  const [first, ...others] = await distinct.calls(plugin);
  const [result] = await measureWarm({ ...little, loads: [distinct], guests: [2], cold: 64 });
  assert.equal(result!.against, null);
  const refused = { ...first!, headers: [["Host", "prefect.example.com"]] as [string, string][] };
  const load = sameForAll("refused", distinct.config, [first!, ...others.slice(0, 5), refused]);
  await assert.rejects(measureWarm({ ...little, loads: [load], guests: [1] }), /ended with 1/);
});

test("new guests are measured beside the other module's", async () => {
  const options = { guests: 3, batches: 2, rules: 20 };
  const { rolegate, against } = await measureStartup({ ...options, against: plugin });
  for (const { guest, firstRequest, pages, guests } of [rolegate, against!]) {
    assert.deepEqual([guests, pages], [6, rolegate.pages]);
    assert.ok([...Object.values(guest), ...Object.values(firstRequest)].every(Number.isFinite));
  }
  assert.ok(Number.isFinite(against!.quotients.guest.median));
  assert.equal((await measureStartup(options)).against, null);
});
