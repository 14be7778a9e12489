/** Each command of `rolegate` in the docs is one that it has, with arguments and options that it takes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { createProgram, UsageStop } from "../../src/cli/program.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { program } from "../cli/run.ts";
import { blocks, pages, read } from "./blocks.ts";

const folder = temporaryFolder("docs-commands");
after(() => folder.remove());

interface Line {
  page: string;
  text: string;
}

/** In blocks for a shell, where a line may go on in the next one. */
function inBlocks(): Line[] {
  return blocks
    .filter(({ language }) => ["sh", "console"].includes(language))
    .flatMap(({ place, text }) =>
      text
        .replaceAll("\\\n", " ")
        .split("\n")
        .map((line) => ({ page: place, text: line })),
    );
}

/** In running text: at least a command's name, and one more word. */
function inText(): Line[] {
  return pages.flatMap((page) =>
    [...read(page).matchAll(/`((?:npx )?rolegate [a-z]+ [^`]+)`/g)].map(([, text]) => ({
      page,
      text: text!.replaceAll("\n", " "),
    })),
  );
}

/** A command's words, up to what the shell does with it; null where the line has none. */
function wordsOf(line: string): string[] | null {
  const found = /(?:^|[|(] *|\$ )(?:npx )?rolegate ((?!completion)[a-z].*)/.exec(line);
  if (!found) return null;
  const isInside = line[found.index] === "(";
  const rest = found[1]!.replace(isInside ? /\).*$/ : / (?:#|\d?>|\| ).*$/, "");
  return [...rest.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) =>
    word.replace(/^(['"])(.*)\1$/, "$2"),
  );
}

const terminal = { write() {}, width: 100 } as unknown as Terminal;

/** What commander says of the words, without an action; null: nothing. */
async function refusalOf(words: string[]): Promise<string | null> {
  const { command } = createProgram({ terminal, signal: new AbortController().signal });
  for (const it of command.commands.flatMap((child) => [child, ...child.commands]))
    if (it.commands.length === 0) it.action(() => {});
  try {
    await command.parseAsync(words, { from: "user" });
    return null;
  } catch (error) {
    if (error instanceof UsageStop) return error.exitCode === 0 ? null : error.message;
    throw error;
  }
}

/** What only names a command, such as `rolegate keys sync` or `rolegate doctor -c`, is nothing to type. */
const isNamedOnly = (words: string[]) => words.slice(1).every((word) => /^(-|[a-z]+$)/.test(word));

test("each command in a block for a shell is taken", async () => {
  const lines = inBlocks().flatMap(({ page, text }) => {
    const words = wordsOf(text);
    return words ? [{ page, words }] : [];
  });
  assert.ok(lines.length >= 25, String(lines.length));
  const refused: string[] = [];
  for (const { page, words } of lines) {
    const why = await refusalOf(words);
    if (why !== null) refused.push(`${page}: ${words.join(" ")}: ${why}`);
  }
  assert.deepEqual(refused, []);
});

test("each command with arguments in the text is taken", async () => {
  const lines = inText().flatMap(({ page, text }) => {
    const words = wordsOf(text);
    return words && !isNamedOnly(words) && !/…|[<|]|\bNAME$/.test(text) ? [{ page, words }] : [];
  });
  assert.ok(lines.length >= 20, String(lines.length));
  const refused: string[] = [];
  for (const { page, words } of lines) {
    const why = await refusalOf(words);
    // The rest of a command that the text says in part.
    if (why !== null && !/^error: missing required argument/.test(why))
      refused.push(`${page}: ${words.join(" ")}: ${why}`);
  }
  assert.deepEqual(refused, []);
});

test("a command that lacks an option is seen", async () => {
  assert.match((await refusalOf(["explain", "dynamic.yml", "GET", "/"])) ?? "", /--config/);
  assert.match((await refusalOf(["check", "--hush", "dynamic.yml"])) ?? "", /--hush/);
  assert.equal(await refusalOf(["check", "dynamic.yml"]), null);
});

test("the commands of docs/your-service.md work on the files that init wrote", () => {
  const shell = blocks.filter(
    ({ place, language }) => place.startsWith("docs/your-service.md:") && language === "sh",
  );
  const textWith = (part: string) => {
    const found = shell.find(({ text }) => text.includes(part));
    assert.ok(found, part);
    return found.text;
  };
  const script = [
    'npx() { shift; if [ "$1" = init ]; then set -- "$@" --yes --offline; fi; rolegate "$@"; }',
    `rolegate() { '${process.execPath}' '${program}' "$@"; }`,
    textWith("rolegate init"),
    textWith("rolegate matrix"),
  ].join("\n");
  const { stdout, stderr } = spawnSync("bash", ["-c", script], {
    cwd: folder.path,
    encoding: "utf8",
  });
  assert.doesNotMatch(stderr, /^error/m, stderr);
  for (const [, route] of textWith("rolegate matrix").matchAll(/'([A-Z]+ \/[^']*)'/g))
    assert.ok(stdout.includes(route!.split(" ")[1]!), `${route}\n${stdout}`);
  assert.match(stdout, /^decision +deny → 403 rule_not_satisfied, by rule admin$/m);
  assert.match(stdout, /^\d+ rows: all as expected/m);
});
