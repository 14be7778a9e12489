/** Runs a file of tests in a process of its own, with mutants switched on. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { MODULES } from "./modules.ts";

/** Seconds of the processor, where it is not known how long a file takes. */
const LIMIT = 300;
/** How much longer a run may take by the clock, for it has to share the processors, and may wait. */
export const SHARE = 4;
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
  /** Seconds of the processor after which a run is ended: it loops. By the clock it is SHARE times that: it waits. */
  limit?: number;
  /** Where preload.mjs writes what the tests can tell. */
  trace?: string;
}

export interface Outcome {
  /** Names of tests; one may be there more than once. */
  passed: Set<string>;
  failed: Set<string>;
  /** Of a run that was ended the test in which it was stuck, or "" where that is not known; null: it ended by itself. */
  stuck: string | null;
  /** By the clock. */
  seconds: number;
}

export interface Trace {
  /** Of the processor, that the file takes. */
  seconds: number;
  /** Of a test, or "" for what is around all of a file's, the ids of the mutants that it can tell from the guest. */
  tests: readonly (readonly [name: string, mutants: readonly string[]])[];
}

export function run(order: Order): Promise<Outcome> {
  const { file, names = [], mutant = "", plan, limit = LIMIT, trace = "" } = order;
  mkdirSync(FOLDER, { recursive: true });
  const planFile = plan ? `${FOLDER}/${file.replaceAll("/", "-")}.plan` : "";
  if (plan) writeFileSync(planFile, JSON.stringify([...plan]));
  rmSync(`${planFile}.at`, { force: true });
  const patterns = names.length <= NAMES ? names : [];
  const child = spawn(
    "/bin/sh",
    [
      ...["-c", 'ulimit -t "$0"; exec "$@"', `${Math.ceil(limit)}`, process.execPath],
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
  const started = Date.now();
  const timer = setTimeout(() => child.kill("SIGKILL"), limit * SHARE * 1000);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  return new Promise((resolve) =>
    child.on("close", (_, signal) => {
      clearTimeout(timer);
      const mark = `${planFile}.at`;
      const running = plan && existsSync(mark) ? readFileSync(mark, "utf8") : "";
      resolve({
        passed: namesIn(output, "+"),
        failed: namesIn(output, "-"),
        stuck: signal ? running : null,
        seconds: (Date.now() - started) / 1000,
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

const traces = new Map<string, Promise<Trace>>();

/** What the tests of a file can tell. Throws when they fail with no mutant switched on. */
export function traceOf(file: string): Promise<Trace> {
  const found = traces.get(file) ?? makeTrace(file);
  traces.set(file, found);
  return found;
}

/** Kept in a file as long as neither the mutants nor the tests change. */
async function makeTrace(file: string): Promise<Trace> {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}/${file.replaceAll("/", "-")}.json`;
  const kept = `${path}.${stateOf(file)}`;
  if (!existsSync(kept)) {
    const { passed, failed, stuck } = await run({ file, trace: path });
    if (stuck !== null || failed.size > 0 || passed.size === 0) {
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
