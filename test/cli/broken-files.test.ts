/** Files that are broken in all ways are read or refused with their place: never a crash of the command. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkSetup } from "../../src/cli/check/run.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { setupOf } from "../../src/cli/source/setup.ts";
import { Dice } from "../support/dice.ts";
import { pluginWasm } from "../support/gate.ts";
import { composeWith, HEALTHY_DYNAMIC, padded, traefikService } from "./findings-table.ts";
import { fixtures } from "./run.ts";
import { EXPRESSIONS } from "./template-table.ts";

const folder = join(fixtures, "check");
const template = HEALTHY_DYNAMIC.replace(
  "clientId: app",
  () => `clientId: app\n          # ${EXPRESSIONS.map(([it]) => it).join("\n          # ")}`,
).replaceAll("a.example", '{{ env "NOT_SET" }}');
const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec:
  values:
    extraObjects:
      - |
        apiVersion: traefik.io/v1alpha1
        kind: Middleware
        metadata: {name: gate}
        spec: {plugin: {rolegate: {issuer: "https://sso.example.com", rules: []}}}
`;
const TEXTS: [name: string, text: string][] = [
  ...readdirSync(folder).map(
    (name) => [name, readFileSync(join(folder, name), "utf8")] as [string, string],
  ),
  ["template.yml", template],
  ["compose.yml", composeWith(padded).replaceAll("app", "${APP:-x}") + traefikService("traefik")],
  ["release.yml", release],
];
const PIECES = [
  "{{",
  "}}",
  "`",
  '"',
  "'",
  "|",
  ":",
  "- ",
  "\n",
  "\t",
  "{",
  "[",
  "$",
  "${",
  "&a",
  "*a",
  "<<: ",
  "\0",
  "\ufeff",
  "é",
  "%",
  "!!",
  "#",
];

test("1,500 files with something cut off, taken out, put in or doubled", async () => {
  const dice = new Dice("broken files");
  let read = 0;
  for (let i = 0; i < 1500; i++) {
    const [name, whole] = TEXTS[i % TEXTS.length]!;
    let text = whole;
    for (let edits = dice.between(1, 4); edits > 0; edits--) {
      const at = dice.below(text.length + 1);
      const to = Math.min(text.length, at + dice.between(0, 30));
      text = [
        () => text.slice(0, at),
        () => text.slice(0, at) + text.slice(to),
        () => text.slice(0, at) + dice.pick(PIECES) + text.slice(at),
        () => text.slice(0, to) + text.slice(at),
      ][dice.below(4)]!();
    }
    const setup = setupOf([new SourceFile(name, text)]);
    read += setup.gates.length;
    for (const { place } of setup.remarks) assert.ok(place.file.position(place.start).line >= 1);
    // Each asks the plugin, which takes its time.
    if (i % 10 === 0) await checkSetup(setup, pluginWasm);
  }
  assert.ok(read > 300, `only ${read} blocks were left to be read`);
});
