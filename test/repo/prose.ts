/** What people read in a file: its comments, its texts, and a document's sentences without code. */
import { parsers } from "prettier/plugins/typescript";
import { textOf } from "./files.ts";

export interface Passage {
  line: number;
  kind: "comment" | "text" | "document";
  text: string;
  /** Position in the file, of source code only. */
  range: [number, number];
}

interface Node {
  type?: string;
  value?: unknown;
  range?: [number, number];
  loc?: { start: { line: number } };
}

const blank = (text: string) => text.replace(/[^\n]/g, " ");

/** AssemblyScript's decorators of functions are no TypeScript: spaces take their place. */
const parsable = (source: string) =>
  source.replace(
    /@(inline|unsafe|lazy|external|builtin|unmanaged|final|global|operator)\b(\([^)\n]*\))?/g,
    blank,
  );

/** Comments and texts of more than one word of a source file. */
export function passagesOfSource(path: string): Passage[] {
  const source = textOf(path);
  const tree = parsers.typescript.parse(parsable(source), { filepath: path } as never) as {
    comments: (Node & { value: string })[];
  };
  const found: Passage[] = tree.comments.map(({ range, loc }) => ({
    line: loc!.start.line,
    kind: "comment",
    text: source
      .slice(...range!)
      .replace(/^\/[/*]+|\*\/$/g, "")
      .replace(/^\s*\*+ ?/gm, "")
      .trim(),
    range: range!,
  }));
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== "object" || node === null) return;
    const { type, value, range, loc } = node as Node;
    const quasi = value as { cooked?: string } | undefined;
    const text = type === "Literal" ? value : type === "TemplateElement" ? quasi?.cooked : null;
    if (typeof text === "string" && /\w \w/.test(text)) {
      found.push({ line: loc!.start.line, kind: "text", text, range: range! });
    }
    for (const [key, child] of Object.entries(node)) {
      if (key !== "comments" && key !== "tokens" && key !== "parent") visit(child);
    }
  };
  visit(tree);
  return found.sort((a, b) => a.range[0] - b.range[0]);
}

/** A document's lines; fenced blocks and code within a line are left out. */
export function passagesOfDocument(path: string): Passage[] {
  const text = textOf(path)
    .replace(/^```[\s\S]*?^```/gm, blank)
    .replace(/`[^`\n]+`/g, blank);
  return text
    .split("\n")
    .flatMap((line, index) =>
      line.trim() === ""
        ? []
        : [{ line: index + 1, kind: "document", text: line.trim(), range: [0, 0] }],
    );
}
