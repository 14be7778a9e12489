/**
 * The description of a command of `rolegate`: its words for the help and for completion, and its
 * work, loaded on demand.
 */
import type { Command } from "commander";
import type { ExitCode } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

export interface Context {
  terminal: Terminal;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** The result of a command's action: how the process must end. */
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
  /** Adds arguments, options and the action. `act` wraps a function that returns an exit code. */
  define(command: Command, act: Act): void;
}

/**
 * Makes commander's action from a function of context, arguments and options that returns an exit
 * code.
 */
export type Act = <A extends unknown[]>(
  work: (context: Context, ...args: A) => Outcome,
) => (...args: A) => Promise<void>;
