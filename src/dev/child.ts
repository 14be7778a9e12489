/** A server as a child process: its output line by line, its early end explained, its end with this process. */
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
}

export interface Child {
  pid: number;
  /** The exit code (128 + n for a signal's end is not made up: then null); resolves when the output is read. */
  ended: Promise<number | null>;
  /** Whether it still runs. */
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
  });
  const forget = onExit(() => child.kill("SIGKILL"));
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
      if (!running()) return void (await ended);
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), options.patience ?? 5_000);
      await ended;
      clearTimeout(force);
    },
  };
}
