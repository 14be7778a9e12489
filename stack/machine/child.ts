/**
 * A server as a child process: its output line by line, its early end explained, its end with this
 * process.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { onExit } from "./cleanup.ts";

export interface ChildOptions {
  cwd: string;
  env: Record<string, string>;
  /** Called for each line of standard output and standard error. */
  onLine: (line: string) => void;
  /** How long SIGTERM is given before SIGKILL. Milliseconds. */
  patience?: number;
  /** True if it is the head of a process group, and signals go to the whole group. */
  group?: boolean;
}

export interface Child {
  pid: number;
  /** The exit code, null after a signal. Resolves when the output has been read to its end. */
  ended: Promise<number | null>;
  /** True while it runs. */
  running(): boolean;
  /** Ends it, and waits for that. May be called again. */
  stop(): Promise<void>;
}

/** Rejects when the program cannot be started at all. */
export async function startChild(
  program: string,
  args: string[],
  options: ChildOptions,
): Promise<Child> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: options.group ?? false,
  });
  const kill = (signal: NodeJS.Signals) => {
    if (!options.group) return void child.kill(signal);
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // All of the group has ended.
    }
  };
  const forget = onExit(() => kill("SIGKILL"));
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", options.onLine);
  }
  const ended = new Promise<number | null>((resolve) =>
    child.on("close", (code) => {
      forget();
      resolve(code);
    }),
  );
  await new Promise<void>((resolve, reject) => {
    child.on("spawn", resolve);
    child.on("error", reject);
  });
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid!,
    ended,
    running,
    async stop() {
      kill(running() ? "SIGTERM" : "SIGKILL");
      const force = setTimeout(() => kill("SIGKILL"), options.patience ?? 5_000);
      await ended;
      clearTimeout(force);
    },
  };
}
