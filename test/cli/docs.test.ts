/** docs/cli.md: every example does what stands below it, every command is there, tables are made from the data. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
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
function shown(line: string, cwd: string): string {
  const script = `rolegate() { '${process.execPath}' '${program}' "$@"; }; ${line}`;
  const options = { cwd, encoding: "utf8", env: { PATH: process.env.PATH ?? "" } } as const;
  const { stdout } = spawnSync("bash", ["-c", `{ ${script}; } 2>&1`], options);
  return stdout.replace(/\n*$/, "\n");
}

interface Examples {
  /** The folder in which people are meant to be. */
  folder: () => string;
  /** How many examples there are at least. */
  least: number;
}

const PAGES: Record<string, Examples> = {
  "cli.md": { folder: () => fixtures, least: 12 },
  "prefect.md": { folder: () => root, least: 2 },
  "audit.md": { folder: operators, least: 5 },
};

const logs = temporaryFolder("operators");
after(() => logs.remove());

/** Two logs, the names of people, and the example's configuration. */
function operators(): string {
  const files: Record<string, string> = {
    "traefik.log": "test/cli/fixtures/audit/traefik.log",
    "dry-run.log": "test/cli/fixtures/audit/report.json.log",
    "people.json": "test/cli/fixtures/audit/people.json",
    "prefect.yml": "examples/prefect/traefik/dynamic/prefect.yml",
  };
  for (const [name, from] of Object.entries(files)) {
    cpSync(join(root, from), join(logs.path, name));
  }
  return logs.path;
}

for (const [name, { folder, least }] of Object.entries(PAGES)) {
  test(`the examples of docs/${name} do what stands below them`, () => {
    const cwd = folder();
    const page = read(name);
    let count = 0;
    const made = page.replace(/^```console\n([\s\S]*?)^```$/gm, (_, block: string) => {
      const commands = block.split("\n").filter((line) => line.startsWith("$ "));
      count += commands.length;
      const text = commands.map((line) => `${line}\n${shown(line.slice(2), cwd)}`).join("\n");
      return `\`\`\`console\n${text}\`\`\``;
    });
    assert.ok(count >= least, `${count} examples`);
    held(name, made);
  });
}

test("every command in the tables of docs/audit.md is one that works", () => {
  const cwd = operators();
  const commands = [...read("audit.md").matchAll(/^\| [^|]+ \| `(rolegate [^`]+)` \|$/gm)];
  assert.ok(commands.length >= 8);
  for (const [, line] of commands) {
    const text = shown(`${line!.replace("traefik.log", "dry-run.log")} --names people.json`, cwd);
    assert.doesNotMatch(text, /error|warning/, line);
  }
});

describe("pipelines of docs/cli.md", () => {
  const block = (kind: string): unknown => {
    const fences = read("cli.md").matchAll(/^```yaml\n# (.+)\n([\s\S]*?)^```$/gm);
    return parse([...fences].find(([, name]) => name === kind)![2]!);
  };
  interface Step {
    run?: string;
    with?: { path?: string };
  }
  const github = () => {
    const { jobs } = block(".github/workflows/policy.yml") as {
      jobs: { policy: { steps: Step[] } };
    };
    const { steps } = jobs.policy;
    return {
      lines: steps.flatMap((it) => it.run ?? []),
      report: steps.flatMap((it) => it.with?.path ?? [])[0]!,
    };
  };
  const gitlab = () => {
    const { policy } = block(".gitlab-ci.yml") as {
      policy: { script: string[]; artifacts: { reports: { junit: string } } };
    };
    return { lines: policy.script, report: policy.artifacts.reports.junit };
  };
  for (const [name, pipeline] of Object.entries({ github, gitlab })) {
    test(`${name}: its lines pass, leave the report, and fail with a stricter rule`, async () => {
      const { lines, report } = pipeline();
      const folder = temporaryFolder("pipeline");
      try {
        cpSync(join(fixtures, "docs"), folder.path, { recursive: true });
        const commands = lines
          .filter((it) => it.startsWith("rolegate "))
          .map((it) => it.split(" ").slice(1));
        const codes = async () => {
          const all = [];
          for (const args of commands) all.push((await rolegate(args, { cwd: folder.path })).code);
          return all;
        };
        assert.deepEqual(await codes(), [0, 0]);
        assert.match(readFileSync(join(folder.path, report), "utf8"), / failures="0" /);
        cpSync(join(fixtures, "docs/stricter.yml"), join(folder.path, "dynamic.yml"));
        assert.deepEqual(await codes(), [0, 1]);
        assert.match(readFileSync(join(folder.path, report), "utf8"), / failures="1" /);
      } finally {
        folder.remove();
      }
    });
  }
});

describe("docs/cli.md", () => {
  test("the table in the long form is one that holds", async () => {
    const [, input] = /^```yaml\n# table\n([\s\S]*?)^```$/m.exec(read("cli.md"))!;
    const ran = await rolegate(["test", "-", "-c", "explain/dynamic.yml"], { input: input! });
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  });
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
        `| <a id="${code}"></a>\`${code}\` | ${severity} | ${title} | ${remedy} |`,
    );
    const table = ["| Code | | What | Remedy |", "|---|---|---|---|", ...rows].join("\n");
    const made = read("cli.md").replace(
      /<!-- findings -->[\s\S]*?<!-- \/findings -->/,
      () => `<!-- findings -->\n${table}\n<!-- /findings -->`,
    );
    held("cli.md", made);
  });
});
