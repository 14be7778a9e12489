/** Runs a program to its end. Its output goes to standard error unless it is asked for. */
import { spawn } from "node:child_process";

export interface Command {
  program: string;
  args: string[];
}

const start = (program: string, args: string[], output: "pipe" | number) =>
  spawn(program, args, { stdio: ["ignore", output, output === "pipe" ? "ignore" : 2] });

/**
 * Shows the output as it comes. Rejects when the program is missing or ends with another code than
 * 0.
 */
export function runShown({ program, args }: Command): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = start(program, args, 2);
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`${program} ${args[0] ?? ""} ended with ${code ?? signal}`)),
    );
  });
}

/** What it wrote is in the error's message, if it fails. */
export function runQuietly({ program, args }: Command): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (text += chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve();
      reject(new Error(`${program} ${args[0] ?? ""} ended with ${code ?? signal}:\n${text}`));
    });
  });
}

/** Standard output, or null when the program is missing or fails. */
export function outputOf({ program, args }: Command): Promise<string | null> {
  return new Promise((resolve) => {
    const child = start(program, args, "pipe");
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => (text += chunk));
    child.on("error", () => resolve(null));
    child.on("close", (code) => resolve(code === 0 ? text : null));
  });
}

/** The first of the commands that succeeds when asked for its version, or null. */
export async function firstWorking(commands: Command[]): Promise<Command | null> {
  for (const command of commands) {
    const { program, args } = command;
    if ((await outputOf({ program, args: [...args, "--version"] })) !== null) return command;
  }
  return null;
}
