/**
 * docs/traefik-wazero.md's reproduction, as it stands there: its guest, its program, its overlay. What it shows depends on
 * the kind of CPU alone, and is gone with the wazero that it asks for.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import binaryen from "assemblyscript/binaryen";
import { findGo } from "../../bench/toolchain.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { outputOf, runShown } from "../../stack/machine/command.ts";
import { root } from "../../tools/root.ts";

const text = readFileSync(join(root, "docs/traefik-wazero.md"), "utf8");
const folder = temporaryFolder("wazero-text");
let go: string;

before(async () => {
  go = await findGo();
  writeFileSync(join(folder.path, "main.go"), blockOf("go"));
  writeFileSync(join(folder.path, "forced.sh"), blockOf("sh"));
  const guest = binaryen.parseText(blockOf("wat"));
  guest.setFeatures(binaryen.Features.All);
  writeFileSync(join(folder.path, "guest.wasm"), guest.emitBinary());
  guest.dispose();
  writeFileSync(join(folder.path, "go.mod"), "module reproduction\n\ngo 1.21\n");
});
after(() => folder.remove());

/** The fenced block of a language; there is one of each. */
function blockOf(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(text)?.[1];
  if (found === undefined) throw new Error(`docs/traefik-wazero.md has no block of ${language}`);
  return found;
}

/** What the guest gives back for each size, with a release of wazero. */
async function results(wazero: string): Promise<Record<string, number>> {
  const inside = `cd '${folder.path}' && export GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=mod PATH="${dirname(go)}:$PATH"`;
  const module = `github.com/tetratelabs/wazero@v${wazero}`;
  await runShown({ program: "sh", args: ["-c", `${inside} && go get ${module}`] });
  const said = await outputOf({ program: "sh", args: ["-c", `${inside} && sh -e forced.sh`] });
  const lines = [...(said ?? "").matchAll(/^(\d+) \[(\d+)\] <nil>$/gm)];
  return Object.fromEntries(lines.map(([, size, result]) => [size!, Number(result)]));
}

const right = { 2047: 84, 2048: 84, 16384: 84 };

test("wazero 1.8.0, which Traefik has, destroys the value that the guest keeps", async () => {
  const found = await results("1.8.0");
  assert.deepEqual(Object.keys(found), Object.keys(right));
  assert.equal(found[2047], 84);
  // Only amd64 has the instruction.
  const isHit = process.arch === "x64";
  assert.deepEqual([found[2048] !== 84, found[16384] !== 84], [isHit, isHit]);
});

test("wazero 1.9.0 keeps it", async () => {
  assert.deepEqual(await results("1.9.0"), right);
});
