/** Rows in columns, without lines. */
import Table from "cli-table3";
import type { Terminal } from "./terminal.ts";

const BORDERLESS = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: " " },
};

export function printRows(head: string[], rows: string[][], terminal: Terminal): void {
  const table = new Table({
    head,
    chars: BORDERLESS,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 1 },
  });
  table.push(...rows);
  for (const line of table.toString().split("\n")) terminal.out(line.trimEnd());
}
