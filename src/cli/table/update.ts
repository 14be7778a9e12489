/**
 * Writes today's decisions into a table: only into rows that are not as expected, and only after
 * their arrow.
 */
import { writeWhole } from "../write-file.ts";
import { SourceFile } from "../source/file.ts";
import { tableError } from "./mistake.ts";
import { expectationOf, isAsExpected } from "./outcome.ts";
import { tableOf } from "./read.ts";
import { expectedText } from "./row.ts";
import type { TableResult, Tried } from "./run.ts";

/** Number of changed rows. */
export function update({ table, tried }: TableResult): number {
  const stale = tried.filter(({ passed }) => !passed);
  if (stale.length === 0) return 0;
  const { file } = table;
  let text = file.text;
  for (const it of [...stale].sort((a, b) => b.row.place.start - a.row.place.start)) {
    text = rewritten(text, it);
  }
  const updated = tableOf(new SourceFile(file.name, text));
  for (const [index, { row, outcome }] of tried.entries()) {
    const now = updated.rows[index]?.expected;
    if (!now || !isAsExpected(outcome, now)) {
      throw tableError(
        row.place,
        "this row cannot be written anew",
        "write it in one line, without escapes",
      );
    }
  }
  writeWhole(file.name, text, { force: true });
  return stale.length;
}

/** The text before the arrow, the comment after the row, and its quotes stay unchanged. */
function rewritten(text: string, { row, outcome }: Tried): string {
  const { tree, isWhole } = row.written;
  const { start, end } = tree.place;
  const expected = expectedText(expectationOf(outcome, row.expected?.reason != null));
  const written = text.slice(start, end);
  if (tree.kind === "map")
    return `${text.slice(0, start)}expect: ${expected}\n${" ".repeat(columnOf(text, start))}${text.slice(start)}`;
  const quote = /^["']/.exec(written)?.[0] ?? "";
  const inner = written.slice(quote.length, written.length - quote.length);
  const arrow = /(\s(?:->|→))\s*/.exec(inner);
  const made = isWhole
    ? expected
    : arrow
      ? `${inner.slice(0, arrow.index)}${arrow[1]} ${expected}`
      : `${inner.trimEnd()} -> ${expected}`;
  return `${text.slice(0, start)}${quote}${made}${quote}${text.slice(end)}`;
}

const columnOf = (text: string, at: number) => at - (text.lastIndexOf("\n", at - 1) + 1);
