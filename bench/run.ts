/**
 * One run of the load generator, and the processor time of Traefik and of all other processes
 * meanwhile.
 */
import { cpus } from "node:os";
import { busyTime, processorTime } from "./machine.ts";
import { runProgram } from "./program.ts";
import type { Target } from "./contenders.ts";
import type { Stage } from "./stage.ts";

export interface Load {
  traffic: string;
  stage: Stage;
  target: Target | "upstream";
  /** Number of requests, and the first one. */
  file: string;
  start: number;
  seconds: number;
  connections: number;
}

export interface Sample {
  requests: number;
  seconds: number;
  rate: number;
  /** Microseconds. */
  p50: number;
  p99: number;
  /** With which request the next run begins. */
  next: number;
  /** Microseconds of Traefik's processor time for a request; null where the kernel does not tell. */
  cpu: number | null;
  /** The share of the processors that others used. */
  others: number | null;
}

/** What the Go program prints. */
interface Printed extends Omit<Sample, "cpu" | "others"> {
  statuses: Record<string, number>;
  /** Its own processor time. Seconds. */
  cpu: number;
}

/** Throws when anything but 200 came back. */
export async function runLoad(load: Load): Promise<Sample> {
  const { stage, file, target, start, seconds, connections } = load;
  const before = clock(stage);
  const printed = await runProgram<Printed>(load.traffic, [
    "load",
    ...["-address", stage.addresses[target]!, "-requests", file, "-start", String(start)],
    ...["-seconds", String(seconds), "-connections", String(connections)],
  ]);
  const after = clock(stage);
  const { statuses, cpu, ...run } = printed;
  if (Object.keys(statuses).join() !== "200") {
    throw new Error(`${target}: expected 200 only, got ${JSON.stringify(statuses)}`);
  }
  if (!before || !after) return { ...run, cpu: null, others: null };
  const ours = cpu + after.ours - before.ours;
  const capacity = cpus().length * (after.wall - before.wall);
  return {
    ...run,
    cpu: ((after.traefik - before.traefik) * 1e6) / run.requests,
    others: Math.max(0, (after.busy - before.busy - ours) / capacity),
  };
}

/** Seconds, all of them; null where the kernel does not tell. */
function clock({ traefikPid, upstreamPid }: Stage) {
  const traefik = processorTime(traefikPid);
  const upstream = processorTime(upstreamPid);
  const busy = busyTime();
  if (traefik === null || upstream === null || busy === null) return null;
  const { user, system } = process.cpuUsage();
  return {
    wall: performance.now() / 1e3,
    traefik,
    busy,
    ours: traefik + upstream + (user + system) / 1e6,
  };
}

/** Runs as one: sums, and of latencies the mean. */
export function joined(parts: Sample[]): Sample {
  const sum = (of: (part: Sample) => number) => parts.reduce((total, part) => total + of(part), 0);
  const [requests, seconds] = [sum((part) => part.requests), sum((part) => part.seconds)];
  const share = (of: (part: Sample) => number | null, by: (part: Sample) => number) =>
    parts.some((part) => of(part) === null) ? null : sum((part) => of(part)! * by(part)) / sum(by);
  return {
    requests,
    seconds,
    rate: requests / seconds,
    p50: sum((part) => part.p50) / parts.length,
    p99: sum((part) => part.p99) / parts.length,
    next: parts.at(-1)!.next,
    cpu: share(
      (part) => part.cpu,
      (part) => part.requests,
    ),
    others: share(
      (part) => part.others,
      (part) => part.seconds,
    ),
  };
}
