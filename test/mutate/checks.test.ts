/** The table of checks is complete: each function of the guest that says no has a row, and each row such a function. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { CHECKS } from "./checks-table.ts";
import { guestMutants } from "./definition.mjs";
import { mistakesOf } from "./rows.ts";

const mutants = guestMutants();

test("every check of the guest is in the table: `npm run mutate -- --list` has what is missing", () => {
  assert.ok(mutants.length > 500, `${mutants.length} mutants`);
  assert.deepEqual(mistakesOf(mutants), []);
});

test("a check without a row is a mistake, and so is a row without a check", () => {
  const [first, ...others] = mutants;
  const fresh = { check: "gate/decide#isNew: x", operand: "x" };
  assert.match(mistakesOf([...mutants, fresh]).join(), /gate\/decide#isNew: has no row/);
  const more = { check: `${first!.check} (99)`, operand: "x" };
  assert.match(mistakesOf([...mutants, more]).join(), /checks, and its row is about/);
  const name = /^[^#]+#\w+/.exec(first!.check)![0];
  const without = others.filter(({ check }) => !check.startsWith(name));
  assert.match(mistakesOf(without).join(), /the guest has no such check/);
});

test("each row says what it prevents, and names tests that exist", () => {
  for (const [name, { tests, prevents }] of Object.entries(CHECKS)) {
    assert.match(prevents, /^\S.{14,}[^.\s]$/, name);
    assert.ok(tests.length > 0, `${name}: no tests`);
    for (const file of tests) assert.ok(existsSync(`test/${file}.test.ts`), `${name}: ${file}`);
  }
});
