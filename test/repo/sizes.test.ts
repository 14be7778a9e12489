/** One job for each file: sizes, names and opening comments. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sources, textOf } from "./files.ts";

const CAP = 450;
const MEDIAN = 150;
/** Below this a file's name says it all. */
const SPEAKS_FOR_ITSELF = 8;

const all = sources("assembly", "src", "test", "tools", "bench");
const lines = (path: string) => textOf(path).split("\n").length - 1;

test(`no file is longer than ${CAP} lines; tables are free`, () => {
  const long = all.filter((path) => !path.endsWith("-table.ts") && lines(path) > CAP);
  assert.deepEqual(long, []);
});

for (const folder of ["assembly", "src"]) {
  test(`half of ${folder}/ is below ${MEDIAN} lines`, () => {
    const sizes = sources(folder)
      .map(lines)
      .sort((a, b) => a - b);
    const median = sizes[sizes.length >> 1]!;
    assert.ok(median < MEDIAN, `median ${median}`);
  });
}

test("a name is one lower-case word or kebab-case, and says what is inside", () => {
  const odd = all.filter((path) => {
    const [, ...parts] = path.split("/");
    return parts.some(
      (part) =>
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|spec|config))?(\.(ts|mjs))?$/.test(part) ||
        /^(utils?|helpers?|common|misc|shared)\b/.test(part),
    );
  });
  assert.deepEqual(odd, []);
});

test("a file opens with what it is", () => {
  const silent = all.filter(
    (path) => lines(path) > SPEAKS_FOR_ITSELF && !textOf(path).startsWith("/**"),
  );
  assert.deepEqual(silent, []);
});
