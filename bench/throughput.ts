/**
 * Requests in a second through bare Traefik, Rolegate and what it is compared with, in turn: what else the machine
 * does, and how fast it is at the moment, then weighs on all alike. Each round gives one ratio for each.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { makeToken } from "./keys.ts";
import { BUSY_SHARE, waitForQuiet } from "./machine.ts";
import { buildProgram } from "./program.ts";
import { joined, runLoad, type Sample } from "./run.ts";
import type { Compared, Target } from "./contenders.ts";
import { checkStage, setStage, type Stage } from "./stage.ts";
import type { Sessions } from "./sessions.ts";
import { spread, type Spread } from "./statistics.ts";
import { calls, cookie, wire, WRITE_EVERY } from "./workload.ts";

export interface ThroughputOptions extends Compared {
  rounds: number;
  /** For which a round sends requests to each of them. */
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

/** One that Rolegate is compared with. */
export interface Rival extends Side {
  target: Target;
  title: string;
  /** As Rolegate's: its requests in a second by bare Traefik's. */
  ratio: number;
  ratios: Spread;
  cpuRatio: number | null;
  /**
   * Over the rounds: Rolegate's ratio less its own; and Rolegate's requests in a second by its own.
   */
  lead: Spread;
  quotient: Spread;
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
  /** Bytes of a token. */
  tokenBytes: number;
  bare: Side;
  rolegate: Side;
  rivals: Rival[];
}

/**
 * Name -> how many tokens. A guest remembers about 12 of this size (20 KiB), and there are about as many guests as
 * connections: of 4,096 in turn, each is long forgotten when it comes again.
 */
export const SCENARIOS: Record<string, number> = { warm: 1, distinct: 4096 };
/** Names of the scenarios, if users' sessions are measured. */
const SESSION_SCENARIOS: Record<string, string> = {
  warm: "session",
  distinct: "new session",
};
/** Enough for reads and writes in proportion. */
const REQUESTS = 4 * WRITE_EVERY;
/** Milliseconds for a scenario. */
const PATIENCE = 15 * 60_000;
interface Setting {
  traffic: string;
  stage: Stage;
  /** Where the requests are. */
  file: string;
}

export async function measureThroughput(options: ThroughputOptions) {
  const traffic = await buildProgram("traffic");
  const stage = await setStage(traffic, options);
  const folder = temporaryFolder("bench-requests");
  try {
    await checkStage(stage, credential(stage, options.sessions));
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
  const { sessions } = options;
  const title = sessions ? SESSION_SCENARIOS[name]! : name;
  options.report(`${title}: making ${tokens} …`);
  const make = () => credential(stage, sessions);
  const pool = Array.from({ length: tokens }, make);
  writeFileSync(file, JSON.stringify(calls(pool, Math.max(tokens, REQUESTS)).map(wire)));
  const targets = stage.contenders.map(({ target }) => target);
  const samples = new Map<Target, Sample[]>(targets.map((target) => [target, []]));
  const next = new Map<Target, number>();
  const run = async (target: Target, seconds: number) => {
    const start = next.get(target) ?? 0;
    const sample = await runLoad({ ...setting, target, start, seconds, connections });
    next.set(target, sample.next);
    return sample;
  };
  for (const target of targets) await run(target, 2);
  let disturbed = 0;
  const deadline = performance.now() + PATIENCE;
  for (let round = 0; round < options.rounds;) {
    const quiet = options.quiet && (await waitForQuiet(deadline - performance.now()));
    const order = round % 2 === 0 ? targets : [...targets].reverse();
    // There and back: a machine that gets slower or faster meanwhile does so for all.
    const parts = new Map<Target, Sample[]>(targets.map((target) => [target, []]));
    for (const target of [...order, ...[...order].reverse()]) {
      parts.get(target)!.push(await run(target, options.seconds / 2));
    }
    const all = targets.map((target) => joined(parts.get(target)!));
    const others = middle(all.map((sample) => sample.others))?.max ?? 0;
    if (quiet && others > BUSY_SHARE) {
      disturbed++;
      options.report(`${name}: others used ${(others * 100).toFixed(0)} %, once more`);
      continue;
    }
    targets.forEach((target, i) => samples.get(target)!.push(all[i]!));
    const rates = all.map(({ rate }) => rate);
    options.report(
      `${name} ${++round}/${options.rounds}: ${rates.map((rate) => rate.toFixed(0)).join(", ")} requests/s, ` +
        `ratio ${rates
          .slice(1)
          .map((rate) => (rate / rates[0]!).toFixed(3))
          .join(", ")}`,
    );
  }
  const rates = (target: Target) => samples.get(target)!.map(({ rate }) => rate);
  const quotients = (above: Target, below: Target) =>
    rates(above).map((rate, i) => rate / rates(below)[i]!);
  const bare = side(samples.get("bare")!);
  const measured = (target: Target) => {
    const it = side(samples.get(target)!);
    const ratios = quotients(target, "bare");
    const cpuRatio = bare.cpu && it.cpu ? bare.cpu.median / it.cpu.median : null;
    return { it, ratios, cpuRatio };
  };
  const ours = measured("rolegate");
  const rivals = stage.contenders.slice(2).map(({ target, title }): Rival => {
    const { it, ratios, cpuRatio } = measured(target);
    return {
      target,
      title,
      ...it,
      ratio: spread(ratios).median,
      ratios: spread(ratios),
      cpuRatio,
      lead: spread(ours.ratios.map((ratio, i) => ratio - ratios[i]!)),
      quotient: spread(quotients("rolegate", target)),
    };
  });
  const all = [...samples.values()].flat();
  return {
    ratio: spread(ours.ratios).median,
    ratios: spread(ours.ratios),
    cpuRatio: ours.cpuRatio,
    others: middle(all.map((sample) => sample.others))?.median ?? null,
    disturbed,
    tokens,
    tokenBytes: pool[0]!.length,
    bare,
    rolegate: ours.it,
    rivals,
  };
}

const credential = ({ key }: Stage, sessions?: Sessions) =>
  sessions ? cookie(sessions.make()) : makeToken(key);

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
