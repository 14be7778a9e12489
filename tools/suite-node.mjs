/** Runs test/<suite>/**\/*.test.ts, bundled, with Node's own test runner. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { bundle } from "./build.mjs";
import { root } from "./install.mjs";
import { watch } from "./stuck.mjs";

/** Before a file has run out of time: enough for a debugger. */
const SECONDS_BEFORE = 15;

/**
 * `concurrency`: files at a time; 1 where real servers run. `minutes`: of one file.
 * `parts`: beginnings of the paths of the files that run; all run if there is none.
 * Returns { passed, failed, complaints }.
 */
export async function runNodeSuite(suite, { concurrency, minutes }, parts = []) {
  const files = testFiles(suite).filter((file) => isWanted(file, parts));
  if (files.length === 0) return { passed: 0, failed: 0, complaints: [] };
  const programs = await bundle(files);
  mkdirSync(`${root}build/test`, { recursive: true });
  const result = `${root}build/test/${suite}.json`;
  rmSync(result, { force: true });
  const runner = spawn(
    process.execPath,
    [
      "--enable-source-maps",
      "--test",
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${minutes * 60_000}`,
      "--test-reporter=spec",
      "--test-reporter-destination=stdout",
      `--test-reporter=${root}tools/tally.mjs`,
      `--test-reporter-destination=${result}`,
      ...programs,
    ],
    { cwd: root, stdio: "inherit" },
  );
  const unwatch = watch(runner.pid, minutes * 60 - SECONDS_BEFORE, console.error);
  const [status, signal] = await once(runner, "exit");
  unwatch();
  const counts = read(result);
  if (status !== 0 && counts.failed === 0) {
    counts.failed++;
    counts.complaints.push(`node --test ended with ${signal ?? status}`);
  }
  return counts;
}

function testFiles(suite) {
  try {
    return readdirSync(`${root}test/${suite}`, { recursive: true })
      .filter((file) => file.endsWith(".test.ts"))
      .sort()
      .map((file) => `test/${suite}/${file}`);
  } catch {
    return [];
  }
}

/** True if a path below test/ begins with one of the parts. */
export function isWanted(file, parts) {
  const path = file.replace(/^test\//, "");
  return parts.length === 0 || parts.some((part) => path.startsWith(part.replace(/^test\//, "")));
}

function read(result) {
  try {
    return JSON.parse(readFileSync(result, "utf8"));
  } catch {
    return { passed: 0, failed: 0, complaints: [] };
  }
}
