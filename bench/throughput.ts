/** Requests in a second: as many as are answered on a number of connections. Each round gives a ratio for each. */
import { makeRequests } from "./requests.ts";
import { SCENARIOS, type Scenario } from "./contenders.ts";
import { middle, takeRounds, type Rounds } from "./rounds.ts";
import { runLoad } from "./run.ts";
import type { Running } from "./stage.ts";
import { spread, type Spread } from "./statistics.ts";
import type { World } from "./world.ts";

/** One contender's. */
export interface Side {
  name: string;
  title: string;
  /** Requests in a second. */
  rate: Spread;
  /** Its requests by bare Traefik's, and by the floor guest's, of the same rounds. */
  ofBare: Spread;
  ofFloor: Spread | null;
  /** Rolegate's requests by its own. */
  rolegate: Spread;
  /** Microseconds of processor time that Traefik used for a request; null where the kernel does not tell. */
  cpu: Spread | null;
  /** The same of the process beside Traefik. */
  beside: Spread | null;
  /** Milliseconds; medians of the rounds. */
  latency: { p50: number; p99: number };
}

export interface Throughput {
  /** How many different credentials there were, and bytes of the first that Rolegate got. */
  credentials: number;
  bytes: number;
  sides: Side[];
  failed: Record<string, string>;
  others: number | null;
  disturbed: number;
}

export async function measureThroughput(
  scenario: Scenario,
  all: Running[],
  world: World,
  rounds: Rounds,
): Promise<Throughput> {
  rounds.report(`${scenario}: making requests …`);
  const { requests, lost } = await makeRequests(scenario, all, world);
  const next = new Map<Running, number>();
  const run = async (it: Running, seconds: number) => {
    const { file } = requests.get(it)!;
    const { connections } = rounds;
    const start = next.get(it) ?? 0;
    const sample = await runLoad({ world, target: it, file, start, seconds, connections });
    next.set(it, sample.next);
    return sample;
  };
  const taken = await takeRounds(scenario, [...requests.keys()], rounds, run);
  const rates = new Map([...taken.samples].map(([it, of]) => [it, of.map(({ rate }) => rate)]));
  const named = (begins: string) =>
    rates.get([...rates.keys()].find(({ contender }) => contender.name.startsWith(begins))!);
  const quotient = (above: number[], below: number[]) =>
    spread(above.map((rate, i) => rate / below[i]!));
  const [bare, floor, ours] = [named("bare")!, named("floor"), named("rolegate")!];
  const sides = [...taken.samples].map(([it, of]): Side => {
    const mine = rates.get(it)!;
    const milliseconds = (which: "p50" | "p99") => spread(of.map((one) => one[which])).median / 1e3;
    return {
      name: it.contender.name,
      title: it.contender.title,
      rate: spread(mine),
      ofBare: quotient(mine, bare),
      ofFloor: floor ? quotient(mine, floor) : null,
      rolegate: quotient(ours, mine),
      cpu: middle(of.map(({ cpu }) => cpu)),
      beside: middle(of.map(({ beside }) => beside)),
      latency: { p50: milliseconds("p50"), p99: milliseconds("p99") },
    };
  });
  const subject = [...requests].find(([{ contender }]) => contender.name.startsWith("rolegate"))!;
  return {
    credentials: SCENARIOS[scenario],
    bytes: subject[1].bytes,
    sides,
    failed: { ...lost, ...taken.failed },
    others: taken.others,
    disturbed: taken.disturbed,
  };
}
