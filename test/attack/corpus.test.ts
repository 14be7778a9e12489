/** The corpus is whole: hundreds of cases, each with a source, and every finding of the attack among them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CORPUS } from "./corpus.ts";

const classes = Object.values(CORPUS);
const count = classes.reduce((sum, { cases }) => sum + cases.length, 0);

test(`it has ${count} cases in ${classes.length} classes`, () => {
  assert.ok(count >= 400);
  console.log(`attack: ${count} cases in ${classes.length} classes`);
});

test("a class has a kind of its own, and a name", () => {
  assert.equal(new Set(classes.map((it) => it.class)).size, classes.length);
});
