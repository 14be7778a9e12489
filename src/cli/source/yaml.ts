/**
 * YAML as Traefik reads it, with the place of every key and value. A parse error is a finding, not
 * an exception.
 */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Node,
  type Scalar as YamlScalar,
  type YAMLMap,
} from "yaml";
import type { SourceFile } from "./file.ts";
import { resolvePlain } from "./scalar.ts";
import type { Entry, MapTree, Tree } from "./tree.ts";

export interface Parsed {
  trees: Tree[];
  problems: { message: string; start: number }[];
}

export function parseYaml(file: SourceFile, kubernetes = false): Parsed {
  // Without a schema every scalar is a text, and plain ones are resolved here as Go does it.
  const options = { schema: "failsafe", version: "1.2", lineCounter: new LineCounter() } as const;
  const documents = parseAllDocuments(file.text, options);
  const trees: Tree[] = [];
  const problems: Parsed["problems"] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const { message, pos } of document.errors) {
      problems.push({ message: message.split("\n")[0]!.replace(/ at line.*$/, ""), start: pos[0] });
    }
    if (document.contents === null) continue;
    const reader = new Reader(file, document as Document, kubernetes, problems);
    trees.push(reader.tree(document.contents as Node, 0));
  }
  return { trees, problems };
}

const DEPTH = 100;

class Reader {
  private nodes = 0;

  constructor(
    private readonly file: SourceFile,
    private readonly document: Document,
    private readonly kubernetes: boolean,
    private readonly problems: Parsed["problems"],
  ) {}

  tree(node: Node | null, depth: number): Tree {
    const place = this.placeOf(node);
    // Aliases can unfold without end.
    if (depth > DEPTH || ++this.nodes > 200_000) {
      if (this.problems.length === 0) {
        this.problems.push({
          message: "it is nested too deeply, or unfolds too far",
          start: place.start,
        });
      }
      return { kind: "scalar", type: "null", text: "", written: "", place };
    }
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (!target)
        this.problems.push({ message: `*${node.source} is not defined`, start: place.start });
      return this.tree((target as Node) ?? null, depth + 1);
    }
    if (isMap(node)) return this.map(node, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.tree(item as Node, depth + 1));
      return { kind: "list", items, place };
    }
    return this.scalar(isScalar(node) ? (node as YamlScalar) : null, place);
  }

  private map(node: YAMLMap, depth: number): MapTree {
    const own: Entry[] = [];
    const merged: Entry[] = [];
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = pair.key as YamlScalar;
      const value = this.tree(pair.value as Node | null, depth + 1);
      if (key.type === "PLAIN" && key.value === "<<") {
        const sources = value.kind === "list" ? value.items : [value];
        for (const source of sources) if (source.kind === "map") merged.push(...source.entries);
      } else own.push({ key: String(key.value), keyPlace: this.placeOf(key), value });
    }
    const seen = new Set(own.map(({ key }) => key));
    const entries = [...own];
    for (const entry of merged) {
      if (seen.has(entry.key)) continue;
      seen.add(entry.key);
      entries.push(entry);
    }
    return { kind: "map", entries, place: this.placeOf(node) };
  }

  private scalar(node: YamlScalar | null, place: Tree["place"]): Tree {
    const written = node === null ? "" : String(node.value);
    const plain = node === null || (node.type === "PLAIN" && node.tag === undefined);
    const resolved = plain ? resolvePlain(written, this.kubernetes) : null;
    const { type, text } = resolved ?? { type: "text", text: written };
    return { kind: "scalar", type, text, written, place };
  }

  private placeOf(node: Node | null | undefined): Tree["place"] {
    const [start = 0, end = start] = node?.range ?? [];
    return this.file.place(start, Math.max(start, end));
  }
}
