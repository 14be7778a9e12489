/**
 * `--why`: each kind of refusal with the reason in sentences, and with a configuration what of the
 * rule did not hold.
 */
import type { OpenFiles } from "../middleware/files.ts";
import { because } from "./because.ts";
import { whoOf } from "./filter.ts";
import type { Group } from "./group.ts";
import type { Names } from "./names.ts";
import { shownPath, shownText } from "./shown.ts";
import { reasonsFor } from "./why.ts";

export interface Refusal {
  last: string;
  count: number;
  user: string;
  subject: string | null;
  client: string | null;
  method: string;
  path: string;
  decision: string;
  status: number | null;
  reason: string;
  rule: string | null;
  request: string;
  because: string[];
}

export async function refusalsOf(
  groups: Group[],
  { gate }: { gate: OpenFiles | null },
  names: Names,
): Promise<Refusal[]> {
  const all: Refusal[] = [];
  for (const { count, sample } of groups) {
    const { time, subject, client, method, path, decision } = sample;
    const { status, reason, rule, request } = sample;
    const asked = gate ? await reasonsFor([sample], gate) : [];
    all.push({
      ...{ last: time, count, user: shownText(whoOf(sample, names)) },
      ...{ subject: shown(subject), client: shown(client) },
      ...{ method: shownText(method), path: shownPath(path) },
      ...{ decision: shownText(decision), status },
      ...{ reason: shownText(reason), rule: shown(rule), request: shownText(request) },
      because: [...because(sample, names), ...asked],
    });
  }
  return all;
}

const shown = (text: string | null) => (text === null ? null : shownText(text));

export function refusalsCsv(refusals: Refusal[]): string[][] {
  const [first] = refusals;
  if (!first) return [];
  const cell = (value: unknown) =>
    value === null ? "" : Array.isArray(value) ? value.join(" ") : String(value);
  return [Object.keys(first), ...refusals.map((it) => Object.values(it).map(cell))];
}
