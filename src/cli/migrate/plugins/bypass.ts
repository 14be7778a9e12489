/**
 * A rule in Traefik's language that admits everyone. Its alternatives become public if every part
 * can be expressed; the others require a sign-in.
 */
import { call } from "../allow.ts";
import { mayOpen, type Part, type Region, region } from "../region.ts";
import {
  ALL_PATHS,
  exactPath,
  isEverything,
  narrow,
  type Paths,
  segments,
  textOf,
} from "../shape.ts";
import { pathsOfRegex } from "../regex/paths.ts";
import { common, EVERYWHERE } from "../region.ts";

type Term =
  | { kind: "call"; name: string; values: string[] }
  | { kind: "not"; inner: Term }
  | { kind: "and" | "or"; parts: Term[] };

/** The open regions, each as written; `lost`: alternatives that are not open. */
export function openOf(rule: string): { regions: Region[]; lost: string[] } | null {
  const term = new Parser(rule).whole();
  const rows = term && alternatives(term, false);
  if (!rows) return null;
  const regions: Region[] = [];
  const lost: string[] = [];
  for (const row of rows) {
    const found = row.map(regionOf);
    const all = found.some((it) => it === null)
      ? null
      : found.reduce<Region>((one, it) => common(one, it!), EVERYWHERE);
    if (all && mayOpen(all)) regions.push(all);
    else lost.push(row.map(written).join(" && "));
  }
  return { regions, lost };
}

interface Literal {
  name: string;
  values: string[];
  isNot: boolean;
}

const LIMIT = 64;

/** Rows of conditions that must hold together; one row is enough. Null: too many. */
function alternatives(term: Term, isNot: boolean): Literal[][] | null {
  if (term.kind === "not") return alternatives(term.inner, !isNot);
  if (term.kind === "call") return [[{ name: term.name, values: term.values, isNot }]];
  const lists = term.parts.map((it) => alternatives(it, isNot));
  if (lists.some((it) => it === null)) return null;
  if ((term.kind === "or") !== isNot) {
    const all = lists.flatMap((it) => it!);
    return all.length > LIMIT ? null : all;
  }
  return lists.reduce<Literal[][] | null>(
    (rows, list) => {
      if (!rows || rows.length * list!.length > LIMIT) return null;
      return rows.flatMap((row) => list!.map((it) => [...row, ...it]));
    },
    [[]],
  );
}

/** Null: no function expresses everything that it opens. */
function regionOf({ name, values, isNot }: Literal): Region | null {
  const [value = ""] = values;
  if (values.length === 0 || values.includes("")) return null;
  switch (name) {
    case "Path":
      return isNot ? without(values.map(exactPath)) : some(values.map(exactPath));
    case "PathPrefix":
      // Whole segments are within the paths that begin with these characters.
      return isNot || values.length > 1 ? null : region({ paths: segments(value) });
    case "PathRegexp":
      return isNot || values.length > 1 ? null : region({ paths: pathsOfRegex(value) });
    case "Method":
      return values.every((it) => /^[A-Z]+$/.test(it)) ? word("Method", values, isNot) : null;
    case "Host": {
      const hosts = values.map((it) => it.replaceAll("\\.", ".").toLowerCase());
      return hosts.every((it) => /^[a-z\d-]+(\.[a-z\d-]+)*$/.test(it))
        ? word("Host", hosts, isNot)
        : null;
    }
    default:
      return null;
  }
}

function word(name: string, values: string[], isNot: boolean): Region {
  const part: Part = { exact: `${isNot ? "!" : ""}${call(name, ...values)}` };
  return region({ parts: [part] });
}

function some(list: Paths[]): Region {
  const within = list.flatMap((it) => it.within);
  return region({ paths: { within, around: within } });
}

function without(list: Paths[]): Region {
  const shapes = list.flatMap((it) => it.around);
  return shapes.length === 0 || isEverything(shapes) || narrow(shapes).length === 0
    ? region({ paths: ALL_PATHS, parts: [{ unsayable: "path" }] })
    : region({ parts: [{ exact: `!${textOf(shapes)}` }] });
}

/** Leaves out the compared value of a header or parameter, which may be a secret. */
const written = ({ name, values, isNot }: Literal) =>
  `${isNot ? "!" : ""}${/^(Header|Query)/.test(name) ? `${name}(\`${values[0]}\`, …)` : call(name, ...values)}`;

/** `||` binds less than `&&`; texts are in backquotes or double quotes. */
class Parser {
  private readonly tokens: string[];
  private at = 0;

  constructor(text: string) {
    this.tokens = text.match(/`[^`]*`|"(?:[^"\\]|\\.)*"|&&|\|\||[!(),]|\w+|\S/g) ?? [];
  }

  whole(): Term | null {
    const term = this.list("||", "or", () => this.list("&&", "and", () => this.operand()));
    return this.at === this.tokens.length ? term : null;
  }

  private depth = 0;

  private list(sign: string, kind: "and" | "or", next: () => Term | null): Term | null {
    const parts: Term[] = [];
    do {
      const part = next();
      if (!part) return null;
      parts.push(part);
    } while (this.take(sign));
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }

  private operand(): Term | null {
    if (++this.depth > 100) return null;
    if (this.take("!")) {
      const inner = this.operand();
      return inner && { kind: "not", inner };
    }
    if (this.take("(")) {
      const inner = this.list("||", "or", () => this.list("&&", "and", () => this.operand()));
      return this.take(")") ? inner : null;
    }
    const name = this.tokens[this.at++];
    if (name === undefined || !/^\w+$/.test(name) || !this.take("(")) return null;
    const values: string[] = [];
    while (!this.take(")")) {
      const text = this.tokens[this.at++];
      if (text === undefined || !/^[`"]/.test(text) || text.length < 2) return null;
      values.push(text[0] === "`" ? text.slice(1, -1) : text.slice(1, -1).replace(/\\(.)/g, "$1"));
      this.take(",");
    }
    return { kind: "call", name, values };
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }
}
