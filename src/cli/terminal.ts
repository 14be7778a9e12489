/**
 * The command's output: results to standard output, everything else to standard error; colours
 * follow NO_COLOR.
 */
import pc from "picocolors";
import type { CliError } from "./failure.ts";

type Colors = ReturnType<typeof pc.createColors>;

/**
 * In a terminal that reports 0 columns, as `docker exec -t` makes them, every letter would get a
 * line.
 */
function sized(stream: NodeJS.WriteStream): void {
  if (stream.isTTY && !(stream.columns > 0))
    stream.columns = Number(process.env.COLUMNS) || COLUMNS;
}

const COLUMNS = 80;

export class Terminal {
  readonly colors: Colors;
  /** For standard error: progress and errors. */
  readonly errorColors: Colors;
  /** True if a person can answer questions. */
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

  /** Writes a line of the result. */
  out(text = ""): void {
    process.stdout.write(`${text}\n`);
  }

  /** Writes a part of the result unchanged. */
  write(text: string): void {
    process.stdout.write(text);
  }

  /** Writes a line about the work, which is not part of the result. */
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

  /**
   * Reports work that takes time: on a terminal in one line that is removed, in a log only when it
   * takes long.
   */
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
