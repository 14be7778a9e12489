/** Plays plans one module after the other, and tells of each as it ends. */
import { merge } from "../../stack/traefik/config.ts";
import { ALIAS, Party } from "./party.ts";
import { type Outcome, type Patience, playModule } from "./play.ts";
import { PLANS } from "./plans.ts";
import { Suite } from "./suite.ts";

export interface Run {
  url: string;
  ca: string | undefined;
  /** Names of `PLANS`. */
  plans: string[];
  /** Part of the modules' names. */
  contains?: string;
  patience?: Patience;
  /** Where rows are told; standard output when absent. */
  tell?: (line: string) => void;
}

/** How long the suite waits for a request that must not come: seconds. */
const WAIT = 3;
const PATIENCE = { ends: 15, log: 10_000 };

export async function runPlans(run: Run): Promise<(Outcome & { plan: string })[]> {
  const { url, ca, plans, contains = "", patience = PATIENCE, tell = console.log } = run;
  const suite = new Suite(url, ca);
  const party = await Party.make(url, ca);
  const results: (Outcome & { plan: string })[] = [];
  try {
    for (const name of plans) {
      const plan = PLANS[name]!;
      const client = merge(party.client, plan.client?.(party.origin) ?? {});
      const config = { alias: ALIAS, description: "Rolegate", waitTimeoutSeconds: WAIT, client };
      const made = await suite.makePlan(plan.name, config);
      tell(`\n${plan.name}`);
      for (const module of made.modules) {
        if (!module.testModule.includes(contains)) continue;
        const stage = { patience, suite, party, block: plan.block ?? {} };
        const outcome = await playModule(stage, made.id, module, results.length);
        results.push({ plan: plan.name, ...outcome });
        tell(lineOf(outcome));
        for (const complaint of outcome.complaints) tell(`    ${complaint}`);
      }
    }
  } finally {
    await party.end();
  }
  return results;
}

const lineOf = ({ good, suite, module, ours, seconds }: Outcome) =>
  `${good ? "✔" : "✖"} ${suite.padEnd(8)} ${module}  (${seconds} s)  ours: ${ours}`;
