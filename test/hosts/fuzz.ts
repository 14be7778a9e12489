/** A small run of `npm run fuzz -- --host go`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { useHost } from "../fuzz/host.ts";
import { fuzz } from "../fuzz/run.ts";
import { TARGETS } from "../fuzz/targets.ts";
import type { Run } from "./run.ts";

export function testFuzz(run: Run, cases: number): void {
  test(`${cases.toLocaleString("en")} inputs to everything that is read`, async () => {
    useHost(run.host);
    try {
      const { crashes } = await fuzz({ seed: run.seed, cases, targets: TARGETS });
      assert.deepEqual(crashes, []);
    } finally {
      useHost(null);
    }
  });
}
