/** The command's module of defaults: the values of options that a block leaves out. */
import type { Option } from "./option.ts";
import type { Table } from "./table.ts";
import { durationOf } from "./types.ts";

export function defaultsModule({ options }: Table): string {
  const defaults = options.filter((it) => it.default !== undefined && !it.path.includes("[]"));
  const files = options.filter(({ type, section }) => type === "file" && section === "");
  return [
    "/** What options are when a block does not say; durations are in seconds. */",
    `export const DEFAULTS = ${JSON.stringify(Object.fromEntries(defaults.map(entry)))} as const;\n`,
    "/** Options that are paths on a mount. */",
    `export const FILES: readonly string[] = ${JSON.stringify(files.map(({ path }) => path))};`,
  ].join("\n");
}

function entry(option: Option): [string, unknown] {
  return [option.path, option.type === "seconds" ? durationOf(option.default) : option.default];
}
