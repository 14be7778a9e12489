/** docs/doctor.md: its tables are made from the program's data, its links lead somewhere, its JSON is what comes out. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { FindingKind } from "../../src/cli/doctor/finding-kind.ts";
import { CATALOGUE } from "../../src/cli/check/catalogue-table.ts";
import { FINDINGS } from "../../src/cli/doctor/catalogue-table.ts";
import { PREFECT } from "../../src/cli/doctor/prefect/catalogue-table.ts";
import { root } from "../../tools/root.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { rolegate } from "./run.ts";

const path = join(root, "docs/doctor.md");
const page = () => readFileSync(path, "utf8");
const isWriting = process.env.ROLEGATE_GOLDEN === "write";

/** What stands between a pair of comments is what was made; ROLEGATE_GOLDEN=write makes it so. */
function held(name: string, made: string): void {
  const marks = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  assert.match(page(), marks);
  const whole = page().replace(marks, (_, from: string, to: string) => from + made + to);
  if (isWriting) writeFileSync(path, whole);
  assert.equal(page(), whole, "docs/doctor.md: ROLEGATE_GOLDEN=write makes it anew");
}

const table = (head: string, rows: string[]) =>
  `${head}\n${head.replace(/[^|]+/g, "---")}\n${rows.join("\n")}\n`;
const shown = (text: string) => text.replaceAll("|", "\\|");

function findings(codes: string[]): string {
  const rows = codes.map((code) => {
    const { severity, title, remedy, docs, needs } = (FINDINGS as Record<string, FindingKind>)[
      code
    ]!;
    const cells = [title, remedy, needs ?? ""].map(shown).join(" | ");
    return `| <a id="${code}"></a>\`${code}\` | ${severity} | ${cells} | [${docs.replace(/#.*/, "")}](${docs}) |`;
  });
  return table("| Code | | What is wrong | Remedy | Looked for with | More |", rows);
}

test("it has every finding", () => {
  const isPrefects = (code: string) => Object.hasOwn(PREFECT, code);
  const codes = Object.keys(FINDINGS);
  held("findings", findings(codes.filter((code) => !isPrefects(code))));
  held("prefect", findings(codes.filter(isPrefects)));
});

test("it has every known problem, with a link to its thread", () => {
  const problems = new Map<string, string[]>();
  for (const [code, { known = [] }] of Object.entries(PREFECT as Record<string, FindingKind>)) {
    for (const it of known) problems.set(it, [...(problems.get(it) ?? []), code]);
  }
  const rows = [...problems].map(([name, codes]) => {
    const found = codes.map((code) => `\`${code}\``).join(", ");
    return `| ${linked(name)} | ${found} |`;
  });
  held("known", table("| Others ran into it in | It is found as |", rows));
});

/** `#1` is of PrefectHQ/prefect; what is neither number nor advisory stands as it is. */
function linked(name: string): string {
  const [, repository = "PrefectHQ/prefect", number] = /^([\w/-]+)?#(\d+)$/.exec(name) ?? [];
  if (number) return `[${name}](https://github.com/${repository}/issues/${number})`;
  return /^GHSA-/.test(name) ? `[${name}](https://github.com/advisories/${name})` : name;
}

test("every code of doctor and of check has an anchor, once on its page", () => {
  for (const [name, codes] of [
    ["docs/doctor.md", Object.keys(FINDINGS)],
    ["docs/cli.md", Object.keys(CATALOGUE)],
  ] as const) {
    const text = readFileSync(join(root, name), "utf8");
    const anchors = [...text.matchAll(/<a id="(\w+)"><\/a>/g)].map(([, id]) => id!);
    assert.deepEqual(anchors.sort(), [...codes].sort(), name);
  }
});

test("its links lead somewhere", () => {
  for (const { docs } of Object.values(FINDINGS)) {
    const [name = "", anchor] = docs.split("#");
    const file = join(root, "docs", name);
    assert.ok(existsSync(file), docs);
    if (anchor === undefined) continue;
    const heads = [...readFileSync(file, "utf8").matchAll(/^## (.+)$/gm)];
    const anchors = heads.map(([, head]) =>
      head!
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
    assert.ok(anchors.includes(anchor), docs);
  }
});

test("its JSON has the members that come out, and no others", async () => {
  const [port] = await freePorts(1);
  const ran = await rolegate(["doctor", "--json", `http://127.0.0.1:${port}`]);
  const shape = (json: string) => {
    const { findings, skipped, ...more } = JSON.parse(json) as Record<string, object[]>;
    return [Object.keys(more), Object.keys(findings![0]!), Object.keys(skipped![0]!)];
  };
  const example = /^```json\n([\s\S]*?)^```$/m.exec(page())![1]!;
  assert.deepEqual(shape(example), shape(ran.stdout));
});
