/** docs/cli.md: every example does what stands below it, every command is there, tables are made from the data. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { EXIT } from "../../src/cli/failure.ts";
import { root } from "../../tools/root.ts";
import { fixtures, program, rolegate } from "./run.ts";

const isWriting = process.env.ROLEGATE_GOLDEN === "write";
const pathOf = (page: string) => join(root, "docs", page);
const read = (page: string) => readFileSync(pathOf(page), "utf8");

/** The page is what was made; ROLEGATE_GOLDEN=write makes it so. */
function held(page: string, made: string): void {
  if (isWriting) writeFileSync(pathOf(page), made);
  assert.equal(read(page), made, `docs/${page}: ROLEGATE_GOLDEN=write makes it anew`);
}

/** What a shell shows for a line, with `rolegate` in it. */
function shown(line: string): string {
  const script = `rolegate() { '${process.execPath}' '${program}' "$@"; }; ${line}`;
  const options = {
    cwd: fixtures,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "" },
  } as const;
  const { stdout } = spawnSync("bash", ["-c", `{ ${script}; } 2>&1`], options);
  return stdout.replace(/\n*$/, "\n");
}

test("the examples of docs/cli.md do what stands below them", () => {
  const page = read("cli.md");
  let count = 0;
  const made = page.replace(/^```console\n([\s\S]*?)^```$/gm, (_, block: string) => {
    const commands = block.split("\n").filter((line) => line.startsWith("$ "));
    count += commands.length;
    return `\`\`\`console\n${commands.map((line) => `${line}\n${shown(line.slice(2))}`).join("\n")}\`\`\``;
  });
  assert.ok(count >= 8);
  held("cli.md", made);
});

describe("docs/cli.md", () => {
  test("has every command and every exit code", async () => {
    const [, stdout = ""] = (await rolegate(["--help"])).stdout.split("Commands:\n");
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)[ [<]/gm)].map(([, name]) => name!);
    const text = read("cli.md");
    for (const name of commands.filter((it) => !["rolegate", "help"].includes(it))) {
      assert.match(text, new RegExp(`^## .*\\b${name}\\b|rolegate ${name}\\b`, "m"), name);
    }
    const codes = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    assert.deepEqual(
      codes,
      Object.values(EXIT).sort((a, b) => a - b),
    );
  });
  test("has every finding of check", () => {
    const rows = Object.entries(CATALOGUE).map(
      ([code, { severity, title, remedy }]) =>
        `| \`${code}\` | ${severity} | ${title} | ${remedy} |`,
    );
    const table = ["| Code | | What | Remedy |", "|---|---|---|---|", ...rows].join("\n");
    const made = read("cli.md").replace(
      /<!-- findings -->[\s\S]*?<!-- \/findings -->/,
      () => `<!-- findings -->\n${table}\n<!-- /findings -->`,
    );
    held("cli.md", made);
  });
});
