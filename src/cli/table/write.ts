/** A table as text: rows in columns. */
import type { FirstRow } from "./first.ts";
import { expectedText } from "./row.ts";

export interface TableText {
  /** Each a line of the comment at its head. */
  head: string[];
  /** Relative to the table. */
  config: string[];
  rows: FirstRow[];
}

export function tableText({ head, config, rows }: TableText): string {
  const width = (of: (row: FirstRow) => string) =>
    Math.max(0, ...rows.map((row) => of(row).length));
  const [who, method, url] = [
    width((it) => it.who),
    width((it) => it.method),
    width((it) => it.url),
  ];
  const lines = rows.map((row) => {
    const asked = [row.who.padEnd(who), row.method.padEnd(method), row.url.padEnd(url)].join("  ");
    return `  - ${scalar(`${asked} -> ${expectedText(row.expected)}`)}`;
  });
  return [
    ...head.map((line) => `# ${line}`),
    `config: ${config.length === 1 ? scalar(config[0]!) : `[${config.map((it) => JSON.stringify(it)).join(", ")}]`}`,
    "tests:",
    ...lines,
    "",
  ].join("\n");
}

/** Quoted, where YAML would read a plain one otherwise. */
const scalar = (text: string) =>
  /^[\w./][^\n]*$/.test(text) && !/: |:$|\s#/.test(text) ? text : JSON.stringify(text);
