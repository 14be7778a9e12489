/** Looks at a Traefik while it works: what it holds, and what it leaves behind. */
import { readdirSync, readFileSync } from "node:fs";
import type { SignInStack } from "../../stack/sign-in-stack.ts";

export interface Look {
  /** Since the start. Seconds. */
  at: number;
  /** Resident memory. MiB. */
  memory: number;
  /** Open files and sockets. */
  descriptors: number;
  /** Files in the state folder. */
  files: number;
  /** Of the log so far. */
  logLines: number;
  logBytes: number;
}

export function look(stack: SignInStack, begin: number): Look {
  const { pid, log } = stack.traefik;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return {
    at: (performance.now() - begin) / 1_000,
    memory: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    files: readdirSync(stack.stateFolder, { recursive: true }).length,
    logLines: log.length,
    logBytes: log.bytes,
  };
}

/** How much a figure grows by in an hour, by least squares over the second half: the first is for warming up. */
export function slope(looks: Look[], of: (look: Look) => number): number {
  const half = looks.slice(looks.length >> 1);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [times, values] = [half.map(({ at }) => at / 3_600), half.map(of)];
  const [t, v] = [mean(times), mean(values)];
  const covariance = mean(times.map((time, index) => (time - t) * (values[index]! - v)));
  const variance = mean(times.map((time) => (time - t) ** 2));
  return variance === 0 ? 0 : covariance / variance;
}
