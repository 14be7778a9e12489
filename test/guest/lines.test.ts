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
  token: [630, 172, 97, 14, 11],
  session: [1160, 265, 96, 16, 13],
  "API key": [475, 157, 60, 14, 9],
  anonymous: [295, 128, 44, 12, 6],
  "token of 0.7 kB": [555, 157, 80, 14, 9],
  "token of 1.4 kB": [660, 172, 104, 14, 11],
  "token of 4 kB": [975, 172, 181, 15, 12],
  "5 headers": [630, 172, 97, 14, 11],
  "20 headers": [665, 172, 107, 14, 11],
  "60 headers": [765, 172, 131, 14, 11],
  "program's headers": [640, 172, 100, 14, 11],
  "browser's headers": [640, 172, 101, 14, 11],
  "1 rules": [550, 172, 93, 12, 11],
  "20 rules": [610, 172, 95, 14, 11],
  "200 rules": [1195, 172, 118, 15, 11],
  "distinct paths": [610, 172, 97, 15, 11],
  "audited write": [2860, 745, 160, 18, 13],
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
