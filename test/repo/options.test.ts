/** What is made of config/options.yaml is what the table says now. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { filesOfOptions, readTable, TABLE } from "../../src/options/files.ts";
import { tableOf } from "../../src/options/table.ts";
import { root } from "../../tools/root.ts";

for (const [path, text] of await filesOfOptions(root)) {
  test(`${path} is what \`npm run options\` writes`, () => {
    const [found, expected] = [readFileSync(join(root, path), "utf8"), text].map((it) =>
      it.split("\n"),
    ) as [string[], string[]];
    // The first line that differs says more than two files do.
    const at = expected.findIndex((line, index) => line !== found[index]);
    assert.equal(found[at], expected[at], `line ${at + 1}; run npm run options`);
    assert.equal(found.length, expected.length);
  });
}

test("the table is whole", () => {
  const { options, sections } = readTable(root);
  assert.ok(options.length > 80, String(options.length));
  assert.ok(sections.size > 8);
});

const source = readFileSync(join(root, TABLE), "utf8");
const CLOCK_SKEW = `    - path: validation.clockSkew
      type: seconds
      most: CLOCK_SKEW
      default: 30
      meaning: Seconds that clocks may differ
`;
const row = (more: Record<string, string>) => {
  const members = { path: "validation.clockSkew", type: "boolean", meaning: "What it is for" };
  const lines = Object.entries({ ...members, ...more }).map(([name, value]) => `${name}: ${value}`);
  return `    - ${lines.join("\n      ")}\n`;
};

const MISTAKES: [name: string, row: string, says: RegExp][] = [
  ["a member that is misspelt", row({ defualt: "true" }), /defualt is none of path, type/],
  ["no type", row({ type: "second" }), /type second is no type/],
  ["no meaning", row({ meaning: '""' }), /meaning is missing/],
  ["a path that occurs twice", row({ path: "audience" }), /audience: path occurs twice/],
  [
    "an element of no list",
    row({ path: '"keys[].name"' }),
    /keys\[\]: path is in a list that has no row/,
  ],
  ["no number", row({ type: "seconds", most: "an hour" }), /most an hour is no number/],
  ["a limit that is none", row({ type: "seconds", most: "CLOCK_SKEWS" }), /no number, duration or/],
  ["nothing in range", row({ type: "seconds", least: "2h", most: "1h" }), /least is above most/],
  [
    "a default out of range",
    row({ type: "seconds", most: "1h", default: "2h" }),
    /default is out of range/,
  ],
  ["words without a list", row({ type: "word" }), /words names no list/],
  ["a list that is not there", row({ type: "word", words: "Moods" }), /words names no list/],
  [
    "a default that is no word",
    row({ type: "word", words: "Audit", default: "some" }),
    /default some is no word of it/,
  ],
  ["a secret without modes", row({ type: "secret" }), /modes are what a secret has/],
  ["modes of what is no secret", row({ modes: "[auth]" }), /modes are what a secret has/],
  ["a mode that is none", row({ type: "secret", modes: "[guard]" }), /modes guard is none/],
  [
    "an element that changes who somebody is",
    row({ path: '"rules[].who"', identity: "true" }),
    /identity is of elements/,
  ],
];

for (const [name, written, says] of MISTAKES) {
  test(`a row is refused with ${name}`, () => {
    assert.ok(source.includes(CLOCK_SKEW));
    assert.throws(() => tableOf(source.replace(CLOCK_SKEW, written)), says);
  });
}

test("a word that no row names is refused", () => {
  const more = source.replace("Audit: [off,", "Audit: [none, off,");
  assert.throws(() => tableOf(more), /meaning does not name none/);
});
