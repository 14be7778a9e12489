/** The functions of the rule language have one list of names, wherever they are told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FUNCTIONS } from "../properties/language/decide.ts";
import { ARGUMENTS } from "../properties/language/random-rules.ts";
import { CONDITIONS } from "../../src/cli/matrix/matrix.ts";
import { RULE_FUNCTIONS } from "../support/rule-functions.ts";
import { sources, textOf } from "./files.ts";

const namesIn = (path: string, pattern: RegExp) =>
  [...textOf(path).matchAll(pattern)].map(([, name]) => name!).sort();

test("those of the guest are documented, and there are no others in docs/policy.md", () => {
  assert.ok(RULE_FUNCTIONS.length > 20);
  assert.deepEqual(namesIn("docs/policy.md", /^\| `([A-Z]\w*)\(/gm), RULE_FUNCTIONS);
});

test("the evaluator beside the guest's has them, and its random rules", () => {
  assert.deepEqual(Object.keys(FUNCTIONS).sort(), RULE_FUNCTIONS);
  assert.deepEqual(Object.keys(ARGUMENTS).sort(), RULE_FUNCTIONS);
});

test("each stands in the table of cases, which both hosts play", () => {
  const cases = sources("test/cases").map(textOf).join("\n");
  assert.deepEqual(
    RULE_FUNCTIONS.filter((name) => !new RegExp(`\\b${name}\\(`).test(cases)),
    [],
  );
});

test("a matrix varies what a route does not say: all about the request but path, method and host", () => {
  const section = /## About the request\n([\s\S]*?)\n## /.exec(textOf("docs/policy.md"))![1]!;
  const names = [...section.matchAll(/^\| `([A-Z]\w*)\(/gm)].map(([, name]) => name!);
  const ofRoutes = ["Path", "PathPrefix", "Method", "Host"];
  assert.ok(names.length > ofRoutes.length + 5);
  assert.deepEqual([...Object.keys(CONDITIONS), ...ofRoutes].sort(), names.sort());
});
