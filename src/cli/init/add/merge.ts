/** Puts entries into a YAML file without touching a line of it, and shows what was put where. */
import { isDeepStrictEqual } from "node:util";
import {
  Alias,
  Document,
  isMap,
  isScalar,
  Pair,
  parse,
  parseDocument,
  Scalar,
  YAMLMap,
} from "yaml";
import { CliError } from "../../failure.ts";
import type { Tree } from "../../providers/row.ts";
import { written, yaml } from "../file.ts";
import type { Parts } from "./parts.ts";

interface Insertion {
  /** Offset of the beginning of a line. */
  at: number;
  lines: string[];
}

export interface Merged {
  text: string;
  /** As `diff -u` shows it. */
  diff: string[];
}

export function merged(file: string, text: string, parts: Parts): Merged {
  const http = parseDocument(text).get("http");
  const insertions = Object.entries(parts).map(([section, entries]) => {
    const map = isMap(http) ? http.get(section) : undefined;
    const [first] = isMap(map) && !map.flow ? (map.items as Pair[]) : [];
    if (!isMap(map) || !isScalar(first?.key) || !map.range) throw notMergeable(file, section);
    const start = first.key.range![0];
    const indent = start - (text.lastIndexOf("\n", start - 1) + 1);
    const lines = textOf(section, entries as Tree)
      .trimEnd()
      .split("\n");
    return { at: lineAfter(text, map.range[1]), lines: lines.map((it) => " ".repeat(indent) + it) };
  });
  const result = apply(text, insertions);
  if (!isDeepStrictEqual(parse(result, { merge: true }), whole(text, parts)))
    throw notMergeable(file, "http");
  return { text: result, diff: diffOf(file, text, insertions) };
}

/** The middlewares share one block, as in what `init` writes. */
export function textOf(section: string, entries: Tree): string {
  const [first, ...others] = Object.entries(entries) as [string, { plugin: Tree }][];
  if (section !== "middlewares" || others.length === 0) return yaml(entries);
  const [name, { plugin }] = first!;
  const [key] = Object.keys(plugin) as [string];
  const document = new Document({ [name]: { plugin } }, { aliasDuplicateObjects: false });
  (document.getIn([name, "plugin", key], true) as YAMLMap).anchor = name;
  for (const [other, { plugin: its }] of others) {
    const { mode } = its[key] as Tree;
    const map = new YAMLMap();
    map.flow = true;
    map.add(new Pair(new Scalar("<<"), new Alias(name)));
    map.add(new Pair(new Scalar("mode"), new Scalar(mode)));
    document.set(other, document.createNode({ plugin: {} }));
    document.setIn([other, "plugin", key], map);
  }
  return written(document);
}

const notMergeable = (file: string, section: string) =>
  new CliError(
    "not_mergeable",
    `${file}: its ${section} is not written line by line`,
    "write routers, services and middlewares as block maps, or let Traefik read a folder (providers.file.directory)",
  );

/** What the file has to say then. */
function whole(text: string, parts: Parts): unknown {
  const tree = parse(text, { merge: true }) as { http: Record<string, object> };
  for (const [section, entries] of Object.entries(parts))
    tree.http[section] = { ...tree.http[section], ...(entries as object) };
  // As it is read again: without what is undefined.
  return JSON.parse(JSON.stringify(tree)) as unknown;
}

function lineAfter(text: string, offset: number): number {
  if (text[offset - 1] === "\n") return offset;
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

function apply(text: string, insertions: Insertion[]): string {
  const ordered = [...insertions].sort((a, b) => b.at - a.at);
  return ordered.reduce((result, { at, lines }) => {
    const before = result.slice(0, at);
    const gap = before.endsWith("\n") ? "" : "\n";
    return `${before}${gap}${lines.join("\n")}\n${result.slice(at)}`;
  }, text);
}

const CONTEXT = 2;

function diffOf(file: string, text: string, insertions: Insertion[]): string[] {
  const before = text.split("\n");
  let added = 0;
  const hunks = [...insertions]
    .sort((a, b) => a.at - b.at)
    .flatMap(({ at, lines }) => {
      const line = text.slice(0, at).split("\n").length - 1;
      const head = before.slice(Math.max(0, line - CONTEXT), line);
      const tail = before
        .slice(line, line + CONTEXT)
        .filter((it, i, all) => i < all.length - 1 || it !== "");
      const from = line - head.length + 1;
      const size = head.length + tail.length;
      const hunk = `@@ -${from},${size} +${from + added},${size + lines.length} @@`;
      added += lines.length;
      const same = (it: string) => ` ${it}`;
      return [hunk, ...head.map(same), ...lines.map((it) => `+${it}`), ...tail.map(same)];
    });
  return [`--- ${file}`, `+++ ${file}.new`, ...hunks];
}
