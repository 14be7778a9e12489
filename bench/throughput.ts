/**
 * Requests in a second through bare Traefik and through Rolegate, in turn: what else the machine does, and how fast
 * it is at the moment, then weighs on both alike. Each round gives one ratio.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../src/dev/cleanup.ts";
import { makeToken } from "./keys.ts";
import { BUSY_SHARE, waitForQuiet } from "./machine.ts";
import { buildProgram } from "./program.ts";
import { joined, runLoad, type Sample } from "./run.ts";
import { checkStage, setStage, type Stage, type Target } from "./stage.ts";
import { spread, type Spread } from "./statistics.ts";
import { calls, wire, WRITE_EVERY } from "./workload.ts";

export interface ThroughputOptions {
  rounds: number;
  /** For which a round sends requests to each of the two. */
  seconds: number;
  connections: number;
  /** Waits before a round while others are busy, and repeats one in which they were; for PATIENCE in all. */
  quiet: boolean;
  scenarios: string[];
  report: (line: string) => void;
}

export interface Side extends Spread {
  /** Microseconds of processor time that Traefik used for a request; null where the kernel does not tell. */
  cpu: Spread | null;
  /** Milliseconds; medians over the rounds. */
  latency: { p50: number; p99: number };
}

export interface Scenario {
  /** The median of the rounds' ratios: Rolegate's requests in a second by bare Traefik's. */
  ratio: number;
  ratios: Spread;
  /** Bare Traefik's processor time for a request by Rolegate's. */
  cpuRatio: number | null;
  /** The share of the processors that neither Traefik nor the benchmark used, but others. */
  others: number | null;
  /** Rounds that were left out because others were too busy. */
  disturbed: number;
  /** How many different tokens there were. */
  tokens: number;
  /** Of a token. */
  tokenBytes: number;
  bare: Side;
  rolegate: Side;
}

/**
 * Name -> how many tokens. A guest remembers about 12 of this size (20 KiB), and there are about as many guests as
 * connections: of 4,096 in turn, each is long forgotten when it comes again.
 */
export const SCENARIOS: Record<string, number> = { warm: 1, distinct: 4096 };
/** Enough for reads and writes in proportion. */
const REQUESTS = 4 * WRITE_EVERY;
/** Milliseconds for a scenario. */
const PATIENCE = 15 * 60_000;
const TARGETS: Target[] = ["bare", "rolegate"];

interface Setting {
  traffic: string;
  stage: Stage;
  /** Where the requests are. */
  file: string;
}

export async function measureThroughput(options: ThroughputOptions) {
  const traffic = await buildProgram("traffic");
  const stage = await setStage(traffic);
  const folder = temporaryFolder("bench-requests");
  try {
    await checkStage(stage, makeToken(stage.key));
    const scenarios: Record<string, Scenario> = {};
    let file = "";
    for (const name of options.scenarios) {
      file = join(folder.path, `${name}.json`);
      scenarios[name] = await measureScenario(name, { traffic, stage, file }, options);
    }
    const { connections } = options;
    const direct = { traffic, stage, file, start: 0, seconds: 2, connections };
    const upstream = await runLoad({ ...direct, target: "upstream" });
    return { scenarios, upstream: upstream.rate };
  } finally {
    await stage.stop();
    folder.remove();
  }
}

async function measureScenario(
  name: string,
  setting: Setting,
  options: ThroughputOptions,
): Promise<Scenario> {
  const { stage, file } = setting;
  const { connections } = options;
  const tokens = SCENARIOS[name]!;
  options.report(`${name}: signing ${tokens} token${tokens === 1 ? "" : "s"} …`);
  const pool = Array.from({ length: tokens }, () => makeToken(stage.key));
  writeFileSync(file, JSON.stringify(calls(pool, Math.max(tokens, REQUESTS)).map(wire)));
  const samples: Record<Target, Sample[]> = { bare: [], rolegate: [] };
  const next: Record<Target, number> = { bare: 0, rolegate: 0 };
  const run = async (target: Target, seconds: number) => {
    const start = next[target];
    const sample = await runLoad({ ...setting, target, start, seconds, connections });
    next[target] = sample.next;
    return sample;
  };
  for (const target of TARGETS) await run(target, 2);
  let disturbed = 0;
  const deadline = performance.now() + PATIENCE;
  for (let round = 0; round < options.rounds;) {
    const quiet = options.quiet && (await waitForQuiet(deadline - performance.now()));
    const [first, second] = round % 2 === 0 ? TARGETS : [...TARGETS].reverse();
    // There and back: a machine that gets slower or faster meanwhile does so for both.
    const parts: Record<Target, Sample[]> = { bare: [], rolegate: [] };
    for (const target of [first!, second!, second!, first!]) {
      parts[target].push(await run(target, options.seconds / 2));
    }
    const both = TARGETS.map((target) => joined(parts[target]));
    const others = middle(both.map((sample) => sample.others))?.max ?? 0;
    if (quiet && others > BUSY_SHARE) {
      disturbed++;
      options.report(`${name}: others used ${(others * 100).toFixed(0)} %, once more`);
      continue;
    }
    TARGETS.forEach((target, i) => samples[target].push(both[i]!));
    const rates = both.map(({ rate }) => rate);
    options.report(
      `${name} ${++round}/${options.rounds}: ${rates.map((rate) => rate.toFixed(0)).join(" and ")} requests/s, ` +
        `ratio ${(rates[1]! / rates[0]!).toFixed(3)}`,
    );
  }
  const ratios = spread(samples.rolegate.map(({ rate }, i) => rate / samples.bare[i]!.rate));
  const bare = side(samples.bare);
  const rolegate = side(samples.rolegate);
  const all = [...samples.bare, ...samples.rolegate];
  return {
    ratio: ratios.median,
    ratios,
    cpuRatio: bare.cpu && rolegate.cpu ? bare.cpu.median / rolegate.cpu.median : null,
    others: middle(all.map((sample) => sample.others))?.median ?? null,
    disturbed,
    tokens,
    tokenBytes: pool[0]!.length,
    bare,
    rolegate,
  };
}

function middle(values: (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? spread(known) : null;
}

function side(samples: Sample[]): Side {
  const milliseconds = (of: (sample: Sample) => number) => spread(samples.map(of)).median / 1e3;
  return {
    ...spread(samples.map(({ rate }) => rate)),
    cpu: middle(samples.map(({ cpu }) => cpu)),
    latency: { p50: milliseconds(({ p50 }) => p50), p99: milliseconds(({ p99 }) => p99) },
  };
}
