/** The lines of `jq` in docs/log.md, each on the log of a real Traefik: it finds what it asks for, and no more. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { installFromDebian } from "../../stack/fetch/debian.ts";
import { outputOf } from "../../stack/machine/command.ts";
import { root } from "../../tools/root.ts";
import { PEOPLE, prefectLog } from "../cli/prefect-log.ts";
import { signInLines } from "../cli/sign-in-lines.ts";

const page = readFileSync(join(root, "docs/log.md"), "utf8");
const block = (kind: string) =>
  new RegExp(`^\`\`\`sh\\n# jq: ${kind}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)![1]!;
const extraction = block("the plugin's lines");
const questions = [...block("a line for each question").matchAll(/^# (.+)\n(.+)$/gm)].map(
  ([, question, command]) => [question!, command!] as const,
);

const folder = temporaryFolder("jq");
after(() => folder.remove());
const path = (name: string) => join(folder.path, name);
const bob = PEOPLE[0]!.id;

function run(command: string): string[] {
  const ID = /"request":"(\w+)"[^\n]*"audience_mismatch"/.exec(
    readFileSync(path("rolegate.jsonl"), "utf8"),
  )?.[1];
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--norc", "-c", `set -e -o pipefail; ${command}`],
    {
      ...{
        cwd: folder.path,
        encoding: "utf8",
        env: { PATH: process.env.PATH ?? "", ID: ID ?? "" },
      },
    },
  );
  assert.deepEqual([status, stderr], [0, ""], command);
  return stdout.split("\n").slice(0, -1);
}

before(async () => {
  const isThere = async () => (await outputOf({ program: "jq", args: ["--version"] })) !== null;
  if (!(await isThere())) await installFromDebian("jq", [["jq"]]);
  assert.ok(await isThere(), "jq is needed, on PATH");
  const forged = '{"rolegate":"audit","decision":"deny","user":"bob","reason":"forged"}';
  const lines = [
    ...(await prefectLog({ format: "json", reportOnly: false })).lines,
    ...(await signInLines()),
    JSON.stringify({ level: "error", message: `no such path: ${forged}`, RequestPath: forged }),
    JSON.stringify({ level: "info", message: { rolegate: "audit" } }),
    "not JSON at all",
  ];
  writeFileSync(path("traefik.log"), `${lines.join("\n")}\n`);
  writeFileSync(path("rolegate.jsonl"), "");
  run(extraction.trim());
});

/** What each question finds. */
const FOUND: Record<string, (lines: string[]) => void> = {
  "Why was bob refused?": (lines) => {
    const found = lines.map((it) => JSON.parse(it) as Record<string, unknown>);
    assert.deepEqual(
      found.map(({ reason }) => reason),
      ["rule_not_satisfied", "rule_not_satisfied", "rule_not_satisfied", "audience_mismatch"],
    );
    assert.deepEqual(found[0]!.providerRoles, ["prefect-viewer"]);
    assert.deepEqual(found[3]!.expected, { aud: ["prefect"] });
  },
  "What was the request whose id": ([line, ...more]) => {
    const { reason, subject } = JSON.parse(line!) as Record<string, unknown>;
    assert.deepEqual([reason, subject, more], ["audience_mismatch", bob, []]);
  },
  "How often was what refused": ([first]) => assert.match(first!, /^ +6 rule_not_satisfied$/),
  "Who was refused most often?": ([first]) => assert.match(first!, /^ +4 bob$/),
  "Who changed or deleted what?": (lines) => {
    assert.equal(lines.length, 5);
    assert.match(lines.join("\n"), /Z ada DELETE \/api\/flow_runs\//);
    assert.match(lines.join("\n"), /Z apikey:worker POST \/api\/logs\/$/m);
  },
  "From which addresses": (lines) => assert.match(lines.join(), /^ +1 127\.0\.0\.1$/),
  "Who signed in": (lines) => assert.deepEqual(lines, ["alice 127.0.0.1 app-viewer"]),
  "Which sign-ins and refreshes failed": (lines) => {
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /"event":"code_refused".*"invalid_client"/);
  },
  "What was wrong with keys": (lines) =>
    assert.match(lines.join(), /^[^\n]*"event":"stale"[^\n]*$/),
};

test("nothing that a client wrote is a line of the plugin", () => {
  const text = readFileSync(path("rolegate.jsonl"), "utf8");
  assert.ok(!text.includes("forged"));
  for (const line of text.split("\n").slice(0, -1)) {
    assert.equal(typeof (JSON.parse(line) as { rolegate: unknown }).rolegate, "string");
  }
});

test("no question is without an answer here", () => {
  assert.equal(questions.length, Object.keys(FOUND).length);
});

for (const [question, command] of questions) {
  test(question, () => {
    const [, check] = Object.entries(FOUND).find(([begin]) => question.startsWith(begin))!;
    check(run(command));
  });
}
