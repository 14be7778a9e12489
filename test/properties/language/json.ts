/** JSON as it is written: duplicate members stay, numbers keep their text, texts are of one-byte characters. */

export type Json =
  | { kind: "null" | "true" | "false" }
  | { kind: "number"; text: string }
  | { kind: "text"; text: string }
  | { kind: "list"; items: Json[] }
  | { kind: "map"; members: [string, Json][] };

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /null|true|false/y;
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;

/** Text as the bytes of its UTF-8, one character each. */
export function utf8(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Null for what is not strict JSON: RFC 8259 over UTF-8 without a byte order mark, no lone surrogates. */
export function readJson(bytes: Buffer): Json | null {
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const take = (character: string): boolean => {
    match(SPACE);
    if (source[at] !== character) return false;
    at++;
    return true;
  };
  /** What stands between brackets, or null. */
  const sequence = <T>(close: string, element: () => T | null): T[] | null => {
    const items: T[] = [];
    if (take(close)) return items;
    do {
      const item = element();
      if (item === null) return null;
      items.push(item);
    } while (take(","));
    return take(close) ? items : null;
  };
  const text = (): string | null => {
    match(SPACE);
    const literal = match(TEXT);
    if (literal === null) return null;
    const value = JSON.parse(literal) as string;
    return /\p{Surrogate}/u.test(value) ? null : utf8(value);
  };
  const member = (): [string, Json] | null => {
    const name = text();
    if (name === null || !take(":")) return null;
    const inner = value();
    return inner && [name, inner];
  };
  const value = (): Json | null => {
    if (take("{")) {
      const members = sequence("}", member);
      return members && { kind: "map", members };
    }
    if (take("[")) {
      const items = sequence("]", value);
      return items && { kind: "list", items };
    }
    if (source[at] === '"') {
      const inner = text();
      return inner === null ? null : { kind: "text", text: inner };
    }
    const word = match(WORD);
    if (word !== null) return { kind: word as "null" | "true" | "false" };
    const number = match(NUMBER);
    return number === null ? null : { kind: "number", text: number };
  };
  const whole = value();
  match(SPACE);
  return at === source.length ? whole : null;
}

/** All values at a path of names from the outermost map inward. */
export function occurrences(value: Json, names: readonly string[]): Json[] {
  const [first, ...rest] = names;
  if (first === undefined) return [value];
  if (value.kind !== "map") return [];
  return value.members
    .filter(([name]) => name === first)
    .flatMap(([, inner]) => occurrences(inner, rest));
}

/**
 * Values at a path as lenient parsers find them, `unknown` among them for what is a part of it. Names are alike where
 * their letters and digits are, in any case; lists and prototypes are looked into.
 */
export function looseOccurrences(value: Json, names: readonly string[]): (Json | "unknown")[] {
  const [first, ...rest] = names;
  if (first === undefined) return [value];
  if (value.kind === "list") return value.items.flatMap((item) => looseOccurrences(item, names));
  if (value.kind !== "map") return [];
  return value.members.flatMap(([name, inner]) => {
    if (name === "__proto__") return looseOccurrences(inner, names);
    const found: (Json | "unknown")[] = isPartOf(name, first) ? ["unknown"] : [];
    return isAlike(name, first) ? [...found, ...looseOccurrences(inner, rest)] : found;
  });
}

/** Letters and digits, each in every case at once. */
function lettersOf(name: string): string {
  const text = Buffer.from(name, "latin1").toString("utf8");
  return text.replace(/[^\p{L}\p{M}\p{N}\p{S}]|[\x00-\x7f]/gu, (it) =>
    /[a-z0-9]/i.test(it) ? it.toLowerCase() : "",
  );
}

/** A name in the one way and in the other, as this repository's vocabulary has them. */
export function isAlike(name: string, other: string): boolean {
  const [a, b] = [lettersOf(name), lettersOf(other)];
  return a !== "" && a.length === b.length && new RegExp(`^${b}$`, "iu").test(a);
}

/** `a[0]`, `a.b` and `a\0b` are parts of `a`. */
export function isPartOf(name: string, whole: string): boolean {
  return [...name].some((it, at) => ".[\0".includes(it) && isAlike(name.slice(0, at), whole));
}

/** `a.b\.c` is b.c within a. */
export function namesOf(path: string): string[] {
  return path.split(/(?<!\\)\./).map((name) => utf8(name.replaceAll("\\.", ".")));
}

/** Texts, numbers and booleans as they are written; null for anything else. */
export function scalar(value: Json | undefined): string | null {
  if (value === undefined) return null;
  if (value.kind === "number" || value.kind === "text") return value.text;
  return value.kind === "true" || value.kind === "false" ? value.kind : null;
}
