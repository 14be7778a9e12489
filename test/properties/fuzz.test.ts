/** A small run of `npm run fuzz`, which tries a million inputs: none traps, and every answer is of a known code. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FINDINGS, REASONS } from "../fuzz/answers.ts";
import { fuzz } from "../fuzz/run.ts";
import type { Session, Target } from "../fuzz/target.ts";
import { TARGETS } from "../fuzz/targets.ts";

const CASES = 24_000;

test("docs/log.md has codes for the fuzzer to know", () => {
  assert.ok(REASONS.size > 50 && FINDINGS.size > 20, `${REASONS.size}, ${FINDINGS.size}`);
});

test(`${CASES} inputs to everything that is read`, async () => {
  const seed = process.env.ROLEGATE_SEED ?? "rolegate fuzz";
  const { tried, crashes } = await fuzz({ seed, cases: CASES, targets: TARGETS });
  assert.deepEqual(crashes, []);
  assert.equal(Object.keys(tried).length, TARGETS.length);
  assert.ok(Object.values(tried).reduce((sum, count) => sum + count, 0) >= CASES);
});

/** One that goes wrong at an `x` behind a `y`. */
const FRAGILE: Target = {
  name: "fragile",
  share: 1,
  batch: 100,
  open: async (): Promise<Session> => ({
    make: (dice) => [dice.bytes(20).toString("hex"), dice.chance(50) ? "0y0x0" : "0x0y0"],
    attempt: async (input) => (/y.*x/.test(JSON.stringify(input)) ? "broken" : null),
  }),
};

test("what goes wrong is found, made small, and can be repeated", async () => {
  const run = { seed: "fragile", cases: 1_000, targets: [FRAGILE] };
  const { crashes } = await fuzz(run);
  const [crash] = crashes;
  assert.deepEqual(crash?.minimal, ["yx"]);
  const { crashes: again } = await fuzz({ ...run, only: crash!.batch });
  assert.deepEqual(again, [crash]);
});
