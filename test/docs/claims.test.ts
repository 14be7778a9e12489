/** What the docs name as the test of a claim is there: its file, its title where one is given, its command. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/root.ts";
import { pages, read } from "./blocks.ts";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** The files of a path whose last part may have a `*`. */
function filesAt(path: string): string[] {
  const folder = join(root, dirname(path));
  const [before, after = ""] = basename(path).split("*");
  const isMeant = (name: string) =>
    path.includes("*") ? name.startsWith(before!) && name.endsWith(after) : name === before;
  try {
    return readdirSync(folder)
      .filter(isMeant)
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** Why a claim's cell does not hold it; nothing: it does. */
function mistakesOf(cell: string): string[] {
  const mistakes: string[] = [];
  const named = [...cell.matchAll(/`([^`]+)`(?: \("([^"]+)"\))?/g)];
  if (named.length === 0) mistakes.push(`names no test: ${cell}`);
  for (const [, what, title] of named) {
    const script = /^npm run (\S+)/.exec(what!)?.[1];
    if (script) {
      if (!scripts[script]) mistakes.push(`${what} is no command`);
    } else if (what!.startsWith("test/")) {
      const files = filesAt(what!);
      if (files.length === 0) mistakes.push(`${what} is not there`);
      else if (title && !isTitled(files[0]!, title)) mistakes.push(`${what} has no "${title}"`);
    } else mistakes.push(`${what} is no path from the top, nor a command`);
  }
  return mistakes;
}

function isTitled(file: string, title: string): boolean {
  return (
    statSync(file).isFile() &&
    [...readFileSync(file, "utf8").matchAll(/\b(?:test|describe)\(\s*"([^"]+)"/g)].some(
      ([, found]) => found === title,
    )
  );
}

test("docs/security.md names the tests of each claim", () => {
  const [, section] = read("docs/security.md").split("\n## What holds it\n");
  const claims = [...section!.matchAll(/^\| (.+?) \| (.+) \|$/gm)].filter(
    ([, , cell]) => cell !== "Held by",
  );
  assert.ok(claims.length > 30, `${claims.length} claims`);
  assert.deepEqual(
    claims.flatMap(([, claim, cell]) => mistakesOf(cell!).map((it) => `${claim}: ${it}`)),
    [],
  );
});

test("each file of tests that any page names is there", () => {
  for (const page of pages) {
    for (const [, path] of read(page).matchAll(/`(test\/[^`\s]+)`/g)) {
      assert.ok(filesAt(path!).length > 0, `${page}: ${path}`);
    }
  }
});

test("a file that is gone, a title that has changed and a command that is none are mistakes", () => {
  const file = "test/docs/claims.test.ts";
  const title = "each file of tests that any page names is there";
  assert.deepEqual(
    mistakesOf(`\`${file}\` ("${title}"); \`test/docs/c*.ts\`; \`npm run lint\``),
    [],
  );
  assert.match(mistakesOf("`test/docs/gone.test.ts`").join(), /is not there/);
  assert.match(mistakesOf("`test/gone/a.test.ts`").join(), /is not there/);
  assert.match(mistakesOf("`test/docs/gone*.ts`").join(), /is not there/);
  assert.match(mistakesOf(`\`${file}\` ("another title")`).join(), /has no "another title"/);
  assert.match(mistakesOf("`npm run gone`").join(), /is no command/);
  assert.match(mistakesOf("`methods.json`").join(), /no path from the top/);
  assert.match(mistakesOf("somewhere").join(), /names no test/);
});
