/**
 * No module that runs in Traefik has an instruction of the bulk memory proposal: wazero 1.8.0 translates memory.copy
 * and memory.fill wrongly (docs/rationale.md). The command's Node host would not notice.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../tools/root.ts";
import { probeWasm, visitorWasm } from "../support/probe.ts";
import { compile } from "../vectors/compile.ts";
import { bulkInstructions } from "./instructions.ts";

const MODULES: Record<string, () => string> = {
  "plugin.wasm": () => join(root, "plugin.wasm"),
  "the probe guest": probeWasm,
  "the visitor guest": visitorWasm,
  "the vectors' module": () =>
    compile("test/vectors/entry.ts", "build/vectors.wasm", "--exportRuntime"),
  "the benchmark's module": () => compile("bench/crypto/entry.ts", "build/bench-crypto.wasm"),
  "the module of a token's parts": () =>
    compile("bench/parts/entry.ts", "build/bench-parts.wasm", "--use", "abort="),
};

for (const [name, build] of Object.entries(MODULES)) {
  test(`${name} has no bulk-memory instruction`, () => {
    const found = bulkInstructions(readFileSync(build()));
    assert.deepEqual(found.length > 0 && name === "plugin.wasm" ? named() : found, []);
  });
}

/** The same of a build that holds the names of functions: the shipped one does not. */
function named() {
  const output = join(root, "build/test/named.wasm");
  mkdirSync(join(root, "build/test"), { recursive: true });
  const options = ["tools/build.mjs", "--debug", "--outFile", output];
  assert.equal(spawnSync(process.execPath, options, { cwd: root, stdio: "inherit" }).status, 0);
  return bulkInstructions(readFileSync(output));
}

test("a module that has some is found out, and its functions named", () => {
  const wasm = compile(
    "test/repo/instructions/entry.ts",
    "build/copying.wasm",
    ...["--enable", "bulk-memory", "--debug"],
  );
  const found = bulkInstructions(readFileSync(wasm));
  found.sort((a, b) => a.function.localeCompare(b.function));
  assert.deepEqual(found, [
    { function: "test/repo/instructions/entry/copied", instruction: "memory.copy" },
    { function: "test/repo/instructions/entry/filled", instruction: "memory.fill" },
  ]);
});
