/** The requests of a scenario, for each contender with its own credentials, in files that the load generator reads. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SCENARIOS, type Scenario } from "./contenders.ts";
import type { Running } from "./stage.ts";
import { calls, wire, WRITE_EVERY } from "./workload.ts";
import type { World } from "./world.ts";

export interface Requests {
  file: string;
  /** Length of its first credential. */
  bytes: number;
}

/** Enough for reads and writes in proportion. */
const REQUESTS = 4 * WRITE_EVERY;

/** `lost`: those that gave no credential, with the reason. A contender that decides nothing gets Rolegate's. */
export async function makeRequests(scenario: Scenario, all: Running[], world: World) {
  const requests = new Map<Running, Requests>();
  const lost: Record<string, string> = {};
  const count = SCENARIOS[scenario];
  const there = all.filter(({ contender }) => contender.scenarios.includes(scenario));
  const subject = there.find(({ contender }) => contender.decides === "rules");
  for (const it of there) {
    const { name, ours, decides } = it.contender;
    const from = decides === "nothing" && subject ? subject : it;
    try {
      const pool: string[] = [];
      while (pool.length < count) pool.push(await from.credential(scenario, pool.length));
      const file = join(world.folder, `${scenario}-${name}.json`);
      writeFileSync(file, JSON.stringify(calls(pool, Math.max(count, REQUESTS)).map(wire)));
      requests.set(it, { file, bytes: pool[0]!.length });
    } catch (error) {
      if (ours) throw error;
      lost[name] = (error as Error).message;
    }
  }
  return { requests, lost };
}
