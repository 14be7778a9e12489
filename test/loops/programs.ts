/** The guest and the cryptography's module of test/vectors with counted loops, compiled when a source is newer. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";
import { compile } from "../vectors/compile.ts";

const TRANSFORM = "./test/loops/count-loops.mjs";
const FOLDERS = ["assembly", "tools", "test/loops"];

export interface Program {
  original: string;
  counted: string;
}

const newest = () =>
  Math.max(
    ...FOLDERS.flatMap((folder) =>
      (readdirSync(join(root, folder), { recursive: true }) as string[]).map(
        (file) => statSync(join(root, folder, file)).mtimeMs,
      ),
    ),
  );

/** Throws what the compiler says: a loop has no bound, or a bound no loop. */
export function countedGuest(): Program {
  const counted = join(root, "build/loops/plugin.wasm");
  build(counted, {}, ["tools/build.mjs", "--transform", TRANSFORM, "--outFile"]);
  return { original: join(root, "plugin.wasm"), counted };
}

export function countedVectors(): Program {
  const original = join(
    root,
    compile("test/vectors/entry.ts", "build/vectors.wasm", "--exportRuntime"),
  );
  const counted = join(root, "build/loops/vectors.wasm");
  const options = ["--config", "none", "--runtime", "./assembly/runtime/index", "--exportRuntime"];
  build(counted, { LOOPS_PART: "yes" }, [
    ...["node_modules/assemblyscript/bin/asc.js", "test/vectors/entry.ts", ...options],
    ...["--optimizeLevel", "3", "--shrinkLevel", "1", "--use", "abort=", "--use", "seed="],
    ...["--enable", "simd", "--disable", "bulk-memory", "--transform", TRANSFORM, "--outFile"],
  ]);
  return { original, counted };
}

function build(output: string, env: Record<string, string>, args: string[]): void {
  if (existsSync(output) && statSync(output).mtimeMs >= newest()) return;
  mkdirSync(join(root, "build/loops"), { recursive: true });
  const mine = output.replace(/\.wasm$/, `-${process.pid}.wasm`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, mine], {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${output} is not compiled:\n${stdout}${stderr}`);
  renameSync(mine, output);
}
