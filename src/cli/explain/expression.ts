/** The parts of a rule's expression by its text. Whether a part holds is for the plugin to say, never decided here. */

export type Part =
  { kind: "call"; text: string } | { kind: "not"; of: Part } | { kind: "and" | "or"; of: Part[] };

/** Null: not of the grammar of docs/policy.md; the plugin says what is wrong with it. */
export function partsOf(expression: string): Part | null {
  const parser = new Parser(expression);
  const part = parser.disjunction();
  return part !== null && parser.isAtEnd ? part : null;
}

/** All calls, in their order. */
export function callsOf(part: Part): string[] {
  if (part.kind === "call") return [part.text];
  return part.kind === "not" ? callsOf(part.of) : part.of.flatMap(callsOf);
}

export interface Reason {
  call: string;
  /** Whether it holds, which is what is wrong with it behind `!`. */
  holds: boolean;
}

/** Why it does not hold, given which calls do: of a conjunction the first part that fails, of a disjunction each. */
export function whyNot(part: Part, holds: (call: string) => boolean): Reason[] {
  return failing(part, holds, true);
}

function failing(part: Part, holds: (call: string) => boolean, wanted: boolean): Reason[] {
  if (part.kind === "call") {
    return holds(part.text) === wanted ? [] : [{ call: part.text, holds: !wanted }];
  }
  if (part.kind === "not") return failing(part.of, holds, !wanted);
  const parts = part.of.map((it) => failing(it, holds, wanted));
  // All of them are needed: the first that fails says it. One of them is enough: all of them fail.
  const needsAll = (part.kind === "and") === wanted;
  if (needsAll) return parts.find((it) => it.length > 0) ?? [];
  return parts.some((it) => it.length === 0) ? [] : parts.flat();
}

const DEPTH = 64;

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return /^\s*$/.test(this.text.slice(this.at));
  }

  disjunction(): Part | null {
    return this.chain("or", "||", () => this.chain("and", "&&", () => this.operand()));
  }

  private chain(kind: "and" | "or", sign: string, next: () => Part | null): Part | null {
    const of: Part[] = [];
    do {
      const part = next();
      if (part === null) return null;
      of.push(part);
    } while (this.take(sign));
    return of.length === 1 ? of[0]! : { kind, of };
  }

  private operand(): Part | null {
    if (++this.depth > DEPTH) return null;
    try {
      if (this.take("!")) {
        const of = this.operand();
        return of && { kind: "not", of };
      }
      if (this.take("(")) {
        const part = this.disjunction();
        return part && this.take(")") ? part : null;
      }
      return this.call();
    } finally {
      this.depth--;
    }
  }

  private call(): Part | null {
    const match = /^\s*(\w+\s*\((?:[^`")]|`[^`]*`|"(?:[^"\\]|\\.)*")*\))/.exec(
      this.text.slice(this.at),
    );
    if (!match) return null;
    this.at += match[0].length;
    return { kind: "call", text: match[1]! };
  }

  private take(sign: string): boolean {
    const match = /^\s*/.exec(this.text.slice(this.at))!;
    const start = this.at + match[0].length;
    if (!this.text.startsWith(sign, start)) return false;
    this.at = start + sign.length;
    return true;
  }
}
