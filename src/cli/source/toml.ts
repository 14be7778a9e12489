/** TOML, with the place of every key and value. */
import { type AST, parseTOML } from "toml-eslint-parser";
import type { SourceFile } from "./file.ts";
import type { List, MapTree, Scalar, ScalarType, Tree } from "./tree.ts";
import type { Parsed } from "./yaml.ts";

export function parseToml(file: SourceFile): Parsed {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(file.text);
  } catch (error) {
    const { message, index = 0 } = error as Error & { index?: number };
    return { trees: [], problems: [{ message, start: index }] };
  }
  const root: MapTree = { kind: "map", entries: [], place: file.place(0, file.text.length) };
  const [top] = program.body;
  for (const node of top.body) {
    if (node.type === "TOMLKeyValue") put(file, root, node);
    else {
      const table = open(file, root, node);
      for (const pair of node.body) put(file, table, pair);
    }
  }
  return { trees: [root], problems: [] };
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === "TOMLBare" ? key.name : key.value;
}

/** The map below the keys, made if it is missing; of an array of tables its last. */
function descend(file: SourceFile, from: MapTree, keys: (AST.TOMLBare | AST.TOMLQuoted)[]) {
  let at = from;
  for (const key of keys) {
    let entry = at.entries.find((it) => it.key === nameOf(key));
    if (!entry) {
      const place = file.place(...key.range);
      entry = { key: nameOf(key), keyPlace: place, value: { kind: "map", entries: [], place } };
      at.entries.push(entry);
    }
    const value = entry.value.kind === "list" ? entry.value.items.at(-1)! : entry.value;
    if (value.kind !== "map") break;
    at = value;
  }
  return at;
}

function open(file: SourceFile, root: MapTree, node: AST.TOMLTable): MapTree {
  if (node.kind !== "array") return descend(file, root, node.key.keys);
  const keys = [...node.key.keys];
  const last = keys.pop()!;
  const parent = descend(file, root, keys);
  const place = file.place(...node.range);
  let entry = parent.entries.find((it) => it.key === nameOf(last));
  if (!entry) {
    const list: List = { kind: "list", items: [], place };
    entry = { key: nameOf(last), keyPlace: file.place(...last.range), value: list };
    parent.entries.push(entry);
  }
  const table: MapTree = { kind: "map", entries: [], place };
  if (entry.value.kind === "list") entry.value.items.push(table);
  return table;
}

function put(file: SourceFile, table: MapTree, node: AST.TOMLKeyValue): void {
  const keys = [...node.key.keys];
  const last = keys.pop()!;
  const at = descend(file, table, keys);
  const keyPlace = file.place(...last.range);
  at.entries.push({ key: nameOf(last), keyPlace, value: valueOf(file, node.value) });
}

const TYPES: Record<string, ScalarType> = {
  string: "text",
  integer: "integer",
  float: "float",
  boolean: "boolean",
};

function valueOf(file: SourceFile, node: AST.TOMLContentNode): Tree {
  const place = file.place(...node.range);
  if (node.type === "TOMLArray") {
    return { kind: "list", items: node.elements.map((it) => valueOf(file, it)), place };
  }
  if (node.type === "TOMLInlineTable") {
    const map: MapTree = { kind: "map", entries: [], place };
    for (const pair of node.body) put(file, map, pair);
    return map;
  }
  const written = file.text.slice(...node.range);
  const scalar: Scalar = {
    kind: "scalar",
    type: TYPES[node.kind] ?? "date",
    text: written,
    written,
    place,
  };
  if (node.kind === "string") scalar.text = scalar.written = node.value;
  else if (node.kind === "integer") scalar.text = String(node.bigint);
  else if (node.kind === "float") scalar.text = String(node.value);
  return scalar;
}
