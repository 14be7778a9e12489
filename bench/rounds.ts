/**
 * Rounds in which each contender has its turn, there and back: what else the machine does, and how fast it is at the
 * moment, then weighs on all alike. One that fails is left out from then on, and the others go on.
 */
import { BUSY_SHARE, waitForQuiet } from "./machine.ts";
import { joined, type Sample } from "./run.ts";
import type { Running } from "./stage.ts";
import { spread, type Spread } from "./statistics.ts";

export interface Rounds {
  rounds: number;
  /** For which a round sends requests to each of them. */
  seconds: number;
  connections: number;
  /** Waits before a round while others are busy, and repeats one in which they were; for PATIENCE in all. */
  quiet: boolean;
  report: (line: string) => void;
}

export interface Taken {
  /** By contender, one for each round. */
  samples: Map<Running, Sample[]>;
  /** Those that are left out: name -> why. */
  failed: Record<string, string>;
  /** The share of the processors that others used. */
  others: number | null;
  /** Rounds that were left out because others were too busy. */
  disturbed: number;
}

/** Milliseconds for all rounds of one kind. */
const PATIENCE = 15 * 60_000;

export async function takeRounds(
  what: string,
  all: Running[],
  { rounds, seconds, quiet, report }: Rounds,
  run: (it: Running, seconds: number) => Promise<Sample>,
): Promise<Taken> {
  const samples = new Map<Running, Sample[]>();
  const failed: Record<string, string> = {};
  let left = all;
  const turn = async (it: Running, length: number): Promise<Sample | null> => {
    try {
      return await run(it, length);
    } catch (error) {
      if (it.contender.ours) throw error;
      const { name } = it.contender;
      failed[name] = (error as Error).message;
      report(`${what}: ${name} is left out: ${failed[name]}`);
      left = left.filter((other) => other !== it);
      samples.delete(it);
      return null;
    }
  };
  for (const it of left) {
    if (await turn(it, Math.min(seconds / 2, 1))) samples.set(it, []);
  }
  let disturbed = 0;
  const deadline = performance.now() + PATIENCE;
  for (let round = 0; round < rounds;) {
    const isQuiet = quiet && (await waitForQuiet(deadline - performance.now()));
    const order = round % 2 === 0 ? left : [...left].reverse();
    const parts = new Map<Running, Sample[]>();
    for (const it of [...order, ...[...order].reverse()]) {
      const part = left.includes(it) && (await turn(it, seconds / 2));
      if (part) parts.set(it, [...(parts.get(it) ?? []), part]);
    }
    const made = new Map(left.map((it) => [it, joined(parts.get(it)!)]));
    const busiest = middle([...made.values()].map(({ others }) => others))?.max ?? 0;
    if (isQuiet && busiest > BUSY_SHARE) {
      disturbed++;
      report(`${what}: others used ${(busiest * 100).toFixed(0)} %, once more`);
      continue;
    }
    for (const [it, sample] of made) samples.get(it)!.push(sample);
    const figures = [...made].map(
      ([{ contender }, { rate, p99 }]) =>
        `${contender.name} ${rate.toFixed(0)}/s ${(p99 / 1e3).toFixed(1)} ms`,
    );
    report(`${what} ${++round}/${rounds}: ${figures.join(", ")}`);
  }
  const shares = [...samples.values()].flat().map(({ others }) => others);
  return { samples, failed, others: middle(shares)?.median ?? null, disturbed };
}

/** The spread of those that the kernel reports. */
export function middle(values: (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? spread(known) : null;
}
