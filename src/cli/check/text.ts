/** Findings for people: place, severity, message, the line with a mark under it, and what to do. */
import { placeText } from "../source/file.ts";
import type { Terminal } from "../terminal.ts";
import { CATALOGUE, type Severity } from "./catalogue-table.ts";
import type { Finding } from "./finding.ts";
import type { CheckResult } from "./run.ts";

/** Longer lines are cut around the mark. */
const LINE = 96;

export function printFindings(
  { findings, gates, realms, standIns }: CheckResult,
  terminal: Terminal,
): void {
  const { colors } = terminal;
  const paint: Record<Severity, (text: string) => string> = {
    error: colors.red,
    warning: colors.yellow,
    note: colors.cyan,
  };
  for (const it of findings) {
    const head = `${colors.bold(placeText(it.place))}: ${paint[it.severity](it.severity)}: ${it.message}`;
    terminal.out(`${head} ${colors.dim(`[${it.code}]`)}`);
    for (const line of excerpt(it)) terminal.out(colors.dim(line));
    if (it.remedy) terminal.out(`    ${colors.dim("=")} ${it.remedy}`);
  }
  if (findings.length > 0) terminal.out();
  const count = (severity: Severity) => findings.filter((it) => it.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const looked = [
    plural(gates.length, "middleware"),
    ...(realms > 0 ? [plural(realms, "realm")] : []),
  ];
  const summary = `${looked.join(", ")}: ${plural(errors, "error")}, ${plural(warnings, "warning")}`;
  terminal.out(
    errors > 0
      ? colors.red(summary)
      : warnings > 0
        ? colors.yellow(summary)
        : colors.green(summary),
  );
  if (findings.some(({ code }) => Object.hasOwn(CATALOGUE, code)))
    terminal.out(colors.dim("docs/cli.md#CODE has more about a code."));
  if (standIns.length > 0) {
    terminal.out(
      colors.dim(`Made up for the check, because they are not here: ${standIns.join("; ")}`),
    );
  }
}

export const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

function excerpt({ place }: Finding): string[] {
  const { line, column } = place.file.position(place.start);
  const text = place.file.line(line).replaceAll("\t", " ");
  if (text.trim() === "") return [];
  const from = column > LINE - 16 ? column - 40 : 0;
  const shown = text.slice(from, from + LINE);
  const length = Math.max(
    1,
    Math.min(place.end - place.start, text.length - column + 1, from + LINE - column + 1),
  );
  const number = String(line).padStart(4);
  return [
    `${number} | ${from > 0 ? "…" : ""}${shown}`,
    `     | ${" ".repeat(column - 1 - from + (from > 0 ? 1 : 0))}${"^".repeat(length)}`,
  ];
}
