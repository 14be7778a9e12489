/** No test is left out, and none is the only one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sources, textOf } from "./files.ts";

const LEFT_OUT =
  /\b(?:test|it|describe|suite)\.(?:only|skip|todo)\b|\{\s*(?:only|skip|todo)\s*:|\bx(?:it|test|describe)\(|\.(?:skip|todo)\(\)|^\s*todo\(/m;

test("nothing is skipped, left to do, or run alone", () => {
  const tests = sources("test").filter((path) => /\.(test|spec)\.ts$/.test(path));
  assert.ok(tests.length > 5);
  const found = tests.filter((path) => LEFT_OUT.test(textOf(path)));
  assert.deepEqual(
    found.filter((path) => path !== "test/repo/tests.test.ts"),
    [],
  );
});
