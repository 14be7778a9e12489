/**
 * What a guest has served before does not change its answers. `npm run fuzz -- --served 1000000` compares more of
 * them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareServed, compareSignIns } from "./served/sequence.ts";

const REQUESTS = 4_000;
const VISITS = 600;
const seed = process.env.ROLEGATE_SEED ?? "rolegate served before";

test(`${REQUESTS} requests to guests that have served others, and to new ones`, async () => {
  const { reasons, ...counts } = await compareServed({ seed, requests: REQUESTS });
  const { sequences: _, ...least } = counts;
  assert.ok(Math.min(...Object.values(least)) > 40, JSON.stringify(counts));
  assert.ok(Object.keys(reasons).length > 35, JSON.stringify(reasons));
});

test(`${VISITS} visits to guests of mode login that have signed others in, and to new ones`, async () => {
  const { exchanges, events } = await compareSignIns({ seed, requests: VISITS });
  assert.ok(exchanges > VISITS / 20, `${exchanges} went to the provider`);
  for (const event of ["signed_in", "refreshed", "signed_out", "signed_out_by_provider"]) {
    assert.ok(events[event], `${event}: ${JSON.stringify(events)}`);
  }
});
