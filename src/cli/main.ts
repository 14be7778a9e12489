/** `rolegate`: from the arguments to an exit code. Only this file ends the process. */
import { CliError, EXIT, type ExitCode, reasonOf } from "./failure.ts";
import { createProgram, UsageStop } from "./program.ts";
import { Terminal } from "./terminal.ts";

const debug = process.argv.includes("--debug");
const terminal = new Terminal(process.argv.includes("--no-color"));
const interrupt = new AbortController();
let interrupts = 0;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // Finishes what is being written; a second Ctrl-C ends the process at once.
    interrupt.abort();
    if (++interrupts > 1) process.exit(EXIT.interrupted);
    setTimeout(() => process.exit(EXIT.interrupted), 2000).unref();
  });
}
// `rolegate … | head` is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT.ok);
  throw error;
});

function failed(error: unknown): ExitCode {
  if (error instanceof UsageStop) {
    const usage = error.toError(process.argv.slice(2));
    return usage ? failed(usage) : EXIT.ok;
  }
  if (interrupt.signal.aborted) return EXIT.interrupted;
  const known = error instanceof CliError;
  terminal.fail(
    known
      ? error
      : {
          code: "unexpected",
          message: reasonOf(error),
          hint: "this is a bug, please report it; --debug shows where it came up",
        },
  );
  if (debug && error instanceof Error) terminal.note(error.stack ?? "");
  return known ? error.exit : EXIT.outside;
}

async function run(): Promise<ExitCode> {
  try {
    const program = createProgram({ terminal, signal: interrupt.signal });
    if (process.argv.length <= 2) {
      program.command.outputHelp();
      return EXIT.usage;
    }
    await program.command.parseAsync();
    return program.exit;
  } catch (error) {
    return failed(error);
  }
}

process.exitCode = await run();
if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
