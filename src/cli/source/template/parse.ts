/**
 * The tree of a Go template (text/template/parse): texts, pipelines, and the blocks that `end`
 * closes.
 */
import { type Piece, scan, TemplateError } from "./scan.ts";
import { type Token, tokensOf } from "./tokens.ts";

export type Operand = { start: number } & (
  | { kind: "literal"; value: string | number | boolean | null }
  /** `$x`; `$` is the root. */
  | { kind: "variable"; name: string; fields: string[] }
  /** `.` and the fields after it. */
  | { kind: "dot"; fields: string[] }
  | { kind: "function"; name: string }
  | { kind: "pipe"; pipe: Pipe; fields: string[] }
);

export interface Pipe {
  /** `$i, $x :=`, or `$x =`. */
  declares: string[];
  assigns: boolean;
  commands: Operand[][];
}

export type Node = { at: Piece["outer"] } & (
  | { kind: "text"; start: number; end: number }
  | { kind: "action"; pipe: Pipe }
  | Branch
  | { kind: "template"; name: string; pipe: Pipe | null }
  | { kind: "break" | "continue" }
);

export interface Branch {
  kind: "if" | "with" | "range";
  pipe: Pipe;
  body: Node[];
  otherwise: Node[];
}

export interface Template {
  nodes: Node[];
  /** Blocks of `define` and `block`. */
  defined: Map<string, Node[]>;
}

export function parseTemplate(text: string): Template {
  const parser = new Parser(text, scan(text));
  const nodes = parser.nodes(null);
  return { nodes, defined: parser.defined };
}

const BLOCKS = new Set(["if", "with", "range", "define", "block"]);

class Parser {
  readonly defined = new Map<string, Node[]>();
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly pieces: Piece[],
  ) {}

  /**
   * Reads up to the `end` or `else` of the block that begins there, and leaves the closing piece
   * unread.
   */
  nodes(block: Piece | null): Node[] {
    const nodes: Node[] = [];
    for (; this.at < this.pieces.length; this.at++) {
      const piece = this.pieces[this.at]!;
      const { start, end, outer: at } = piece;
      if (piece.kind === "text") {
        nodes.push({ kind: "text", at, start, end });
        continue;
      }
      const tokens = tokensOf(this.text, start, end);
      const word = tokens[0]?.kind === "name" ? tokens[0].text : "";
      if (word === "end" || word === "else") {
        if (block) return nodes;
        throw new TemplateError(`{{${word}}} closes nothing`, at.start);
      }
      const node = this.node(word, tokens, piece);
      if (node) nodes.push(node);
    }
    if (block) throw new TemplateError("this block has no {{end}}", block.outer.start);
    return nodes;
  }

  private node(word: string, tokens: Token[], piece: Piece): Node | null {
    const { outer: at } = piece;
    if (word === "break" || word === "continue") return { kind: word, at };
    if (word === "template") {
      const { name, rest } = named(tokens, at.start);
      return { kind: "template", at, name, pipe: rest.length > 0 ? pipeOf(rest, at.start) : null };
    }
    if (!BLOCKS.has(word)) return { kind: "action", at, pipe: pipeOf(tokens, at.start) };
    this.at++;
    if (word === "define" || word === "block") {
      const { name, rest } = named(tokens, at.start);
      this.defined.set(name, this.nodes(piece));
      return word === "block" ? { kind: "template", at, name, pipe: pipeOf(rest, at.start) } : null;
    }
    return this.branch(word as "if" | "with" | "range", tokens.slice(1), piece);
  }

  private branch(kind: "if" | "with" | "range", tokens: Token[], piece: Piece): Node {
    const pipe = pipeOf(tokens, piece.outer.start);
    const body = this.nodes(piece);
    const closing = this.pieces[this.at]!;
    const [word, ...rest] = tokensOf(this.text, closing.start, closing.end);
    let otherwise: Node[] = [];
    if (word!.text === "else") {
      const [next, ...condition] = rest;
      if (next?.kind === "name" && (next.text === "if" || next.text === "with")) {
        this.at++;
        otherwise = [this.branch(next.text, condition, closing)];
      } else {
        this.at++;
        otherwise = this.nodes(piece);
      }
    }
    const last = this.pieces[this.at]!;
    return {
      ...{ kind, pipe, body, otherwise },
      at: { start: piece.outer.start, end: last.outer.end },
    };
  }
}

function named([, name, ...rest]: Token[], start: number): { name: string; rest: Token[] } {
  if (name?.kind === "literal" && typeof name.value === "string") return { name: name.value, rest };
  throw new TemplateError("a template has a name in quotes", start);
}

function pipeOf(tokens: Token[], start: number): Pipe {
  const reader = { tokens, at: 0, start };
  const pipe = readPipe(reader);
  const rest = tokens[reader.at];
  if (rest) throw new TemplateError(`unexpected ${rest.text}`, rest.start);
  return pipe;
}

interface Reader {
  tokens: Token[];
  at: number;
  start: number;
}

function readPipe(reader: Reader): Pipe {
  const pipe: Pipe = { declares: [], assigns: false, commands: [[]] };
  const { tokens, at } = reader;
  // One variable, or two of a loop.
  const sign = [at + 1, at + 3].find((it) => tokens[it]?.kind === "assign");
  const before = sign === undefined ? [] : tokens.slice(at, sign);
  if (sign !== undefined && before.every(({ kind }) => kind === "variable" || kind === "comma")) {
    pipe.declares = before.flatMap(({ kind, text }) => (kind === "variable" ? [text] : []));
    pipe.assigns = tokens[sign]!.text === "=";
    reader.at = sign + 1;
  }
  while (reader.at < tokens.length && tokens[reader.at]!.kind !== "close") {
    const token = tokens[reader.at++]!;
    if (token.kind === "bar") pipe.commands.push([]);
    else pipe.commands.at(-1)!.push(operandOf(token, reader));
  }
  if (pipe.commands.some((command) => command.length === 0)) {
    throw new TemplateError("a pipeline has an empty part", reader.start);
  }
  return pipe;
}

function operandOf(token: Token, reader: Reader): Operand {
  const { start } = token;
  const fields = () => {
    const names: string[] = [];
    for (let next = reader.tokens[reader.at]; next?.kind === "field" && next.isJoined;) {
      names.push(...next.text.slice(1).split("."));
      next = reader.tokens[++reader.at];
    }
    return names;
  };
  switch (token.kind) {
    case "literal":
      return { kind: "literal", start, value: token.value! };
    case "variable":
      return { kind: "variable", start, name: token.text, fields: fields() };
    case "dot":
      return { kind: "dot", start, fields: [] };
    case "field":
      return { kind: "dot", start, fields: token.text.slice(1).split(".") };
    case "name":
      if (token.text === "nil") return { kind: "literal", start, value: null };
      return { kind: "function", start, name: token.text };
    case "open": {
      const pipe = readPipe(reader);
      if (reader.tokens[reader.at++]?.kind !== "close") {
        throw new TemplateError("a ( is not closed", token.start);
      }
      return { kind: "pipe", start, pipe, fields: fields() };
    }
    case "close":
    case "bar":
    case "comma":
    case "assign":
      throw new TemplateError(`unexpected ${token.text}`, token.start);
  }
}
