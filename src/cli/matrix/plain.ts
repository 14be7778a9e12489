/** A matrix as a terminal table, as CSV, and as JSON. */
import { csvText } from "../csv.ts";
import { printRows } from "../rows.ts";
import type { Terminal } from "../terminal.ts";
import { type Cell, isChanged, type Matrix, type Row } from "./matrix.ts";

/** The content of a cell: words for programs, signs for people. */
function wordOf({ allowed, status }: Cell): string {
  return allowed ? "allow" : status === 403 ? "deny" : String(status);
}

export function signOf({ allowed, status }: Cell): string {
  return allowed ? "✓" : status === 403 ? "✗" : String(status);
}

export function printTable(matrix: Matrix, terminal: Terminal): void {
  const { colors } = terminal;
  const isDiff = matrix.changed !== undefined;
  const rows = isDiff ? matrix.rows.filter(isChanged) : matrix.rows;
  const paint = (cell: Cell) => (cell.allowed ? colors.green : colors.red)(signOf(cell));
  const shown = (cell: Cell) =>
    cell.before ? `${paint(cell.before)}→${paint(cell)}` : paint(cell);
  if (rows.length > 0) {
    const head = ["METHOD", "PATH", ...matrix.callers.map(({ name }) => name), "RULE"];
    const lines = rows.map((row) => [
      ...[row.method, row.path],
      ...row.cells.map(shown),
      ruleText(row),
    ]);
    printRows(head, lines, terminal);
    terminal.out();
  }
  if (isDiff) {
    const text =
      matrix.changed === 0
        ? "No difference"
        : `${matrix.changed} of ${matrix.rows.length * matrix.callers.length} decisions differ`;
    terminal.out(`${text}.`);
  }
  if (rows.some(({ depends }) => depends.length > 0)) {
    terminal.out(
      colors.dim(
        "* rests on more than method and path; shown for a request without body, query and headers of its own",
      ),
    );
  }
}

function ruleText({ rules, depends }: Row): string {
  return `${rules.join(", ") || "(no rule)"}${depends.length > 0 ? ` * ${depends.join(", ")}` : ""}`;
}

/** RFC 4180; a comparison has `before` columns. */
export function csvOf({ callers, rows, changed }: Matrix): string {
  const isDiff = changed !== undefined;
  const head = callers.flatMap(({ name }) => (isDiff ? [`${name} (before)`, name] : [name]));
  const lines = rows.map((row) => [
    ...[row.method, row.path],
    ...row.cells.flatMap((cell) =>
      isDiff ? [wordOf(cell.before ?? cell), wordOf(cell)] : [wordOf(cell)],
    ),
    ...[row.rules.join(" "), row.depends.join(" ")],
  ]);
  return csvText([["method", "path", ...head, "rule", "depends on"], ...lines]);
}

export function jsonOf({ callers, rows, changed }: Matrix): string {
  const routes = rows.map(({ method, path, target, summary, cells, depends }) => ({
    ...{ method, path, target, summary, dependsOn: depends },
    decisions: Object.fromEntries(
      cells.map(({ allowed, status, reason, rule, before }, i) => [
        callers[i]!.name,
        {
          allowed,
          status,
          reason,
          rule,
          ...(before
            ? { before: { allowed: before.allowed, status: before.status, rule: before.rule } }
            : {}),
        },
      ]),
    ),
  }));
  return JSON.stringify({ callers, routes, changed }, null, 2);
}
