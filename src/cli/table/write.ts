/** A table as text: rows in columns. */
import { stringify } from "yaml";
import type { First, FirstRow } from "./first.ts";
import { expectedText } from "./row.ts";

export interface TableText extends First {
  /** Lines of the comment at its head. */
  head: string[];
  /** Relative to the table. */
  config: string[];
  middleware?: string;
  /** The host for paths. */
  host?: string;
  /** The heading of a row; without it there are none. */
  headingOf?: (row: FirstRow) => string;
}

export function tableText({
  head,
  config,
  middleware,
  host,
  people,
  rows,
  headingOf,
}: TableText): string {
  const named = config.length === 1 ? config[0]! : config;
  const who = Object.fromEntries(people.map(({ name, claims }) => [name, { claims }]));
  const settings = {
    config: named,
    ...(middleware === undefined ? {} : { middleware }),
    ...(host === undefined ? {} : { host }),
    ...(people.length === 0 ? {} : { who }),
  };
  return [
    ...head.map((line) => `# ${line}`),
    stringify(settings, { lineWidth: 0, flowCollectionPadding: true }).trimEnd(),
    "tests:",
    ...linesOf(rows, headingOf),
    "",
  ].join("\n");
}

function linesOf(rows: FirstRow[], headingOf: TableText["headingOf"]): string[] {
  const width = (of: (row: FirstRow) => string) =>
    Math.max(0, ...rows.map((row) => of(row).length));
  const [who, method, url] = [
    width((it) => it.who),
    width((it) => it.method),
    width((it) => it.url),
  ];
  const line = (row: FirstRow) => {
    const asked = [row.who.padEnd(who), row.method.padEnd(method), row.url.padEnd(url)].join("  ");
    return `- ${scalar(`${asked} -> ${expectedText(row.expected)}`)}`;
  };
  if (!headingOf) return rows.map((row) => `  ${line(row)}`);
  const headings = [...new Set(rows.map(headingOf))];
  return headings.flatMap((heading) => [
    `  ${scalar(heading)}:`,
    ...rows.filter((row) => headingOf(row) === heading).map((row) => `    ${line(row)}`),
  ]);
}

/** Quoted, if YAML would read a plain text otherwise. */
const scalar = (text: string) =>
  /^[\w./][^\n]*$/.test(text) && !/: |:$|\s#/.test(text) ? text : JSON.stringify(text);
