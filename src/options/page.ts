/**
 * docs/configuration.md with its tables of options and of secrets made again. The rest of the page
 * is written by hand.
 */
import { absentOf, meaningOf } from "./prose.ts";
import type { Table } from "./table.ts";

const OPTIONS = ["| Key | Default | Meaning |", "|---|---|---|"];
const SECRETS = ["| Mode | Secrets that are resolved |", "|---|---|"];

export function pageWith(table: Table, page: string): string {
  const lines = page.split("\n");
  const written: string[] = [];
  const missing = new Set(table.rows.map(({ heading }) => heading));
  let heading = "";
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    heading = /^##? (.*)/.exec(line)?.[1] ?? heading;
    const isOptions = line === OPTIONS[0] && missing.delete(heading);
    if (isOptions) written.push(...optionsOf(table, heading));
    else if (line === SECRETS[0]) written.push(...secretsOf(table));
    else {
      written.push(line);
      continue;
    }
    while (lines[at + 1]?.startsWith("|")) at++;
  }
  for (const name of missing) throw new Error(`the page has no table of options under '${name}'`);
  return written.join("\n");
}

function optionsOf({ rows }: Table, heading: string): string[] {
  const ours = rows.filter((row) => row.heading === heading);
  return [
    ...OPTIONS,
    ...ours.map((row) => {
      const paths = row.options.map(({ path }) => `\`${path}\``).join(", ");
      const absent = absentOf(row.options[0]!);
      return `| ${paths} |${absent && ` ${absent}`} | ${meaningOf(row)} |`;
    }),
  ];
}

/** Modes with the same secrets share a row. */
function secretsOf({ rows, words }: Table): string[] {
  const secrets = rows.flatMap(({ options }) => options).filter(({ modes }) => modes);
  const sets = new Map<string, string[]>();
  for (const mode of words.get("Mode")!.keys()) {
    const resolved = secrets.filter(({ modes }) => modes!.includes(mode));
    const names = resolved.map(({ path }) => `\`${path}\``).join(", ") || "none";
    sets.set(names, [...(sets.get(names) ?? []), `\`${mode}\``]);
  }
  return [...SECRETS, ...[...sets].map(([names, modes]) => `| ${modes.join(", ")} | ${names} |`)];
}
