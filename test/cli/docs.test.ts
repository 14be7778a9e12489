/** docs/cli.md and docs/doctor.md: every example does what stands below it, every command is there, tables are made from the data. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { AILMENTS } from "../../src/cli/doctor/catalogue-table.ts";
import { EXIT } from "../../src/cli/failure.ts";
import { root } from "../../src/dev/root.ts";
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

test("docs/doctor.md has every finding of doctor, and its links lead somewhere", () => {
  const rows = Object.entries(AILMENTS).map(
    ([code, { severity, title, remedy, docs, needs = "" }]) =>
      `| \`${code}\` | ${severity} | ${title} | ${remedy} | ${needs} | [${docs.replace(/#.*/, "")}](${docs}) |`,
  );
  const intro = `# What \`rolegate doctor\` finds

It examines a set-up that runs, from outside to inside, and changes nothing: it asks for pages as a browser and as a script do, follows sign-in up to the provider's page, and has the plugin judge keys and
tokens. Each finding says what was seen and what to do. The exit code is by the worst: 1 for an error, 4 for a warning, 0 when nothing is wrong. This table is made from the program's own data
(\`npm run test:cli\` holds it); each row has a set-up that is broken in this way on purpose, and a healthy one in a real Traefik brings none of them.

| Code | | What is wrong | Remedy | Looked for with | More |
|---|---|---|---|---|---|
`;
  held("doctor.md", `${intro}${rows.join("\n")}\n`);
  for (const { docs } of Object.values(AILMENTS)) {
    const [page, anchor] = docs.split("#");
    const heads = [...read(page!).matchAll(/^## (.+)$/gm)].map(([, head]) =>
      head!.toLowerCase().replaceAll(" ", "-"),
    );
    if (anchor !== undefined) assert.ok(heads.includes(anchor), docs);
  }
});
