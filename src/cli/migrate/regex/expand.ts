/** An expression as its alternatives, each a row of characters and gaps. */
import type { Node, Regex } from "./parse.ts";

/** Gaps: any characters within a segment; at least one within a segment; any characters at all. */
export const GLOB = Symbol("glob");
export const SOME = Symbol("some");
export const ANY = Symbol("any");
export const START = Symbol("start");
export const END = Symbol("end");

export type Token = string | typeof GLOB | typeof SOME | typeof ANY | typeof START | typeof END;

export interface Row {
  tokens: readonly Token[];
  /** The row matches more than the expression. */
  isLoose: boolean;
}

const LIMIT = 64;

/** Null: there are too many. */
export function expand(regex: Regex): Row[] | null {
  return (
    new Expander(regex.ignoresCase, false).rows(regex.node) ??
    new Expander(regex.ignoresCase, true).rows(regex.node)
  );
}

const row = (...tokens: Token[]): Row => ({ tokens, isLoose: false });
const loose = (...tokens: Token[]): Row => ({ tokens, isLoose: true });

class Expander {
  constructor(
    private readonly ignoresCase: boolean,
    /** Ignores details of single characters, to get fewer rows. */
    private readonly isCoarse: boolean,
  ) {}

  rows(node: Node): Row[] | null {
    switch (node.kind) {
      case "character":
        return this.character(node.text);
      case "dot":
        return this.isCoarse ? [loose(ANY)] : [row("."), loose(ANY)];
      case "class":
        return this.class(node);
      case "look":
        return [loose()];
      case "start":
        return [row(START)];
      case "end":
        return [row(END)];
      case "group": {
        const rows = this.rows(node.inner);
        return node.isOfCaller ? (rows?.map((it) => ({ ...it, isLoose: true })) ?? null) : rows;
      }
      case "either":
        return this.all(node.options);
      case "sequence":
        return node.nodes.reduce<Row[] | null>(
          (rows, next) => rows && product(rows, this.rows(next)),
          [row()],
        );
      case "repeat":
        return this.repeat(node);
      default:
        return null;
    }
  }

  private character(text: string): Row[] {
    const other = text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
    if (!this.ignoresCase || other === text) return [row(text)];
    return this.isCoarse ? [loose(GLOB)] : [row(text), row(other)];
  }

  private class({ members, hasSlash }: Node & { kind: "class" }): Row[] {
    if (members && members.length <= 12 && !this.isCoarse) {
      return members.flatMap((member) => this.character(member));
    }
    return [loose(hasSlash ? ANY : SOME)];
  }

  private repeat({ inner, least, most }: Node & { kind: "repeat" }): Row[] | null {
    if (most === Infinity && least <= 1) {
      if (inner.kind === "dot")
        return [least === 0 ? row(ANY) : row(SOME, ANY), ...(least === 0 ? [] : [loose(ANY)])];
      if (inner.kind === "class" && !inner.hasSlash) {
        const gap = least === 0 ? GLOB : SOME;
        return [inner.isSegment ? row(gap) : loose(gap)];
      }
    }
    if (most <= 4) {
      const once = this.rows(inner);
      if (!once) return null;
      const found: Row[] = [];
      let rows: Row[] | null = [row()];
      for (let count = 0; count <= most && rows; count++) {
        if (count >= least) found.push(...rows);
        rows = product(rows, once);
      }
      return rows || most === 0 ? capped(found) : null;
    }
    const hasSlash =
      inner.kind !== "class" && inner.kind !== "character"
        ? true
        : inner.kind === "class"
          ? inner.hasSlash
          : inner.text === "/";
    return [...(least === 0 ? [row()] : []), loose(hasSlash ? ANY : SOME)];
  }

  private all(options: Node[]): Row[] | null {
    const lists = options.map((it) => this.rows(it));
    return lists.some((it) => it === null) ? null : capped(lists.flatMap((it) => it!));
  }
}

const capped = (rows: Row[]): Row[] | null => (rows.length > LIMIT ? null : rows);

function product(rows: Row[], next: Row[] | null): Row[] | null {
  if (!next || rows.length * next.length > LIMIT) return null;
  return rows.flatMap((one) =>
    next.map((other) => ({
      tokens: [...one.tokens, ...other.tokens],
      isLoose: one.isLoose || other.isLoose,
    })),
  );
}
