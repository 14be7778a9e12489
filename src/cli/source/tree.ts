/**
 * The common form of YAML, TOML and labels: maps, lists and scalars, each with its place in the
 * file.
 */
import type { Place } from "./file.ts";

export type ScalarType = "text" | "integer" | "float" | "boolean" | "null" | "date";

export interface Scalar {
  kind: "scalar";
  type: ScalarType;
  /** Its meaning as text: for a number its digits as the format's parser reads them. */
  text: string;
  /** As written, without quotes. */
  written: string;
  place: Place;
}

export interface List {
  kind: "list";
  items: Tree[];
  place: Place;
}

export interface Entry {
  key: string;
  keyPlace: Place;
  value: Tree;
}

export interface MapTree {
  kind: "map";
  entries: Entry[];
  place: Place;
}

export type Tree = Scalar | List | MapTree;

/** The entry of a key, in any case if the format permits that. */
export function entryOf(tree: Tree | undefined, key: string, anyCase = true): Entry | undefined {
  if (tree?.kind !== "map") return undefined;
  const exact = tree.entries.find((entry) => entry.key === key);
  if (exact || !anyCase) return exact;
  const lower = key.toLowerCase();
  return tree.entries.find((entry) => entry.key.toLowerCase() === lower);
}

/** The value below the keys, each in any case. */
export function valueAt(tree: Tree | undefined, ...keys: string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>((at, key) => entryOf(at, key)?.value, tree);
}

/** A scalar's text; undefined for anything else, and for null. */
export function textAt(tree: Tree | undefined, ...keys: string[]): string | undefined {
  const value = valueAt(tree, ...keys);
  return value?.kind === "scalar" && value.type !== "null" ? value.text : undefined;
}

export function entriesAt(tree: Tree | undefined, ...keys: string[]): Entry[] {
  const value = valueAt(tree, ...keys);
  return value?.kind === "map" ? value.entries : [];
}

/**
 * Texts of a list, of one text, or of one text split at commas, as Traefik reads its own lists from
 * labels.
 */
export function textsAt(tree: Tree | undefined, key: string, split = false): string[] {
  return textsIn(valueAt(tree, key), split).map(({ text }) => text);
}

/** The same, each with its place. */
export function textsIn(value: Tree | undefined, split = false): { text: string; place: Place }[] {
  const list = value?.kind === "list" ? value.items : value ? [value] : [];
  const scalarsIn = list.filter((item) => item.kind === "scalar");
  if (!split) return scalarsIn;
  return scalarsIn.flatMap(({ text, place }) => {
    const source = place.file.text.slice(place.start, place.end);
    return text.split(",").map((part) => {
      const name = part.trim();
      const at = source.split(/(?<=,)/).find((it) => it.replace(/["',\s]/g, "") === name);
      const start = place.start + (at === undefined ? 0 : source.indexOf(at) + at.indexOf(name));
      return {
        text: name,
        place: at === undefined ? place : { ...place, start, end: start + name.length },
      };
    });
  });
}

/** Every scalar below, with its path in the guest's form. */
export function* scalars(tree: Tree, path = ""): Generator<{ path: string; scalar: Scalar }> {
  if (tree.kind === "scalar") yield { path, scalar: tree };
  else if (tree.kind === "list") {
    for (const [index, item] of tree.items.entries()) yield* scalars(item, `${path}[${index}]`);
  } else {
    for (const { key, value } of tree.entries) yield* scalars(value, path ? `${path}.${key}` : key);
  }
}
