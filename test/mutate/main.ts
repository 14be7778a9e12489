/**
 * `npm run mutate`: switches off every security check of the guest in turn, and the tests must fail each time.
 *
 *   npm run mutate                            all of them; ends with a table of the results
 *   npm run mutate -- --only jose/token       those whose name begins so
 *   npm run mutate -- --sample 10             so many, others each day; --seed N repeats those of a day
 *   npm run mutate -- --quick                 with no tests but those that the table names
 *   npm run mutate -- --minutes 60            begins nothing more after that time (240 without it)
 *   npm run mutate -- --list                  the rows that test/mutate/checks-table.ts lacks, to be filled in
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Campaign } from "./campaign.ts";
import { guestMutants, type Mutant } from "./definition.mjs";
import { buildMutants, idOf } from "./modules.ts";
import { missingRows } from "./rows.ts";
import { isLive, sample, tableOf } from "./summary.ts";

const RESULT = "build/mutants-result.json";

const { values } = parseArgs({
  options: {
    list: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    minutes: { type: "string", default: "240" },
    sample: { type: "string" },
    /** The day, so that a sample that is tried every day comes to all of them. */
    seed: { type: "string", default: `${Math.floor(Date.now() / 86_400_000)}` },
  },
});

if (values.list) console.log(missingRows(guestMutants()) || "No row is missing.");
else process.exitCode = await main();

async function main(): Promise<number> {
  const all = buildMutants();
  const isWhole = !values.sample && !values.only;
  const report = (line: string) => {
    console.log(line);
    // Kept as it comes: a whole run is long.
    if (isWhole)
      writeFileSync(RESULT, JSON.stringify(Object.fromEntries(campaign.killed), null, 1));
  };
  const deadline = Date.now() + Number(values.minutes) * 60_000;
  const campaign = new Campaign(choose(all.filter(isLive)), report, deadline);
  console.log(`${all.length} mutants, of which ${campaign.mutants.length} are tried.`);
  if (values.sample) console.log(`Again: --sample ${values.sample} --seed ${values.seed}`);
  await campaign.run(values.quick);
  const { killed, survivors } = campaign;
  if (!isWhole) for (const [id, how] of killed) console.log(`${how} without ${id}`);
  for (const id of survivors) console.log(`survives: ${id}`);
  if (campaign.isCut) console.log(`${values.minutes} minutes are over: not all was tried.`);
  if (isWhole) console.log(`\n${tableOf(all, killed)}`);
  console.log(`\n${killed.size} passed, ${survivors.length} failed`);
  return survivors.length > 0 ? 1 : 0;
}

function choose(mutants: Mutant[]): Mutant[] {
  const { only, seed } = values;
  if (only) return mutants.filter((mutant) => only.some((name) => idOf(mutant).startsWith(name)));
  return values.sample ? sample(mutants, Number(values.sample), Number(seed)) : mutants;
}
