/** Texts about an option for people: the same on the page and in editors. */
import type { Option } from "./option.ts";
import type { Row } from "./table.ts";
import { durationText } from "./types.ts";

/** The value of an absent option; empty: it has none. */
export function absentOf({ default: value, absent }: Option): string {
  const shown = value === undefined ? [] : [`\`${Array.isArray(value) ? list(value) : value}\``];
  return [...shown, ...(absent ? [absent] : [])].join(", ");
}

/** In YAML's form. */
function list(values: string[]): string {
  return `[${values.map((it) => (/[{}]/.test(it) ? `"${it}"` : it)).join(", ")}]`;
}

export function meaningOf({ meaning, options }: Row): string {
  const range = rangeOf(options[0]!);
  return range ? `${meaning}. ${range}` : meaning;
}

function rangeOf({ type, least, most }: Option): string {
  if (most === Infinity || type === "list") return "";
  if (type === "text") return `At most ${most} bytes`;
  if (type === "secrets") return `At most ${most} of them`;
  const shown = (value: number) => `\`${type === "seconds" ? durationText(value) : value}\``;
  return least > 0 && least !== 1
    ? `From ${shown(least)} to ${shown(most)}`
    : `At most ${shown(most)}`;
}
