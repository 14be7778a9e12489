/**
 * A warm request touches no more of the guest's memory than this: under load each guest finds its memory outside
 * the processor's caches. The counts are exact; the bounds leave a little for changes that are worth it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { measureLines } from "../../bench/lines.ts";
import { root } from "../../tools/root.ts";

/** Loads, stores, lines of 64 bytes, pages of 4 KiB, host calls. */
const BOUNDS: Record<string, [number, number, number, number, number]> = {
  token: [560, 115, 92, 11, 11],
  session: [1010, 205, 90, 13, 13],
  "API key": [415, 114, 58, 12, 9],
  anonymous: [300, 100, 44, 10, 6],
  "token of 0.7 kB": [495, 115, 75, 11, 9],
  "token of 1.4 kB": [590, 115, 99, 11, 11],
  "token of 4 kB": [900, 115, 176, 14, 12],
  "5 headers": [560, 115, 92, 11, 11],
  "20 headers": [595, 115, 96, 11, 11],
  "60 headers": [695, 115, 110, 12, 11],
  "program's headers": [570, 115, 93, 11, 11],
  "browser's headers": [570, 115, 93, 11, 11],
  "1 rules": [520, 117, 90, 10, 11],
  "20 rules": [530, 117, 93, 11, 11],
  "200 rules": [590, 120, 110, 13, 11],
  "distinct paths": [560, 115, 93, 11, 11],
  "audited write": [1120, 460, 152, 14, 13],
};

describe("a warm request touches no more memory than", async () => {
  const measured = await measureLines(join(root, "plugin.wasm"));
  for (const { name, loads, stores, lines, pages, calls } of measured) {
    test(`${name}: ${BOUNDS[name]?.join(", ")}`, () => {
      const found = [loads, stores, lines, pages, calls.length];
      const tooMany = found.filter((count, i) => !(count <= BOUNDS[name]![i]!));
      assert.deepEqual(tooMany, [], `it is ${found.join(", ")}`);
    });
  }
  test("all of them were measured", () => {
    assert.deepEqual(measured.map(({ name }) => name).toSorted(), Object.keys(BOUNDS).toSorted());
  });
});
