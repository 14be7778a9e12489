/**
 * Finds the place in the file for a path as the guest writes it (`rules[3].match`, in any case).
 */
import type { Place } from "./file.ts";
import type { Entry, MapTree, Tree } from "./tree.ts";

/** The place, and the value, list or map there. */
export interface Located {
  place: Place;
  at: Tree;
}

/**
 * The place of a finding: the key for an unknown option, otherwise the value; if the path goes
 * deeper than the file, the last part that exists. `column` is an expression's, from 1.
 */
export function locate(tree: Tree, whole: Place, path: string, code: string, column = 0): Located {
  let place = whole;
  let at: Tree = tree;
  let rest = path;
  let last: Entry | undefined;
  while (rest !== "") {
    const index = /^\[(\d+)\]\.?/.exec(rest);
    if (index) {
      const item: Tree | undefined = at.kind === "list" ? at.items[Number(index[1])] : undefined;
      // A single text counts as a list of one.
      if (!item && at.kind !== "scalar") return { place, at };
      if (item) [at, place, last] = [item, item.place, undefined];
      rest = rest.slice(index[0].length);
      continue;
    }
    const entry: Entry | undefined = at.kind === "map" ? longest(at, rest) : undefined;
    if (!entry) return { place, at };
    [at, place, last] = [entry.value, entry.value.place, entry];
    rest = rest.slice(entry.key.length).replace(/^\./, "");
  }
  const isOfKey = code === "unknown_key" || code === "duplicate_key";
  if (last && (isOfKey || at.kind !== "scalar")) return { place: last.keyPlace, at };
  return { place: column > 0 ? within(at, place, column) : place, at };
}

/** Keys may contain dots: finds the longest key with which the path continues. */
function longest(map: MapTree, path: string): Entry | undefined {
  const lower = path.toLowerCase();
  return map.entries
    .filter(({ key }) => {
      const name = key.toLowerCase();
      return lower.startsWith(name) && ["", ".", "["].includes(lower.charAt(name.length));
    })
    .sort((a, b) => b.key.length - a.key.length)[0];
}

/**
 * The place within an expression's text, if the file has the text unchanged: not with escapes, not
 * folded over lines.
 */
function within(tree: Tree, place: Place, column: number): Place {
  if (tree.kind !== "scalar") return place;
  const source = place.file.text.slice(place.start, place.end);
  const offset = source.indexOf(tree.written);
  if (offset < 0 || tree.written === "") return place;
  // The guest counts bytes.
  const before = Buffer.from(tree.text)
    .subarray(0, column - 1)
    .toString("utf8").length;
  const start = place.start + offset + before;
  return { ...place, start, end: Math.min(start + 1, Math.max(place.end, start)) };
}
