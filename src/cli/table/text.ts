/**
 * The result of tables for people: rows that are not as expected, and rules that no row reaches.
 */
import { plural } from "../check/text.ts";
import { placeText } from "../source/file.ts";
import type { Terminal } from "../terminal.ts";
import { expectationOf } from "./outcome.ts";
import type { Row } from "./read.ts";
import { expectedText } from "./row.ts";
import type { TableResult, Tried } from "./run.ts";

export const requestText = ({ who, method, url }: Row) => `${who} ${method} ${url}`;

export const outcomeText = ({ outcome }: Tried) => expectedText(expectationOf(outcome, true));

export const unreached = ({ rules }: TableResult) =>
  rules.filter(({ rows }) => rows === 0).map(({ name }) => name);

export function printTables(results: TableResult[], isStrict: boolean, terminal: Terminal): void {
  const { colors } = terminal;
  for (const result of results) {
    const failed = result.tried.filter(({ passed }) => !passed);
    for (const it of failed) printFailure(it, terminal);
    const missing = unreached(result);
    if (missing.length > 0) {
      const word = isStrict ? colors.red("error") : colors.yellow("warning");
      const what =
        missing.length === 1 ? "a rule that no row reaches" : "rules that no row reaches";
      terminal.out(
        `${colors.bold(result.table.file.name)}: ${word}: ${what}: ${missing.join(", ")}`,
      );
    }
  }
  const tried = results.flatMap((it) => it.tried);
  const failures = tried.filter(({ passed }) => !passed).length;
  const rules = results.flatMap((it) => it.rules);
  const reached = rules.filter(({ rows }) => rows > 0).length;
  const summary = [
    `${plural(tried.length, "row")}: ${failures === 0 ? "all as expected" : `${failures} not as expected`}`,
    `${reached} of ${plural(rules.length, "rule")} reached`,
  ].join("; ");
  const isGood = failures === 0 && (!isStrict || reached === rules.length);
  terminal.out(isGood ? colors.green(summary) : colors.red(summary));
}

function printFailure(tried: Tried, terminal: Terminal): void {
  const { colors } = terminal;
  const { row, why } = tried;
  const expected = row.expected ? expectedText(row.expected) : "nothing yet: --update writes it";
  terminal.out(`${colors.bold(placeText(row.place))}: ${requestText(row)}`);
  terminal.out(`    expected ${colors.green(expected)}`);
  terminal.out(`    is       ${colors.red(outcomeText(tried))}`);
  for (const line of why) terminal.out(`    ${colors.dim(line)}`);
  terminal.out();
}
