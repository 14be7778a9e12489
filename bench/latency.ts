/**
 * Latency at a rate that does not depend on the answers: half of what bare Traefik can do. A request's time counts from
 * when it is due, so that none is left out because the ones before were late.
 */
import type { Scenario } from "./contenders.ts";
import { makeRequests } from "./requests.ts";
import { takeRounds, type Rounds } from "./rounds.ts";
import { runLoad, type Sample } from "./run.ts";
import type { Running } from "./stage.ts";
import { spread, type Spread } from "./statistics.ts";
import type { World } from "./world.ts";

export interface Delay {
  name: string;
  title: string;
  /** Milliseconds. */
  p50: Spread;
  p99: Spread;
  /** Over bare Traefik's of the same round. */
  added: { p50: Spread; p99: Spread };
  /** p99 of the warm-up, which is in none of the others. */
  first: Spread;
}

export interface Latency {
  /** Requests due in a second. */
  rate: number;
  delays: Delay[];
  /** Those that cannot answer as many: they have no latency, because what waits grows without end. */
  slow: { title: string; rate: number }[];
  failed: Record<string, string>;
  /** By how much the load generator itself was late with 1 % of the requests. Milliseconds. */
  late: Spread;
  others: number | null;
}

/** The share of what is due that must have been answered in the time. */
const KEEPS_UP = 0.95;
/** More than the rate needs: if a request waits for a free connection, the contender has made it wait. */
const CONNECTIONS = 128;
/**
 * Before each run: connections are opened, and Traefik makes guests in place of those that its collector has freed
 * since the last one. In a run of 1.5 seconds the requests that wait for this are more than 1 %. Seconds.
 */
const WARMUP = 1;
/** To find what each can do, if throughput was not measured before. Seconds. */
const TRIAL = 2;

/** `most`: what each contender can do, by name, in requests a second. */
export async function measureLatency(
  scenario: Scenario,
  all: Running[],
  world: World,
  rounds: Rounds,
  most: Record<string, number>,
): Promise<Latency> {
  const { requests, lost } = await makeRequests(scenario, all, world);
  const load = (it: Running) => ({ world, target: it, file: requests.get(it)!.file, start: 0 });
  const can = new Map<Running, number>();
  for (const it of requests.keys()) {
    const { connections } = rounds;
    const known = most[it.contender.name];
    can.set(it, known ?? (await runLoad({ ...load(it), seconds: TRIAL, connections })).rate);
  }
  const bare = all.find(({ contender }) => contender.name === "bare")!;
  const rate = Math.round(can.get(bare)! / 2);
  const keepUp = [...can].filter(([, known]) => known >= rate).map(([it]) => it);
  const run = (it: Running, seconds: number) =>
    runLoad({ ...load(it), seconds, connections: CONNECTIONS, rate, warmup: WARMUP });
  const taken = await takeRounds(`${scenario} at ${rate}/s`, keepUp, rounds, run);
  const own = taken.samples.get(bare)!;
  const share = (of: Sample[]) => spread(of.map((it) => it.requests / (it.seconds * rate))).median;
  const inTime = [...taken.samples].filter(([, of]) => share(of) >= KEEPS_UP);
  const delays = inTime.map(([{ contender }, of]): Delay => {
    const milliseconds = (which: "p50" | "p99" | "first") =>
      spread(of.map((one) => one[which] / 1e3));
    const added = (which: "p50" | "p99") =>
      spread(of.map((one, i) => (one[which] - own[i]![which]) / 1e3));
    return {
      name: contender.name,
      title: contender.title,
      p50: milliseconds("p50"),
      p99: milliseconds("p99"),
      added: { p50: added("p50"), p99: added("p99") },
      first: milliseconds("first"),
    };
  });
  const behind = [...taken.samples].filter(([, of]) => share(of) < KEEPS_UP);
  const slow = [
    ...[...can].filter(([, known]) => known < rate),
    ...behind.map(([it, of]): [Running, number] => [it, share(of) * rate]),
  ].map(([{ contender }, known]) => ({ title: contender.title, rate: known }));
  const late = spread([...taken.samples.values()].flat().map((one) => one.late / 1e3));
  const failed = { ...lost, ...taken.failed };
  return { rate, delays, slow, failed, late, others: taken.others };
}
