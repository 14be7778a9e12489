/** presets/prefect.yml is what the program makes; few rules; and rules in files are found and made anew. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../../stack/machine/cleanup.ts";
import { root } from "../../../tools/root.ts";
import { prefectDocument, prefectRules } from "../../../src/presets/prefect/document.ts";
import { defaults } from "../../../src/presets/prefect/preset.ts";
import { optionsIn, replaced } from "../../../src/presets/text.ts";
import { block } from "./gate.ts";

const folder = temporaryFolder("preset");
after(() => folder.remove());
const text = readFileSync(join(root, "presets/prefect.yml"), "utf8");

test("presets/prefect.yml is what `npm run preset:prefect` prints", () => {
  assert.equal(text, prefectDocument(defaults));
});

test("it says the same as the program's own rules", () => {
  const { roles, roleHierarchy, rules, default: otherwise } = block();
  assert.deepEqual(parse(text), { roles, roleHierarchy, rules, default: otherwise });
});

test("the rules are few: they are looked at in order", () => {
  assert.ok((parse(text) as { rules: unknown[] }).rules.length < 60);
});

test("rules in a file are made anew where they stand, with the options that stand there", () => {
  const strict = { ...defaults, variants: ["worker-strict"], apiBase: "/p/api" };
  const indent = (lines: string[]) => lines.map((line) => line && `          ${line}`).join("\n");
  const file = `http:\n  middlewares:\n    gate: # mine\n${indent(prefectRules(strict))}\n      default: deny\n`;
  const broken = file.replace("`/p/api/flows/count`,\n", "");
  assert.notEqual(broken, file);
  assert.equal(optionsIn("prefect", broken), "--api-base /p/api --variant worker-strict");
  assert.equal(replaced("prefect", broken, prefectRules(strict)), file);
  assert.throws(() => replaced("prefect", "rules: []", []), /there is no "# begin prefect preset"/);
});

test("npm run preset:prefect -- --write does so", () => {
  const file = join(folder.path, "mine.yml");
  copyFileSync(join(root, "presets/prefect.yml"), file);
  writeFileSync(file, text.replace("`/api/flows/count`,\n", "").replace("app", "app"));
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, "tools/run.mjs"), "src/presets/main.ts", ...args], {
      encoding: "utf8",
    });
  assert.equal(run("--write", file).status, 0);
  assert.equal(readFileSync(file, "utf8"), text);
  assert.equal(run("--write", file, "--variant", "worker-strict").status, 0);
  assert.match(
    readFileSync(file, "utf8"),
    /preset:prefect -- --variant worker-strict --write FILE/,
  );
  const { status, stderr } = run("--variant", "none");
  assert.equal(status, 2);
  assert.match(stderr, /no variant none/);
});
