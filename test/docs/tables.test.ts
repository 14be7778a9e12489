/** What the docs list is what the sources have: reasons, limits, codes, functions. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import * as limits from "../../assembly/limits.ts";
import { root } from "../../tools/root.ts";
import { RULE_FUNCTIONS } from "../support/rule-functions.ts";
import { blocks, pages, read, rows } from "./blocks.ts";

const source = (path: string) => readFileSync(join(root, "assembly", path), "utf8");
const code = (cell: string) => cell.replaceAll("`", "");

test("docs/log.md has every reason with its answer", () => {
  const statuses = new Map(
    [...source("outcome/answer.ts").matchAll(/new Answer\("(\w+)", (\d+)/g)].map((it) => [
      it[1]!,
      it[2]!,
    ]),
  );
  const expected = [...source("outcome/reason.ts").matchAll(/^ {2}"(\w+)", "(\w+)",$/gm)]
    .map(([, reason, answer]) => `${reason}: ${statuses.get(answer!)} ${answer}`)
    .sort();
  const documented = rows("docs/log.md")
    .filter((cells) => /^\d/.test(cells[1]!))
    .map((cells) => `${code(cells[0]!)}: ${code(cells[1]!)}`)
    .sort();
  assert.ok(documented.length > 40);
  assert.deepEqual(documented, expected);
});

test("docs/configuration.md has every limit with its value", () => {
  const expected = Object.entries(limits)
    .map(([name, value]) => `${name} ${value}`)
    .sort();
  const documented = rows("docs/configuration.md")
    .filter((cells) => /^`[A-Z_]{4,}`/.test(cells[0]!))
    .flatMap((cells) => {
      const names = [...cells[0]!.matchAll(/`([A-Z_]+)`/g)].map((it) => it[1]!);
      const values = cells[1]!.split(", ");
      return names.map((name, index) => `${name} ${values[index]}`);
    })
    .sort();
  const planned = expected.filter((it) => !documented.includes(it));
  assert.deepEqual(planned, [], "limits without a row");
  assert.deepEqual(documented, expected);
});

test("docs/log.md has every code of a configuration's mistakes", () => {
  const folder = join(root, "assembly", "config");
  const files = [
    ...readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")),
    source("host/key-files.ts"),
  ].join("\n");
  const call =
    /(?:error|warning)\(\s*(?:`[^`]*`|"[^"]*"|[\w.]+(?:\([^()]*\)|\[\w+\])?),\s*"(\w+)"/g;
  const used = new Set([...files.matchAll(call)].map((it) => it[1]!));
  const paragraph = /Codes: ([\s\S]*?)\.\n/.exec(read("docs/log.md"))![1]!;
  const documented = [...paragraph.matchAll(/`(\w+)`/g)].map((it) => it[1]!);
  assert.ok(used.size > 15);
  assert.deepEqual(documented.sort(), [...used].sort());
});

test("docs/policy.md has every function", () => {
  const documented = rows("docs/policy.md")
    .map((cells) => /^`(\w+)\(/.exec(cells[0]!)?.[1])
    .filter((it) => it !== undefined);
  assert.deepEqual(documented.sort(), RULE_FUNCTIONS);
});

test("every line that is shown as JSON is JSON", () => {
  const lines = [...read("docs/log.md").matchAll(/^`(\{.*\})`$/gm)].map((it) => it[1]!);
  assert.ok(lines.length >= 3);
  for (const line of lines) assert.doesNotThrow(() => JSON.parse(line) as unknown, line);
});

test("links lead somewhere", () => {
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (/^https?:/.test(target!)) continue;
      assert.ok(existsSync(join(root, dirname(page), target!)), `${page}: ${target}`);
    }
  }
});

test("npm scripts that the docs name exist", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const text = pages.map(read).join("\n") + blocks.map((it) => it.text).join("\n");
  const named = new Set(
    [...text.matchAll(/npm (?:run (?:-s )?)?(start|test|[a-z]+(?::[a-z0-9-]+)?)\b/g)].map(
      (it) => it[1]!,
    ),
  );
  assert.ok(named.size >= 4);
  // npm's own command.
  named.delete("install");
  for (const name of named) assert.ok(name in scripts, name);
});
