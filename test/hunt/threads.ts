/** What the threads of a process that stands still are doing, as files of a folder; the process ends by it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Of each thread, below /proc/PID/task/TID. Some are for root alone. */
const FILES = ["comm", "status", "stat", "wchan", "syscall", "stack"];
const DEBUGGER = [
  "set pagination off",
  "info threads",
  "thread apply all -q -s bt 40",
  "thread apply all -q -s info registers rip rsp rdx",
  "thread apply all -q -s x/24i $pc",
];
/** How long Go may take to print its stacks. Milliseconds. */
const PRINTING = 5_000;

export interface Silent {
  pid: number;
  /** What it has written, its last words included. */
  output(): string;
}

/** Twice, a second apart: who runs is who has used time in between. */
export async function keepThreads(folder: string, silent: Silent): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("threads-1.txt", threadsOf(silent.pid));
  await sleep(1_000);
  write("threads-2.txt", threadsOf(silent.pid));
  write("maps.txt", read(`/proc/${silent.pid}/maps`));
  write("gdb.txt", debuggerOn(silent.pid));
  try {
    // Go prints the stacks of all goroutines, and ends.
    process.kill(silent.pid, "SIGQUIT");
    await sleep(PRINTING);
  } catch (error) {
    write("quit.txt", String(error));
  }
  write("output.txt", silent.output());
}

function threadsOf(pid: number): string {
  const folder = `/proc/${pid}/task`;
  const threads = list(folder).map((thread) => {
    const parts = FILES.map((file) => `-- ${file}\n${read(join(folder, thread, file))}`);
    return `== thread ${thread}\n${parts.join("\n")}`;
  });
  return threads.join("\n");
}

function debuggerOn(pid: number): string {
  const commands = DEBUGGER.flatMap((command) => ["-ex", command]);
  const { stdout, stderr, error } = spawnSync(
    "gdb",
    ["-batch", "-nx", "-p", String(pid), ...commands],
    { encoding: "utf8", timeout: 60_000, maxBuffer: 1 << 26 },
  );
  return error ? `no gdb: ${error.message}\n` : stdout + stderr;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return `${(error as Error).message}\n`;
  }
}
