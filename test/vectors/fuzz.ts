/** `npm run fuzz:crypto -- [--cases 100000] [--seed TEXT]`: the long comparison of the guest with Node's crypto. */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { compare } from "./differential.ts";
import { Guest } from "./guest.ts";

const { values } = parseArgs({
  options: { cases: { type: "string", default: "100000" }, seed: { type: "string" } },
});
const cases = Number(values.cases);
if (!Number.isSafeInteger(cases) || cases < 1) {
  console.error("--cases takes a whole number from 1 on");
  process.exit(2);
}
const seed = values.seed ?? randomBytes(8).toString("hex");
console.log(`seed ${seed}; repeat with: npm run fuzz:crypto -- --cases ${cases} --seed ${seed}`);
const start = performance.now();
const report = compare(new Guest(), seed, cases, (done) => console.error(`${done} of ${cases}`));
console.table(report.byAlgorithm);
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(`${report.cases} cases, ${report.accepted} valid, no disagreement, ${seconds} s`);
