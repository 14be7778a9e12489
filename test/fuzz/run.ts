/** Runs targets batch by batch; what goes wrong is made small, and reported with what repeats it. */
import { Dice } from "../support/dice.ts";
import { release } from "./host.ts";
import type { Input, Session, Target } from "./target.ts";

export interface Crash {
  target: string;
  seed: string;
  batch: number;
  /** Its position in the batch. */
  position: number;
  fault: string;
  input: Input;
  /** The smallest input found that goes wrong by itself; null: only after those before it. */
  minimal: Input | null;
}

export interface FuzzRun {
  seed: string;
  cases: number;
  targets: readonly Target[];
  /** Only this batch, of each target. */
  only?: number | undefined;
  onProgress?: (done: number) => void;
}

export interface FuzzReport {
  /** Inputs tried, by target. */
  tried: Record<string, number>;
  crashes: Crash[];
}

/** A target's crashes are alike more often than not. */
const CRASHES_EACH = 3;
const SHRINKS = 1_500;

export async function fuzz(run: FuzzRun): Promise<FuzzReport> {
  const report: FuzzReport = { tried: {}, crashes: [] };
  const shares = run.targets.reduce((sum, { share }) => sum + share, 0);
  let done = 0;
  for (const target of run.targets) {
    const wanted = Math.ceil((run.cases * target.share) / shares);
    const before = done;
    const first = run.only ?? 0;
    const end = run.only === undefined ? Math.ceil(wanted / target.batch) : run.only + 1;
    let crashes = 0;
    for (let batch = first; batch < end && crashes < CRASHES_EACH; batch++) {
      const left = run.only === undefined ? wanted - (done - before) : target.batch;
      const outcome = await runBatch(target, run.seed, batch, Math.min(left, target.batch));
      done += outcome.tried;
      if (outcome.crash) {
        crashes++;
        report.crashes.push(outcome.crash);
      }
      run.onProgress?.(done);
    }
    report.tried[target.name] = done - before;
  }
  return report;
}

async function runBatch(target: Target, seed: string, batch: number, count: number) {
  const name = `${seed}/${target.name}/${batch}`;
  const dice = new Dice(name);
  const session = await target.open(dice);
  try {
    for (let position = 0; position < count; position++) {
      const input = session.make(dice);
      const fault = await attempt(session, input);
      if (fault === null) continue;
      const minimal = await shrink(target, name, input);
      const crash: Crash = { target: target.name, seed, batch, position, fault, input, minimal };
      return { tried: position + 1, crash };
    }
    return { tried: count, crash: null };
  } finally {
    session.close?.();
    await release();
  }
}

async function attempt(session: Session, input: Input): Promise<string | null> {
  try {
    return await session.attempt(input);
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

/** Takes pieces away as long as it still goes wrong, each time with a guest of its own. */
async function shrink(target: Target, name: string, input: Input): Promise<Input | null> {
  const fails = async (candidate: Input) => {
    const session = await target.open(new Dice(name));
    try {
      return (await attempt(session, candidate)) !== null;
    } finally {
      session.close?.();
      await release();
    }
  };
  if (!(await fails(input))) return null;
  let smallest = input;
  let budget = SHRINKS;
  for (let progress = true; progress;) {
    progress = false;
    for (const candidate of smaller(smallest)) {
      if (--budget < 0) return smallest;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

/** The input with something less, big pieces first. */
function* smaller(input: Input): Generator<Input> {
  for (let size = input.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < input.length; at += size) {
      yield typeof input === "string"
        ? input.slice(0, at) + input.slice(at + size)
        : [...input.slice(0, at), ...input.slice(at + size)];
    }
  }
  if (input.length === 1) yield typeof input === "string" ? "" : [];
  if (typeof input === "string") return;
  for (const [at, item] of input.entries()) {
    for (const less of smaller(item)) yield [...input.slice(0, at), less, ...input.slice(at + 1)];
  }
}
