/** Compiles the guests of tests, when their sources are newer. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, statSync } from "node:fs";
import { root } from "../../tools/root.ts";

const newest = (folder: string) =>
  Math.max(
    ...readdirSync(folder, { recursive: true }).map(
      (file) => statSync(`${folder}/${String(file)}`).mtimeMs,
    ),
  );

/** The path of the compiled guest of test/guest/NAME. */
function compiled(name: string, sources: string[]): string {
  const output = `${root}/build/test/${name}.wasm`;
  const changed = Math.max(...sources.map((folder) => newest(`${root}/${folder}`)));
  if (existsSync(output) && statSync(output).mtimeMs > changed) return output;
  // Test files run beside each other: none may see half of a module.
  const mine = `${output}.${process.pid}.wasm`;
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      "node_modules/assemblyscript/bin/asc.js",
      `--config=test/guest/${name}/asconfig.json`,
      `--outFile=${mine}`,
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`The guest ${name} does not compile:\n${stderr}`);
  renameSync(mine, output);
  return output;
}

/** A guest that does what a request tells it, with the host's functions as they are. */
export function probeWasm(): string {
  return compiled("probe", ["test/guest/probe"]);
}

/** A guest of the plugin's own host modules: visits and the state directory. */
export function visitorWasm(): string {
  return compiled("visitor", ["test/guest/visitor", "assembly"]);
}
