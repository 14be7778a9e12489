/** Runs a file of tests in a process of its own, with mutants switched on. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { MODULES } from "./modules.ts";

/** Seconds of the processor, where it is not known how long a file takes. */
const PATIENCE = 300;
/** More names than that are not worth a filter. */
const NAMES = 60;
const FOLDER = "build/mutate";

/** What to run, and what is on meanwhile. */
export interface Order {
  /** As in `guest/cases`; its bundle is there. */
  file: string;
  /** Names of the tests that are run; all when absent. */
  names?: readonly string[] | undefined;
  /** The id of the mutant that is on all the time. */
  mutant?: string;
  /** Of some tests the mutant that is on while they run. */
  plan?: ReadonlyMap<string, string>;
  /** Seconds of the processor after which it counts as looping. */
  patience?: number;
  /** Where preload.mjs writes what the tests can tell. */
  trace?: string;
}

export interface Outcome {
  /** Names of tests; one may be there more than once. */
  passed: Set<string>;
  failed: Set<string>;
  /** The test that did not end, or "" where that is not known; null: it ended. */
  looping: string | null;
}

export interface Trace {
  /** Of the processor, that the file takes. */
  seconds: number;
  /** Of a test, or "" for what is around all of a file's, the ids of the mutants that it can tell from the guest. */
  tests: readonly (readonly [name: string, mutants: readonly string[]])[];
}

export function run(order: Order): Promise<Outcome> {
  const { file, names = [], mutant = "", plan, patience = PATIENCE, trace = "" } = order;
  mkdirSync(FOLDER, { recursive: true });
  const planFile = plan ? `${FOLDER}/${file.replaceAll("/", "-")}.plan` : "";
  if (plan) writeFileSync(planFile, JSON.stringify([...plan]));
  rmSync(`${planFile}.at`, { force: true });
  const patterns = names.length <= NAMES ? names : [];
  const child = spawn(
    "/bin/sh",
    [
      ...["-c", 'ulimit -t "$0"; exec "$@"', `${Math.ceil(patience)}`, process.execPath],
      ...["--import", "./test/mutate/preload.mjs"],
      ...["--test-reporter=./test/mutate/reporter.mjs", "--test-reporter-destination=stdout"],
      ...patterns.map((name) => `--test-name-pattern=/^${escaped(name)}$/`),
      `build/test/${file}.test.mjs`,
    ],
    {
      stdio: ["ignore", "pipe", "ignore"],
      env: {
        ...process.env,
        NODE_TEST_CONTEXT: undefined,
        ROLEGATE_MUTANT: mutant,
        ROLEGATE_MUTANT_MODULES: JSON.stringify(MODULES),
        ROLEGATE_MUTANT_PLAN: planFile,
        ROLEGATE_MUTANT_TRACE: trace,
      },
    },
  );
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) =>
    child.on("close", (_, signal) => {
      const mark = `${planFile}.at`;
      const looping = plan && existsSync(mark) ? readFileSync(mark, "utf8") : "";
      resolve({
        passed: namesIn(output, "+"),
        failed: namesIn(output, "-"),
        looping: signal ? looping : null,
      });
    }),
  );
}

function namesIn(output: string, mark: string): Set<string> {
  const lines = output.split("\n").filter((line) => line.startsWith(`${mark}"`));
  return new Set(lines.map((line) => JSON.parse(line.slice(1)) as string));
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/**
 * What the tests of a file can tell. Throws when they fail with no mutant switched on. Kept as long as neither the
 * mutants nor the tests change.
 */
export async function traceOf(file: string): Promise<Trace> {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}/${file.replaceAll("/", "-")}.json`;
  const kept = `${path}.${stateOf(file)}`;
  if (!existsSync(kept)) {
    const { passed, failed, looping } = await run({ file, trace: path });
    if (looping !== null || failed.size > 0 || passed.size === 0) {
      throw new Error(`${file} fails with no mutant switched on: ${[...failed].join("; ")}`);
    }
    renameSync(path, kept);
  }
  return JSON.parse(readFileSync(kept, "utf8")) as Trace;
}

/** A digest of all that a trace depends on. */
function stateOf(file: string): string {
  const hash = createHash("sha256").update(readFileSync(`build/test/${file}.test.mjs`));
  for (const { mutants } of MODULES) hash.update(readFileSync(mutants));
  return hash.digest("hex").slice(0, 12);
}
