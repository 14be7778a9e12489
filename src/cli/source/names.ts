/**
 * Names in Traefik's dynamic configuration. With any other name Traefik refuses the whole file, or
 * all labels of a container.
 */
import type { Place } from "./file.ts";
import { entriesAt, type Entry, type Tree, valueAt } from "./tree.ts";

const SECTIONS = ["routers", "services", "middlewares", "serversTransports", "models"];
const OF_ROUTER = [
  ...["entryPoints", "middlewares", "service", "rule", "ruleSyntax", "priority", "tls"],
  ...["observability", "parentRefs"],
];

export interface Misspelt {
  name: string;
  /** The name that was probably meant. */
  meant: string;
  place: Place;
}

/** Names that are nearly one of those; others may belong to a later Traefik. */
export function misspeltIn(tree: Tree): Misspelt[] {
  const near = (names: string[]) => (entry: Entry) => {
    const meant = nearest(entry.key, names);
    return meant === undefined ? [] : [{ name: entry.key, meant, place: entry.keyPlace }];
  };
  const http = valueAt(tree, "http");
  return [
    ...entriesAt(http).flatMap(near(SECTIONS)),
    ...entriesAt(http, "routers").flatMap(({ value }) => entriesAt(value).flatMap(near(OF_ROUTER))),
  ];
}

/** The name that two changed letters lead to; undefined for a correct name. */
function nearest(name: string, names: string[]): string | undefined {
  const lower = name.toLowerCase();
  if (names.some((it) => it.toLowerCase() === lower)) return undefined;
  return names.find((it) => distance(lower, it.toLowerCase()) <= 2);
}

/** Number of letters to insert, remove or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const changed = row[j]! + (letter === b[j] ? 0 : 1);
      next.push(Math.min(changed, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
