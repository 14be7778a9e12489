/** A tree of a file as plain data. */
import type { Tree } from "../source/tree.ts";

export function plainOf(tree: Tree): unknown {
  if (tree.kind === "list") return tree.items.map(plainOf);
  if (tree.kind === "map")
    return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plainOf(value)]));
  if (tree.type === "boolean") return tree.text === "true";
  if (tree.type === "integer" || tree.type === "float") return Number(tree.text);
  return tree.type === "null" ? null : tree.text;
}
