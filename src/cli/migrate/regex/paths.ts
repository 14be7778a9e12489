/** The paths that a regular expression matches, as far as patterns can express them. */
import { asSuch, isNever, type Paths, type Shape, SOME_PATHS } from "../shape.ts";
import { ANY, END, expand, GLOB, type Row, SOME, START, type Token } from "./expand.ts";
import { parseRegex } from "./parse.ts";

export interface RegexOptions {
  ignoresCase?: boolean;
  /** It is compared with path and query together, as Authelia does. */
  withQuery?: boolean;
}

export function pathsOfRegex(text: string, options: RegexOptions = {}): Paths {
  const regex = parseRegex(text);
  if (regex && options.ignoresCase) regex.ignoresCase = true;
  const rows = regex && expand(regex);
  if (!rows) return SOME_PATHS;
  const spans = rows.map(spanOf);
  if (spans.includes(null)) return SOME_PATHS;
  const known = spans as Span[];
  const parts = options.withQuery ? withQuery(known) : known.map(said);
  return {
    within: parts.filter(({ isExact }) => isExact).flatMap(({ shapes }) => shapes),
    around: parts.flatMap(({ shapes, around }) => around ?? shapes),
  };
}

interface Part {
  shapes: Shape[];
  isExact: boolean;
  /** Set if it differs from `shapes`. */
  around?: Shape[];
}

/** `head`, or `head` and `tail` with anything between; then the end, or anything. */
interface Span {
  head: Token[];
  tail: Token[] | null;
  isOpen: boolean;
  isLoose: boolean;
}

/** Null: the meaning of its anchors is unknown. */
function spanOf({ tokens, isLoose }: Row): Span | null {
  const isAnchored = tokens[0] === START;
  let rest = [...tokens.slice(isAnchored ? 1 : 0)];
  const ends = rest.at(-1) === END;
  if (ends) rest.pop();
  if (rest.includes(START) || rest.includes(END)) return null;
  if (!isAnchored) rest.unshift(ANY);
  if (!ends) rest.push(ANY);
  const chunks: Token[][] = [[]];
  for (const token of rest) {
    if (token === ANY) chunks.push([]);
    else chunks.at(-1)!.push(token);
  }
  const isOpen = chunks.length > 1 && chunks.at(-1)!.length === 0;
  const [head = [], ...others] = chunks;
  const tails = others.filter((chunk) => chunk.length > 0);
  if (tails.length > 1) return { head, tail: null, isOpen: true, isLoose: true };
  return { head, tail: tails[0] ?? null, isOpen, isLoose };
}

function said({ head, tail, isOpen, isLoose }: Span): Part {
  if (tail === null) {
    const written = write(head, isOpen);
    return { shapes: written.shapes, isExact: !isLoose && written.isExact };
  }
  const parts = joined(head, tail).map((tokens) => write(tokens, isOpen));
  return {
    shapes: parts.flatMap(({ shapes }) => shapes),
    isExact: !isLoose && parts.every((it) => it.isExact),
  };
}

/** Any number of whole segments. */
const DEEP: unique symbol = Symbol("deep");
type Written = Token | typeof DEEP;

/** Head and tail with anything or nothing between: within one segment, or across several. */
function joined(head: Written[], tail: Written[]): Written[][] {
  const up: Written[] = ["/", DEEP];
  const inside: Written[] = ["/", GLOB];
  const across: Written[] = tail[0] === "/" ? up : up.concat(inside);
  const last = head.at(-1);
  if (head.length === 0) return [[...across, ...tail]];
  if (last !== "/") {
    const over: Written[] = [...head, GLOB, ...across, ...tail];
    return tail[0] === "/" ? [over] : [[...head, GLOB, ...tail], over];
  }
  const before = head.slice(0, -1);
  const below: Written[] = tail[0] === "/" ? ["/", SOME] : [];
  return [[...before, ...below, ...across, ...tail]];
}

/** A row as patterns. A gap that is a whole segment matches a segment that is not empty. */
function write(tokens: readonly Written[], isOpen: boolean): { shapes: Shape[]; isExact: boolean } {
  let isExact = true;
  const rows = withoutEmpty(tokens, isOpen);
  const shapes = rows.flatMap((row): Shape[] => {
    let [pattern, plain, run] = ["", "", ""];
    const flush = (isBeforeStar: boolean) => {
      pattern += asSuch(run, isBeforeStar);
      plain += run;
      run = "";
    };
    for (const [at, token] of row.entries()) {
      if (typeof token === "string") run += token;
      else {
        flush(true);
        if (token === DEEP) pattern += "**";
        else if (!pattern.endsWith("*")) pattern += "*";
        plain += "x";
        if (token === SOME && !isWholeSegment(row, at)) isExact = false;
      }
    }
    const isPrefix = isOpen;
    const needsStar = isPrefix && typeof row.at(-1) === "string" && row.at(-1) !== "/";
    flush(needsStar);
    if (plain === "" || plain === "/") {
      return [{ call: isPrefix ? "PathPrefix" : "Path", pattern: "/" }];
    }
    if (isNever(needsStar ? plain.replace(/\.{1,2}$/, "") : plain)) return [];
    return [{ call: isPrefix ? "PathPrefix" : "Path", pattern: pattern + (needsStar ? "*" : "") }];
  });
  return { shapes, isExact };
}

/** A whole segment that may be empty can only be so at the end. */
function withoutEmpty(tokens: readonly Written[], isOpen: boolean): Written[][] {
  const last = tokens.length - 1;
  if (tokens[last] !== GLOB || tokens[last - 1] !== "/") return [[...tokens]];
  const without = tokens.slice(0, last);
  return isOpen ? [without] : [without, [...tokens]];
}

function isWholeSegment(row: readonly Written[], at: number): boolean {
  const next = row[at + 1];
  return row[at - 1] === "/" && (next === undefined || next === "/");
}

/**
 * Compared with the query as well, so `$` is the query's end: a rule is for a path with all of its
 * queries.
 */
function withQuery(spans: Span[]): Part[] {
  const ends = new Map<string, { head: Token[]; kinds: Set<"none" | "any" | "some"> }>();
  const parts: Part[] = [];
  for (const span of spans) {
    const { head, tail, isOpen, isLoose } = span;
    const mark = head.indexOf("?");
    const path = mark < 0 ? head : head.slice(0, mark);
    const isPlain = path.every((token) => typeof token === "string");
    if (mark >= 0 || (!isOpen && tail === null)) {
      const isAny = mark >= 0 && mark === head.length - 1 && tail === null && isOpen;
      const key = path.map((token) => (typeof token === "symbol" ? "\n" : token)).join("");
      const found = ends.get(key) ?? { head: path, kinds: new Set() };
      found.kinds.add(isLoose || !isPlain ? "some" : mark < 0 ? "none" : isAny ? "any" : "some");
      ends.set(key, found);
      continue;
    }
    const gap = head.findIndex((token) => typeof token === "symbol");
    const upTo = gap < 0 ? head : head.slice(0, gap);
    const around = write(upTo, true).shapes;
    const within = isOpen && !tail?.includes("?") ? said(span) : { shapes: [], isExact: false };
    parts.push({
      ...within,
      around: within.isExact && tail === null && gap < 0 ? within.shapes : around,
    });
  }
  for (const { head, kinds } of ends.values()) {
    const gap = head.findIndex((token) => typeof token === "symbol");
    const around = gap < 0 ? write(head, false).shapes : write(head.slice(0, gap), true).shapes;
    const isWhole = kinds.has("none") && kinds.has("any");
    parts.push({ shapes: isWhole ? around : [], isExact: isWhole, around });
  }
  return parts;
}
