/** Runs test files, and the fuzzer, with counted loops in the place of the modules that they compile. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { type Counts, merge, noCounts } from "./counted.ts";
import type { Program } from "./programs.ts";

export interface Run {
  programs: Program[];
  /** Of test/: beginnings of the paths of test files. */
  tests: string[];
  /** Arguments of the fuzzer; none: it is not run. */
  fuzz?: string[];
}

export interface Outcome {
  counts: Counts;
  /** What failed, as it was printed; empty: nothing did. */
  failures: string;
}

export async function run({ programs, tests, fuzz }: Run): Promise<Outcome> {
  const folder = temporaryFolder("loops");
  const files = (readdirSync(join(root, "test"), { recursive: true }) as string[])
    .filter((file) => file.endsWith(".test.ts") && tests.some((part) => file.startsWith(part)))
    .map((file) => `test/${file}`)
    .sort();
  const [watch, fuzzer, ...suites] = await bundled([
    "test/loops/watch.ts",
    "test/fuzz/main.ts",
    ...files,
  ]);
  const env = {
    ...process.env,
    // Of a test that runs this.
    NODE_TEST_CONTEXT: undefined,
    LOOPS_COUNTS: folder.path,
    LOOPS_MODULES: programs.map(({ original, counted }) => `${original}=${counted}`).join(","),
    NODE_OPTIONS: `--import=file://${watch}`,
  };
  const failures: string[] = [];
  const start = (args: string[]) => {
    const options = { cwd: root, env, encoding: "utf8", maxBuffer: 1 << 28 } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    if (status !== 0) failures.push(told(stdout) + stderr.slice(-5_000));
  };
  if (suites.length > 0)
    start(["--test", "--test-reporter=spec", "--test-timeout=600000", ...suites]);
  if (fuzz) start([fuzzer!, ...fuzz]);
  const counts = noCounts();
  for (const file of readdirSync(folder.path)) {
    merge(counts, JSON.parse(readFileSync(join(folder.path, file), "utf8")) as Counts);
  }
  folder.remove();
  return { counts, failures: failures.join("\n") };
}

/** What the runner sums up at its end, or its last words. */
function told(output: string): string {
  const failing = output.lastIndexOf("failing tests:");
  return output.slice(failing < 0 ? -5_000 : failing);
}

/** In a folder of their own: the suites themselves may run at the same time. */
async function bundled(entries: string[]): Promise<string[]> {
  const tools = await import(pathToFileURL(join(root, "tools/build.mjs")).href);
  return tools.bundle(entries, "build/loops/suites");
}
