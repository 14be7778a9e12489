/** Files that are cut off, in another encoding, or edited at random: what cannot be understood is an error with its place. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CliError } from "../../../src/cli/failure.ts";
import { migrate } from "../../../src/cli/migrate/read.ts";
import { yamlOf } from "../../../src/cli/migrate/write.ts";
import { SourceFile } from "../../../src/cli/source/file.ts";
import { root } from "../../../tools/root.ts";
import { type Dice, diceFor } from "../../support/dice.ts";

const COUNT = Number(process.env.ROLEGATE_MIGRATE_MUTATED ?? 600);

const folders = [
  "test/cli/migrate/real",
  "test/cli/fixtures/migrate",
  "test/cli/fixtures/migrate/cases",
];
const FILES = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter((it) => it.isFile())
    .map((it) => ({ name: it.name, bytes: readFileSync(join(root, folder, it.name)) })),
);

const NOISE = [
  "{",
  "}",
  ";",
  '"',
  "'",
  "\\",
  "\u0000",
  "\t",
  ": ",
  "- ",
  "&a ",
  "*a",
  "<<: *a",
  "[",
  "]",
  "{{ if }}",
  "$",
  "^(",
  "(?",
  "{1,",
  "`",
  "\r",
  "é",
  "%",
  "\n\n---\n",
  "!!js ",
  "null",
  "1e999",
  "__proto__",
  "constructor",
];

const MUTATIONS: Record<string, (bytes: Buffer, dice: Dice) => Buffer> = {
  "cut off": (bytes, dice) => bytes.subarray(0, dice.below(bytes.length)),
  "UTF-16": (bytes) => Buffer.from(`\uFEFF${bytes.toString("utf8")}`, "utf16le"),
  "with a BOM and CRLF": (bytes) =>
    Buffer.from(`\uFEFF${bytes.toString("utf8").replaceAll("\n", "\r\n")}`),
  "Latin-1": (bytes, dice) =>
    Buffer.concat([
      bytes.subarray(0, 40),
      Buffer.from([0xe9, 0xff, 0x80]),
      bytes.subarray(40 + dice.below(9)),
    ]),
  "bytes flipped": (bytes, dice) => {
    const changed = Buffer.from(bytes);
    for (let count = 0; count < 8; count++) changed[dice.below(changed.length)] = dice.below(256);
    return changed;
  },
  "noise put in": (bytes, dice) => {
    let text = bytes.toString("utf8");
    for (let count = 0; count < 1 + dice.below(4); count++) {
      const at = dice.below(text.length);
      text = text.slice(0, at) + dice.pick(NOISE) + text.slice(at + dice.below(3));
    }
    return Buffer.from(text);
  },
  "a line taken out, doubled or moved": (bytes, dice) => {
    const lines = bytes.toString("utf8").split("\n");
    const [line = ""] = lines.splice(dice.below(lines.length), 1);
    for (let count = 0; count < dice.below(3); count++)
      lines.splice(dice.below(lines.length + 1), 0, line);
    return Buffer.from(lines.join("\n"));
  },
  "values of another type": (bytes, dice) => {
    const values = [
      "[]",
      "{}",
      "null",
      "true",
      "17",
      '""',
      "[[1]]",
      "{a: {b: 1}}",
      "-",
      "2026-01-01",
    ];
    const lines = bytes.toString("utf8").split("\n");
    const at = dice.below(lines.length);
    lines[at] = lines[at]!.replace(/([:=]\s*).*$/, `$1${dice.pick(values)}`);
    return Buffer.from(lines.join("\n"));
  },
};

test(`${COUNT} mutated files: a result, or an error that says what to do`, () => {
  const dice = diceFor("migrate mutated");
  const seen = { result: 0, error: 0 };
  const kinds = Object.entries(MUTATIONS);
  for (let count = 0; count < COUNT; count++) {
    const { name, bytes } = FILES[count % FILES.length]!;
    const [kind, mutate] = kinds[Math.floor(count / FILES.length) % kinds.length]!;
    const text = mutate(bytes, dice).toString("utf8");
    try {
      const drafts = migrate(new SourceFile(name, text));
      assert.ok(yamlOf(drafts, name).startsWith("# Made by"));
      seen.result++;
    } catch (error) {
      assert.ok(error instanceof CliError, `${kind}, ${name}: ${(error as Error).stack}\n${text}`);
      assert.match(error.code, /^(unreadable|not_recognised)$/);
      if (error.code === "unreadable") assert.match(error.message, /:\d+:\d+: |command: /);
      seen.error++;
    }
  }
  assert.ok(seen.result > COUNT / 5 && seen.error > COUNT / 20, JSON.stringify(seen));
});
