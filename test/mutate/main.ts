/**
 * `npm run mutate`: switches off every security check of the guest in turn, and the tests must fail each time.
 *
 *   npm run mutate                            all of them; ends with a table of the results
 *   npm run mutate -- --only jose/token       those whose name begins so
 *   npm run mutate -- --sample 10 --seed S    so many, chosen by S
 *   npm run mutate -- --quick                 with no tests but those that the table names
 *   npm run mutate -- --list                  the rows that test/mutate/checks-table.ts lacks, to be filled in
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Campaign } from "./campaign.ts";
import { guestMutants, type Mutant } from "./definition.mjs";
import { buildMutants, idOf } from "./modules.ts";
import { missingRows } from "./rows.ts";
import { sample, tableOf } from "./summary.ts";

const RESULT = "build/mutants-result.json";

const { values } = parseArgs({
  options: {
    list: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});

if (values.list) console.log(missingRows(guestMutants()) || "No row is missing.");
else process.exitCode = await main();

async function main(): Promise<number> {
  const all = buildMutants();
  const campaign = new Campaign(choose(all), (line) => {
    console.log(line);
    // Kept as it comes: a whole run is long.
    writeFileSync(RESULT, JSON.stringify(Object.fromEntries(campaign.killed), null, 1));
  });
  console.log(`${all.length} mutants, of which ${campaign.mutants.length} are tried.`);
  await campaign.run(values.quick);
  const { killed, survivors } = campaign;
  if (values.only) for (const [id, file] of killed) console.log(`${file} fails without ${id}`);
  for (const id of survivors) console.log(`survives: ${id}`);
  if (!values.sample && !values.only) console.log(`\n${tableOf(all, killed)}`);
  console.log(`\n${killed.size} passed, ${survivors.length} failed`);
  return survivors.length > 0 ? 1 : 0;
}

function choose(mutants: Mutant[]): Mutant[] {
  const { only, seed } = values;
  if (only) return mutants.filter((mutant) => only.some((name) => idOf(mutant).startsWith(name)));
  return values.sample ? sample(mutants, Number(values.sample), seed) : mutants;
}
