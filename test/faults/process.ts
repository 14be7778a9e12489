/** What a process holds now, by the kernel's account. */
import { readdirSync, readFileSync } from "node:fs";

/** Resident memory. MiB. */
export function memory(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)![1]) / 1024;
}

/** Open files and sockets. */
export const descriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
