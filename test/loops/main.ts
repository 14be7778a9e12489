/**
 * `npm run loops -- [--suite PART]… [--fuzz 200000] [--top 40]`: every suite that runs in this process's reach, and the fuzzer, with a
 * guest whose loops are counted; prints the loops that turned most often, and what exceeded its bound.
 */
import { parseArgs } from "node:util";
import { noCounts, merge } from "./counted.ts";
import { countedGuest, countedVectors } from "./programs.ts";
import { run } from "./suites.ts";

const { values } = parseArgs({
  options: {
    fuzz: { type: "string", default: "200000" },
    top: { type: "string", default: "40" },
    suite: { type: "string", multiple: true },
  },
});
/** Parts of test/. */
const SUITES = ["guest/", "login/", "properties/", "vectors/", "presets/", "loops/heaviest"];

const programs = [countedGuest(), countedVectors()];
const counts = noCounts();
let failed = false;
for (const suite of values.suite ?? [...SUITES, "fuzz"]) {
  const begin = performance.now();
  const isFuzz = suite === "fuzz";
  const outcome = await run({
    programs,
    tests: isFuzz ? [] : [suite],
    ...(isFuzz ? { fuzz: ["--cases", values.fuzz] } : {}),
  });
  merge(counts, outcome.counts);
  failed ||= outcome.failures !== "";
  if (outcome.failures) console.log(outcome.failures);
  const most = Math.max(0, ...Object.values(outcome.counts.calls));
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  console.log(`${suite}: ${seconds} s, at most ${most} turns in one call`);
}

const rows = Object.entries(counts.loops).sort(([, [, a]], [, [, b]]) => b - a);
console.log(`\n${rows.length} loops turned. The most in a row, the most in one call:`);
for (const [loop, [inARow, inOneCall]] of rows.slice(0, Number(values.top))) {
  console.log(`${String(inARow).padStart(10)} ${String(inOneCall).padStart(10)}  ${loop}`);
}
console.log("\nThe most turns of all loops in one call:");
for (const [call, turns] of Object.entries(counts.calls)) {
  if (turns > 100_000) console.log(`${String(turns).padStart(10)}  ${call}`);
}
for (const message of new Set(counts.exceeded)) console.log(`✖ ${message}`);
if (failed || counts.exceeded.length > 0) process.exitCode = 1;
