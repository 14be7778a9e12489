/** On what it was measured, and how busy that was: without it a figure means nothing. */
import { readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

export interface Machine {
  cpu: string;
  cores: number;
  /** GiB. */
  memory: number;
  date: string;
  /** Runnable processes in the minute before, by the kernel's account. */
  load: number;
}

export function machine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? "unknown",
    cores: all.length,
    memory: Math.round(totalmem() / 2 ** 30),
    date: new Date().toISOString().slice(0, 16) + "Z",
    load: loadavg()[0]!,
  };
}

/** True if other processes share the machine, so that figures are not exact. */
export function isBusy({ load, cores }: Machine): boolean {
  return load > cores / 4;
}

/** The same of the share of the processors that others used while it was measured. */
export const BUSY_SHARE = 0.1;

/** The kernel's clock tick for user space, on every Linux that Node runs on. Seconds. */
const TICK = 0.01;

/** Processor time of the whole machine that was not idle, on all cores; null where there is no /proc. Seconds. */
export function busyTime(): number | null {
  try {
    const [all = ""] = readFileSync("/proc/stat", "utf8").split("\n");
    // cpu user nice system idle iowait irq softirq steal: a hypervisor's part is not available
    // either.
    const [, user, nice, system, , , irq, softirq, steal] = all.split(/\s+/).map(Number);
    return (user! + nice! + system! + irq! + softirq! + steal!) * TICK;
  } catch {
    return null;
  }
}

/** Processor time that a process has used so far, user and system. Seconds; null where there is no /proc. */
export function processorTime(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in parentheses that may hold anything; utime is the 14th field, stime the 15th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  } catch {
    return null;
  }
}

/** How long a process has been there, to a hundredth of a second; null where there is no /proc. Milliseconds. */
export function ageOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const begun = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]) * TICK;
    const [up = ""] = readFileSync("/proc/uptime", "utf8").split(" ");
    return (Number(up) - begun) * 1e3;
  } catch {
    return null;
  }
}

/** Resident memory of a process. MiB. Throws where there is no /proc. */
export function residentMemory(pid: number): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)![1]) / 1024;
}

/** Waits until others leave the processors alone for a moment; false when that takes longer than `patience` ms. */
export async function waitForQuiet(patience: number): Promise<boolean> {
  const window = 2_000;
  for (const end = performance.now() + patience; performance.now() < end;) {
    const before = busyTime();
    await sleep(window);
    const after = busyTime();
    if (before === null || after === null) return true;
    if ((after - before) / (cpus().length * (window / 1e3)) < BUSY_SHARE) return true;
  }
  return false;
}
