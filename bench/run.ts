/**
 * One run of the load generator, and the processor time of Traefik, of a process beside it, and of
 * all others meanwhile.
 */
import { cpus } from "node:os";
import { busyTime, processorTime } from "./machine.ts";
import { runProgram } from "./program.ts";
import type { World } from "./world.ts";

/** A contender, or the upstream itself, which has no Traefik. */
export interface Target {
  address: string;
  pid?: number;
  beside?: number | null;
}

export interface Load {
  world: World;
  target: Target;
  /** Number of requests, and the first one. */
  file: string;
  start: number;
  seconds: number;
  connections: number;
  /** So many are due in a second, and latency counts from when each is; absent: as many as are answered. */
  rate?: number;
  /** Seconds before those, under the same load, whose latency is told apart. */
  warmup?: number;
}

export interface Sample {
  requests: number;
  seconds: number;
  rate: number;
  /** Microseconds. */
  p50: number;
  p99: number;
  /** The 99th percentile of the warm-up alone; 0 if there is none. */
  first: number;
  /** By how much the load generator itself was late with 1 % of the requests; 0 without a rate. */
  late: number;
  /** With which request the next run begins. */
  next: number;
  /** Microseconds of Traefik's processor time for a request; null where the kernel does not tell. */
  cpu: number | null;
  /** The same of the process beside it; null if there is none. */
  beside: number | null;
  /** The share of the processors that others used. */
  others: number | null;
}

/** What the Go program prints. */
interface Printed extends Omit<Sample, "cpu" | "beside" | "others"> {
  statuses: Record<string, number>;
  /** Its own processor time. Seconds. */
  cpu: number;
}

/** Throws when anything but 200 came back. */
export async function runLoad(load: Load): Promise<Sample> {
  const { world, file, target, start, seconds, connections, rate, warmup = 0 } = load;
  const before = clock(world, target);
  const printed = await runProgram<Printed>(world.traffic, [
    "load",
    ...["-address", target.address, "-requests", file, "-start", String(start)],
    ...["-seconds", String(seconds), "-connections", String(connections)],
    ...["-warmup", String(warmup)],
    ...(rate === undefined ? [] : ["-rate", String(rate)]),
  ]);
  const after = clock(world, target);
  const { statuses, cpu, ...run } = printed;
  if (Object.keys(statuses).join() !== "200") {
    throw new Error(`${target.address}: expected 200 only, got ${JSON.stringify(statuses)}`);
  }
  if (!before || !after) return { ...run, cpu: null, beside: null, others: null };
  const each = (of: "traefik" | "beside") => ((after[of] - before[of]) * 1e6) / run.requests;
  const ours = cpu + after.ours - before.ours;
  const capacity = cpus().length * (after.wall - before.wall);
  return {
    ...run,
    cpu: each("traefik"),
    beside: target.beside == null ? null : each("beside"),
    others: Math.max(0, (after.busy - before.busy - ours) / capacity),
  };
}

/** Seconds, all of them; null where the kernel does not tell. */
function clock(world: World, target: Target) {
  const of = (pid?: number | null) => (pid == null ? 0 : processorTime(pid));
  const [traefik, beside] = [of(target.pid), of(target.beside)];
  const upstream = processorTime(world.upstream.pid);
  const busy = busyTime();
  if (traefik === null || beside === null || upstream === null || busy === null) return null;
  const { user, system } = process.cpuUsage();
  return {
    wall: performance.now() / 1e3,
    traefik,
    beside,
    busy,
    ours: traefik + beside + upstream + (user + system) / 1e6,
  };
}

/** Runs as one: sums, and of latencies the mean. */
export function joined(parts: Sample[]): Sample {
  const sum = (of: (part: Sample) => number) => parts.reduce((total, part) => total + of(part), 0);
  const [requests, seconds] = [sum((part) => part.requests), sum((part) => part.seconds)];
  const share = (of: (part: Sample) => number | null, by: (part: Sample) => number) =>
    parts.some((part) => of(part) === null) ? null : sum((part) => of(part)! * by(part)) / sum(by);
  const byRequests = (part: Sample) => part.requests;
  return {
    requests,
    seconds,
    rate: requests / seconds,
    p50: sum((part) => part.p50) / parts.length,
    p99: sum((part) => part.p99) / parts.length,
    first: sum((part) => part.first) / parts.length,
    late: sum((part) => part.late) / parts.length,
    next: parts.at(-1)!.next,
    cpu: share((part) => part.cpu, byRequests),
    beside: share((part) => part.beside, byRequests),
    others: share(
      (part) => part.others,
      (part) => part.seconds,
    ),
  };
}
