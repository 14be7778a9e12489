/**
 * Requests in a second through bare Traefik and through Rolegate, in turn: what else the machine does, and how fast
 * it is at the moment, then weighs on both alike. Each round gives one ratio.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../src/dev/cleanup.ts";
import { makeToken } from "./keys.ts";
import { processorTime } from "./machine.ts";
import { buildProgram, runProgram } from "./program.ts";
import { checkStage, setStage, type Stage, type Target } from "./stage.ts";
import { spread, type Spread } from "./statistics.ts";
import { calls, wire, WRITE_EVERY } from "./workload.ts";

export interface ThroughputOptions {
  rounds: number;
  /** Of one run; a round has two. */
  seconds: number;
  connections: number;
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
/** A multiple of the pool, so that each token is of reads and writes in turn. */
const REQUESTS = 4 * WRITE_EVERY;
const TARGETS: Target[] = ["bare", "rolegate"];

interface Run {
  requests: number;
  rate: number;
  statuses: Record<string, number>;
  /** Microseconds. */
  p50: number;
  p99: number;
  next: number;
}

interface Sample extends Run {
  cpu: number | null;
}

export async function measureThroughput(options: ThroughputOptions) {
  const traffic = await buildProgram("traffic");
  const stage = await setStage(traffic);
  const folder = temporaryFolder("bench-requests");
  try {
    await checkStage(stage, makeToken(stage.key));
    const scenarios: Record<string, Scenario> = {};
    for (const name of options.scenarios) {
      const file = join(folder.path, `${name}.json`);
      scenarios[name] = await measureScenario({ name, traffic, stage, file }, options);
    }
    const direct = await load(
      { traffic, stage, file: join(folder.path, "warm.json") },
      "upstream",
      {
        ...options,
        start: 0,
      },
    );
    return { scenarios, upstream: direct.rate };
  } finally {
    await stage.stop();
    folder.remove();
  }
}

interface Setting {
  traffic: string;
  stage: Stage;
  /** Where the requests are. */
  file: string;
}

async function measureScenario(
  setting: Setting & { name: string },
  options: ThroughputOptions,
): Promise<Scenario> {
  const { name, stage, file } = setting;
  const tokens = SCENARIOS[name]!;
  options.report(`${name}: signing ${tokens} token${tokens === 1 ? "" : "s"} …`);
  const pool = Array.from({ length: tokens }, () => makeToken(stage.key));
  writeFileSync(file, JSON.stringify(calls(pool, Math.max(tokens, REQUESTS)).map(wire)));
  const samples: Record<Target, Sample[]> = { bare: [], rolegate: [] };
  const next: Record<Target, number> = { bare: 0, rolegate: 0 };
  const run = async (target: Target, seconds: number) => {
    const sample = await load(setting, target, { ...options, seconds, start: next[target] });
    next[target] = sample.next;
    return sample;
  };
  for (const target of TARGETS) await run(target, Math.min(options.seconds, 2));
  for (let round = 0; round < options.rounds; round++) {
    const order = round % 2 === 0 ? TARGETS : [...TARGETS].reverse();
    for (const target of order) samples[target].push(await run(target, options.seconds));
    const rates = TARGETS.map((target) => samples[target][round]!.rate);
    options.report(
      `${name} ${round + 1}/${options.rounds}: ${rates.map((rate) => rate.toFixed(0)).join(" and ")} requests/s, ` +
        `ratio ${(rates[1]! / rates[0]!).toFixed(3)}`,
    );
  }
  const ratios = spread(samples.rolegate.map(({ rate }, i) => rate / samples.bare[i]!.rate));
  const bare = side(samples.bare);
  const rolegate = side(samples.rolegate);
  const cpuRatio = bare.cpu && rolegate.cpu ? bare.cpu.median / rolegate.cpu.median : null;
  const tokenBytes = pool[0]!.length;
  return { ratio: ratios.median, ratios, cpuRatio, tokens, tokenBytes, bare, rolegate };
}

/** One run. Throws when anything but 200 came back. */
async function load(
  { traffic, stage, file }: Setting,
  target: Target | "upstream",
  options: { seconds: number; connections: number; start: number },
): Promise<Sample> {
  const before = processorTime(stage.traefikPid);
  const run = await runProgram<Run>(traffic, [
    "load",
    ...["-address", stage.addresses[target], "-requests", file],
    ...["-seconds", String(options.seconds), "-connections", String(options.connections)],
    ...["-start", String(options.start)],
  ]);
  const after = processorTime(stage.traefikPid);
  if (Object.keys(run.statuses).join() !== "200") {
    throw new Error(`${target}: expected 200 only, got ${JSON.stringify(run.statuses)}`);
  }
  const used = before === null || after === null ? null : after - before;
  return { ...run, cpu: used === null ? null : (used * 1e6) / run.requests };
}

function side(samples: Sample[]): Side {
  const cpu = samples.map((sample) => sample.cpu).filter((value) => value !== null);
  const milliseconds = (pick: (sample: Sample) => number) => spread(samples.map(pick)).median / 1e3;
  return {
    ...spread(samples.map(({ rate }) => rate)),
    cpu: cpu.length > 0 ? spread(cpu) : null,
    latency: { p50: milliseconds(({ p50 }) => p50), p99: milliseconds(({ p99 }) => p99) },
  };
}
