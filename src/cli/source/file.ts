/** A file with its text, and places in it: lines and columns count from 1, as editors do. */
import { readFileSync } from "node:fs";
import { CliError, reasonOf } from "../failure.ts";
import { standardInput } from "./standard-input.ts";

export interface Place {
  file: SourceFile;
  /** Offset of the first character. */
  start: number;
  /** Offset after the last one. */
  end: number;
}

/** A part of a file that is replaced where it is used: by a template, by a variable. */
export interface Unknown {
  start: number;
  end: number;
  /** As written. */
  expression: string;
  /** True for a block that is left out; otherwise a stand-in replaces the part. */
  isLeftOut: boolean;
}

/** No configuration is larger. */
const BYTES = 8 << 20;

const tooLarge = (name: string) => new CliError("file_too_large", `${name} has more than 8 MiB`);

function unreadable(name: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  return new CliError("file_unreadable", `${name}: ${reasonOf(error)}`);
}

export class SourceFile {
  private readonly starts: number[] = [0];
  /** The parts that are unknown here. */
  readonly unknowns: Unknown[] = [];

  constructor(
    /** As the user named it. */
    readonly name: string,
    readonly text: string,
  ) {
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) this.starts.push(i + 1);
  }

  /** Reads a file that the user names, or `-` for standard input. */
  static async read(name: string): Promise<SourceFile> {
    if (name !== "-") return SourceFile.at(name);
    const shown = "(standard input)";
    try {
      const bytes = await standardInput(BYTES);
      if (bytes === null) throw tooLarge(shown);
      return new SourceFile(shown, bytes.toString("utf8"));
    } catch (error) {
      throw unreadable(shown, error);
    }
  }

  /** Reads a file whose path does not come from the command line. */
  static at(path: string): SourceFile {
    try {
      const bytes = readFileSync(path);
      if (bytes.length > BYTES) throw tooLarge(path);
      return new SourceFile(path, bytes.toString("utf8"));
    } catch (error) {
      throw unreadable(path, error);
    }
  }

  position(offset: number): { line: number; column: number } {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.starts[low]! + 1 };
  }

  /** A line's text, without its end. */
  line(number: number): string {
    const start = this.starts[number - 1] ?? this.text.length;
    const end = this.starts[number] ?? this.text.length + 1;
    return this.text.slice(start, end - 1).replace(/\r$/, "");
  }

  place(start: number, end = start): Place {
    return { file: this, start, end };
  }
}

/** The unknown parts of a place: findings about its value would be about their stand-ins. */
export function unknownsIn({ file, start, end }: Place): Unknown[] {
  return file.unknowns.filter((it) => it.start < end && it.end > start);
}

/** Adds an unknown part once for each place. */
export function addUnknown({ file, start, end }: Place, expression: string, isLeftOut = false) {
  if (file.unknowns.some((it) => it.start === start && it.end === end)) return;
  file.unknowns.push({ start, end, expression, isLeftOut });
}

/** `file:line:column`. */
export function placeText({ file, start }: Place): string {
  const { line, column } = file.position(start);
  return `${file.name}:${line}:${column}`;
}
