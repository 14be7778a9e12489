/**
 * The common part of RE2's and PCRE's regular expressions, as far as paths need it. Null: it is
 * anything else.
 */

export type Node =
  | { kind: "character"; text: string }
  /** One of these characters; `[^/]` has `all` but the slash. */
  | { kind: "class"; members: string[] | null; hasSlash: boolean; isSegment: boolean }
  /** Any character, the slash too. */
  | { kind: "dot" }
  /** A condition on the characters before or after: it matches only some of these. */
  | { kind: "look" }
  | { kind: "start" }
  | { kind: "end" }
  | { kind: "sequence"; nodes: Node[] }
  | { kind: "either"; options: Node[] }
  /** `isOfCaller`: the match is compared with the caller's name or groups (Authelia). */
  | { kind: "group"; inner: Node; isOfCaller: boolean }
  | { kind: "repeat"; inner: Node; least: number; most: number };

export interface Regex {
  node: Node;
  ignoresCase: boolean;
}

/** No path needs more repetitions or deeper groups. */
const DEPTH = 20;

export function parseRegex(text: string): Regex | null {
  const flags = /^\(\?i\)/.exec(text);
  const reader = new Reader(flags ? text.slice(flags[0].length) : text);
  const node = reader.either(0);
  return node && reader.isAtEnd ? { node, ignoresCase: flags !== null } : null;
}

const CLASSES: Record<string, { members: string[] | null; hasSlash: boolean }> = {
  d: { members: [..."0123456789"], hasSlash: false },
  w: { members: null, hasSlash: false },
  s: { members: null, hasSlash: false },
  D: { members: null, hasSlash: true },
  W: { members: null, hasSlash: true },
  S: { members: null, hasSlash: true },
};

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  either(depth: number): Node | null {
    if (depth > DEPTH) return null;
    const options: Node[] = [];
    do {
      const option = this.sequence(depth);
      if (!option) return null;
      options.push(option);
    } while (this.take("|"));
    return options.length === 1 ? options[0]! : { kind: "either", options };
  }

  private sequence(depth: number): Node | null {
    const nodes: Node[] = [];
    while (!this.isAtEnd && !/[|)]/.test(this.text[this.at]!)) {
      const atom = this.atom(depth);
      const node = atom && this.repeated(atom);
      if (!node) return null;
      nodes.push(node);
    }
    return { kind: "sequence", nodes };
  }

  private atom(depth: number): Node | null {
    const c = this.text[this.at++]!;
    if (c === "^") return { kind: "start" };
    if (c === "$") return { kind: "end" };
    if (c === ".") return { kind: "dot" };
    if (c === "(") return this.group(depth);
    if (c === "[") return this.class();
    if (c === "\\") return this.escape();
    return /[*+?{]/.test(c) ? null : { kind: "character", text: c };
  }

  private group(depth: number): Node | null {
    const look = /^\?<?[!=]/.exec(this.text.slice(this.at));
    if (look) {
      this.at += look[0].length;
      return this.either(depth + 1) && this.take(")") ? { kind: "look" } : null;
    }
    const head = /^\?(?::|P?<(\w+)>)/.exec(this.text.slice(this.at));
    if (head) this.at += head[0].length;
    else if (this.text[this.at] === "?") return null;
    const inner = this.either(depth + 1);
    if (!inner || !this.take(")")) return null;
    return { kind: "group", inner, isOfCaller: /^(user|group)$/i.test(head?.[1] ?? "") };
  }

  private escape(): Node | null {
    const c = this.text[this.at++];
    if (c === undefined) return null;
    const known = CLASSES[c];
    if (known) return { kind: "class", ...known, isSegment: false };
    return /[\w\s]/.test(c) ? null : { kind: "character", text: c };
  }

  private class(): Node | null {
    const isNegated = this.take("^");
    const members: string[] = [];
    let [isOpen, hasSlash] = [false, false];
    for (let isFirst = true; this.text[this.at] !== "]" || isFirst; isFirst = false) {
      let c = this.text[this.at++];
      if (c === undefined || (c === "[" && this.text[this.at] === ":")) return null;
      if (c === "\\") {
        c = this.text[this.at++];
        if (c === undefined) return null;
        const known = CLASSES[c];
        if (known) {
          [isOpen, hasSlash] = [true, hasSlash || known.hasSlash];
          continue;
        }
        if (/\w/.test(c)) return null;
      }
      const range = /^-([^\]\\])/.exec(this.text.slice(this.at));
      const last = range ? range[1]! : c;
      if (range) this.at += 2;
      const [from, to] = [c.charCodeAt(0), last.charCodeAt(0)];
      if (to < from) return null;
      if (from <= 0x2f && 0x2f <= to) hasSlash = true;
      if (to - from > 12) isOpen = true;
      else for (let code = from; code <= to; code++) members.push(String.fromCharCode(code));
    }
    this.at++;
    const isSegment = isNegated && !isOpen && members.length === 1 && members[0] === "/";
    if (isNegated) return { kind: "class", members: null, hasSlash: !hasSlash, isSegment };
    return { kind: "class", members: isOpen ? null : members, hasSlash, isSegment };
  }

  private repeated(inner: Node): Node | null {
    const found = /^(?:([*+?])|\{(\d{1,3})(,(\d{0,3}))?\})(\?)?/.exec(this.text.slice(this.at));
    if (!found) return this.text[this.at] === "{" ? null : inner;
    this.at += found[0].length;
    const [, sign, count, comma, upTo] = found;
    const least = sign ? (sign === "+" ? 1 : 0) : Number(count);
    const most =
      sign === "?" ? 1 : sign || (comma && !upTo) ? Infinity : comma ? Number(upTo) : least;
    if (/^[*+?{]/.test(this.text.slice(this.at)) || most < least) return null;
    return { kind: "repeat", inner, least, most };
  }

  private take(c: string): boolean {
    if (this.text[this.at] !== c) return false;
    this.at++;
    return true;
  }
}
