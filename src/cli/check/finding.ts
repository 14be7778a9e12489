/** A finding: its place, what is wrong or suspicious, and what to do. */
import type { Place } from "../source/file.ts";
import { CATALOGUE, type Severity } from "./catalogue-table.ts";

export interface Finding {
  /** A code of the catalogue, or the guest's own. */
  code: string;
  severity: Severity;
  message: string;
  /** The remedy. */
  remedy: string;
  place: Place;
  /** `name@provider`, when it is about one. */
  middleware?: string | undefined;
  /** The option in the middleware's block, such as `rules[3].match`. */
  path?: string | undefined;
}

/** A finding of the command itself; its severity and remedy are the catalogue's. */
export function finding(
  code: keyof typeof CATALOGUE,
  message: string,
  place: Place,
  more: Pick<Finding, "middleware" | "path"> = {},
): Finding {
  const { severity, remedy } = CATALOGUE[code];
  return { code, severity, message, remedy, place, ...more };
}

const ORDER: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** By file in the given order, then by place; at one place the most severe first. */
export function sorted(findings: Finding[], files: readonly { name: string }[]): Finding[] {
  const index = new Map(files.map((file, i) => [file.name, i]));
  return [...findings].sort(
    (a, b) =>
      (index.get(a.place.file.name) ?? 0) - (index.get(b.place.file.name) ?? 0) ||
      a.place.start - b.place.start ||
      ORDER[a.severity] - ORDER[b.severity] ||
      (a.code < b.code ? -1 : 1),
  );
}
