/**
 * A file made from parts of another: a template's result, or a text in one of its values. Its
 * places are places in the original file.
 */
import { type Place, SourceFile } from "./file.ts";
import type { Scalar } from "./tree.ts";

/** A part of the text, and its origin. */
export interface Piece {
  text: string;
  start: number;
  end: number;
}

export class DerivedFile extends SourceFile {
  /** Where each piece begins. */
  private readonly offsets: number[] = [];

  constructor(
    private readonly original: SourceFile,
    private readonly pieces: readonly Piece[],
  ) {
    super(original.name, pieces.map(({ text }) => text).join(""));
    let at = 0;
    for (const { text } of pieces) {
      this.offsets.push(at);
      at += text.length;
    }
  }

  override place(start: number, end = start): Place {
    const from = this.origin(start, false);
    return this.original.place(from, Math.max(from, this.origin(end, true)));
  }

  /** For an offset in a piece that differs from its origin: the origin's start or end. */
  private origin(offset: number, isEnd: boolean): number {
    if (this.pieces.length === 0) return 0;
    // Where one piece ends the next begins; empty pieces do not count.
    const index = this.indexOf(isEnd && offset > 0 ? offset - 1 : offset);
    const { text, start, end } = this.pieces[index]!;
    const into = Math.min(offset - this.offsets[index]!, text.length);
    if (end - start === text.length) return start + into;
    return isEnd ? end : start;
  }

  private indexOf(offset: number): number {
    let [low, high] = [0, this.offsets.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offsets[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/**
 * A value that is itself a file. In a block of lines every line has its place; a quoted text has
 * one place.
 */
export function fileIn({ text, place }: Scalar): SourceFile {
  const { file, start, end } = place;
  const source = file.text.slice(start, end);
  if (source.includes(text)) {
    const from = start + source.indexOf(text);
    return new DerivedFile(file, [{ text, start: from, end: from + text.length }]);
  }
  const lines = text.split(/(?<=\n)/);
  let at = start + source.indexOf("\n") + 1;
  const pieces: Piece[] = [];
  for (const line of lines) {
    const next = file.text.indexOf("\n", at) + 1 || file.text.length;
    const indent = file.text.slice(at, next).lastIndexOf(line);
    if (indent < 0) return new DerivedFile(file, [{ text, start, end }]);
    pieces.push({ text: line, start: at + indent, end: at + indent + line.length });
    at = next;
  }
  return new DerivedFile(file, pieces);
}
