/** Every reason to refuse a request has its row, and a request that is refused for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sources, textOf } from "./files.ts";

const source = textOf("assembly/outcome/reason.ts");
const members = [
  .../export enum Reason \{([\s\S]*?)\n\}/.exec(source)![1]!.matchAll(/^ {2}(\w+),/gm),
];
const names = members.map(([, name]) => name!.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase());
const rows = [...source.matchAll(/^ {2}"(\w+)", "(\w*)",$/gm)].map(([, name]) => name!);

test("the table has a row for each reason, in the same order and under its name", () => {
  assert.ok(names.length > 40);
  assert.deepEqual(rows, names);
});

test("a case is refused for it, or a visit of sign-in", () => {
  const cases = sources("test/cases", "test/login").map(textOf).join("\n");
  assert.deepEqual(
    names.filter((name) => !cases.includes(`"${name}"`)),
    [],
  );
});
