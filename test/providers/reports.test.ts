/** Each public report has its tests, by their names: one that is renamed or taken away leaves none without a word. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { REPORTS } from "./reports-table.ts";

for (const [report, { what, tests }] of Object.entries(REPORTS)) {
  test(`${report}: ${what}`, () => {
    assert.ok(tests.length > 0);
    for (const [file, name] of tests) {
      const text = readFileSync(`test/${file}`, "utf8");
      assert.ok(text.includes(name), `test/${file} has no "${name}"`);
    }
  });
}
