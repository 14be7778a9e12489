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
  token: [640, 175, 101, 16, 11],
  session: [1200, 270, 101, 18, 13],
  "API key": [480, 160, 64, 14, 9],
  anonymous: [300, 130, 46, 13, 6],
  "token of 0.7 kB": [560, 160, 84, 16, 9],
  "token of 1.4 kB": [670, 175, 108, 16, 11],
  "token of 4 kB": [980, 175, 185, 16, 12],
  "5 headers": [640, 175, 101, 16, 11],
  "20 headers": [670, 175, 111, 16, 11],
  "60 headers": [800, 175, 135, 17, 11],
  "program's headers": [640, 175, 103, 16, 11],
  "browser's headers": [640, 175, 104, 16, 11],
  "1 rules": [550, 175, 96, 13, 11],
  "20 rules": [620, 175, 98, 16, 11],
  "200 rules": [1200, 175, 122, 16, 11],
  "distinct paths": [640, 175, 101, 17, 11],
  "audited write": [2900, 760, 164, 22, 13],
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
