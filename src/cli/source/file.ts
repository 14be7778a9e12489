/** A file with its text, and places in it: lines and columns count from 1, as editors do. */
import { readFileSync } from "node:fs";
import { CliError, reasonOf } from "../failure.ts";

export interface Place {
  file: SourceFile;
  /** Offset of the first character. */
  start: number;
  /** Offset after the last one. */
  end: number;
}

/** Larger files are no configuration. */
const BYTES = 8 << 20;

export class SourceFile {
  private readonly starts: number[] = [0];

  constructor(
    /** As the user named it. */
    readonly name: string,
    readonly text: string,
  ) {
    for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) this.starts.push(i + 1);
  }

  /** `-` is standard input. */
  static read(name: string): SourceFile {
    try {
      const bytes = readFileSync(name === "-" ? 0 : name);
      if (bytes.length > BYTES) {
        throw new CliError("file_too_large", `${name} has more than 8 MiB`);
      }
      return new SourceFile(name === "-" ? "(standard input)" : name, bytes.toString("utf8"));
    } catch (error) {
      if (error instanceof CliError) throw error;
      throw new CliError("file_unreadable", `${name}: ${reasonOf(error)}`);
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

/** `file:line:column`. */
export function placeText({ file, start }: Place): string {
  const { line, column } = file.position(start);
  return `${file.name}:${line}:${column}`;
}
