/** How a command of `rolegate` is described: its words for the help and for completion, and the work, loaded when asked for. */
import type { Command } from "commander";
import type { ExitCode } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

export interface Context {
  terminal: Terminal;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** What a command's action returns: how the process is to end. */
export type Outcome = Promise<ExitCode>;

export interface Example {
  command: string;
  /** What it does, in half a sentence. */
  does: string;
}

export interface Entry {
  name: string;
  summary: string;
  examples: Example[];
  /** Adds arguments, options and the action. `act` wraps what returns an exit code. */
  define(command: Command, act: Act): void;
}

/** Makes commander's action of a function from context, arguments and options to an exit code. */
export type Act = <A extends unknown[]>(
  work: (context: Context, ...args: A) => Outcome,
) => (...args: A) => Promise<void>;
