/** Compiles the probe, a guest that does what a request tells it, when its sources are newer. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import { root } from "../../src/dev/root.ts";

const SOURCE = `${root}/test/guest/probe`;
const OUTPUT = `${root}/build/test/probe.wasm`;

/** The path of the compiled probe. */
export function probeWasm(): string {
  const newest = Math.max(
    ...readdirSync(SOURCE).map((file) => statSync(`${SOURCE}/${file}`).mtimeMs),
  );
  if (existsSync(OUTPUT) && statSync(OUTPUT).mtimeMs > newest) return OUTPUT;
  // Test files run beside each other: none may see half of a module.
  const mine = `${OUTPUT}.${process.pid}.wasm`;
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      "node_modules/assemblyscript/bin/asc.js",
      "--config=test/guest/probe/asconfig.json",
      `--outFile=${mine}`,
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The probe does not compile:\n${stderr}`);
  renameSync(mine, OUTPUT);
  return OUTPUT;
}
