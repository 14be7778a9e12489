/** The table of checks, and what it must have: a row for each function of the guest that says no. */
import { CHECKS, type Row } from "./checks-table.ts";
import type { Mutant } from "./definition.mjs";
import { EQUIVALENT } from "./equivalent-table.ts";
import { idOf } from "./modules.ts";

/** The function that a check is in, as in `jose/token#read`. */
export function functionOf({ check }: Mutant): string {
  return /^[^#]+#\w+/.exec(check)![0];
}

/** Of each function how many checks it has. */
function countChecks(mutants: readonly Mutant[]): Map<string, number> {
  const checks = new Set(mutants.map(({ check }) => check));
  const counts = new Map<string, number>();
  for (const check of checks) {
    const name = functionOf({ check, operand: "" });
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Rows that are missing, wrong or of no use any more; empty: the table is complete. */
export function mistakesOf(mutants: readonly Mutant[]): string[] {
  const counts = countChecks(mutants);
  const ids = new Set(mutants.map(idOf));
  const mistakes: string[] = [];
  for (const [name, count] of counts) {
    const row = CHECKS[name];
    if (!row) mistakes.push(`${name}: has no row`);
    else if (row.checks !== count) {
      mistakes.push(`${name}: has ${count} checks, and its row is about ${row.checks}`);
    }
  }
  for (const name of Object.keys(CHECKS)) {
    if (!counts.has(name)) mistakes.push(`${name}: the guest has no such check`);
  }
  for (const id of Object.keys(EQUIVALENT)) {
    if (!ids.has(id)) mistakes.push(`${id}: is no mutant`);
  }
  return mistakes;
}

/** For what is missing, rows to be filled in and pasted. */
export function missingRows(mutants: readonly Mutant[]): string {
  const rows: string[] = [];
  for (const [name, checks] of countChecks(mutants)) {
    if (CHECKS[name]?.checks === checks) continue;
    const { tests = ["guest/cases"], prevents = "" }: Partial<Row> = CHECKS[name] ?? {};
    const about = mutants.filter((mutant) => functionOf(mutant) === name);
    rows.push(
      ...about.map((mutant) => `  // ${idOf(mutant)}`),
      `  ${JSON.stringify(name)}: ${JSON.stringify({ checks, tests, prevents })},`,
    );
  }
  return rows.join("\n");
}
