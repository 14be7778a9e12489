/** Where the command writes: results to standard output, everything else to standard error; colours as NO_COLOR has it. */
import pc from "picocolors";
import type { CliError } from "./failure.ts";

type Colors = ReturnType<typeof pc.createColors>;

/** In a terminal that says that it has no columns, as `docker exec -t` makes them, every letter would get a line. */
function sized(stream: NodeJS.WriteStream): void {
  if (stream.isTTY && !(stream.columns > 0))
    stream.columns = Number(process.env.COLUMNS) || COLUMNS;
}

const COLUMNS = 80;

export class Terminal {
  readonly colors: Colors;
  /** Of standard error: progress and errors. */
  readonly errorColors: Colors;
  /** Whether there is somebody to ask. */
  readonly isInteractive: boolean;
  private progressShown = false;

  constructor(colorless = false) {
    const { NO_COLOR, FORCE_COLOR, CI, TERM } = process.env;
    const wanted = (stream: NodeJS.WriteStream) =>
      !colorless && !NO_COLOR && (!!FORCE_COLOR || (!!stream.isTTY && TERM !== "dumb"));
    this.colors = pc.createColors(wanted(process.stdout));
    this.errorColors = pc.createColors(wanted(process.stderr));
    for (const stream of [process.stdout, process.stderr]) sized(stream);
    this.isInteractive = !!process.stdin.isTTY && !!process.stderr.isTTY && !CI;
  }

  /** Columns of standard output; without a terminal lines are not cut. */
  get width(): number {
    return process.stdout.isTTY ? process.stdout.columns || 80 : Infinity;
  }

  /** A line of the result. */
  out(text = ""): void {
    process.stdout.write(`${text}\n`);
  }

  /** The result as it is. */
  write(text: string): void {
    process.stdout.write(text);
  }

  /** A line about the work, not of its result. */
  note(text: string): void {
    this.clearProgress();
    process.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.errorColors.yellow("warning:")} ${text}`);
  }

  fail({ code, message, hint }: Pick<CliError, "code" | "message" | "hint">): void {
    const { red, bold, dim } = this.errorColors;
    this.note(`${red(bold("error"))} ${dim(`[${code}]`)} ${message}`);
    if (hint) this.note(`  ${dim("hint:")} ${hint.replaceAll("\n", "\n        ")}`);
  }

  /** Says what takes time while it does: on a terminal in one line that goes away, in a log only when it takes long. */
  async progress<T>(what: string, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => {
        if (process.stderr.isTTY) {
          process.stderr.write(`\r${this.errorColors.dim(`${what} …`)}\u001b[K`);
          this.progressShown = true;
        } else process.stderr.write(`${what} …\n`);
      },
      process.stderr.isTTY ? 800 : 5000,
    );
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      this.clearProgress();
    }
  }

  private clearProgress(): void {
    if (this.progressShown) process.stderr.write("\r\u001b[K");
    this.progressShown = false;
  }
}
