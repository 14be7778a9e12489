/** Compiles a test-only entry over assembly/ with the release's options, when a source is newer. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from "node:fs";

const CONFIG = "asconfig.json";

function newestSource(...others: string[]): number {
  const files = readdirSync("assembly", { recursive: true }) as string[];
  const sources = files.filter((file) => file.endsWith(".ts")).map((file) => `assembly/${file}`);
  return Math.max(...[...sources, ...others, CONFIG].map((file) => statSync(file).mtimeMs));
}

/**
 * The path of the compiled module. `more`: options of asc; a file among them is a source, too.
 * Programs that run side by side may each compile: the last rename wins.
 */
export function compile(entry: string, out: string, ...more: string[]): string {
  const source = newestSource(entry, ...more.filter((option) => existsSync(option)));
  if (existsSync(out) && statSync(out).mtimeMs >= source) return out;
  mkdirSync("build", { recursive: true });
  const fresh = out.replace(/\.wasm$/, `-${process.pid}.wasm`);
  const { options, targets } = JSON.parse(readFileSync(CONFIG, "utf8"));
  const { optimizeLevel, shrinkLevel } = targets.release;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "node_modules/assemblyscript/bin/asc.js",
      ...[entry, "--config", "none", "--outFile", fresh, "--runtime", options.runtime],
      ...["--optimizeLevel", `${optimizeLevel}`, "--shrinkLevel", `${shrinkLevel}`],
      ...options.use.flatMap((it: string) => ["--use", it]),
      ...options.enable.flatMap((it: string) => ["--enable", it]),
      ...options.disable.flatMap((it: string) => ["--disable", it]),
      ...more,
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`asc failed:\n${stdout}${stderr}`);
  renameSync(fresh, out);
  return out;
}
