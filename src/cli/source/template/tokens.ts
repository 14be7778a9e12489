/** The words of one action of a Go template (text/template/parse). */
import { afterQuote, TemplateError } from "./scan.ts";

type Kind =
  "literal" | "name" | "variable" | "field" | "dot" | "open" | "close" | "bar" | "comma" | "assign";

export interface Token {
  kind: Kind;
  text: string;
  start: number;
  /** A literal's value. */
  value?: string | number | boolean;
  /** Nothing is before it: `$x.name`, not `$x .name`. */
  isJoined: boolean;
}

const SHAPES: [Kind, RegExp][] = [
  ["assign", /:?=/y],
  [
    "literal",
    /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)/y,
  ],
  ["field", /(?:\.[\p{L}_][\p{L}\p{Nd}_]*)+/uy],
  ["dot", /\./y],
  ["variable", /\$[\p{L}\p{Nd}_]*/uy],
  ["name", /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ["open", /\(/y],
  ["close", /\)/y],
  ["bar", /\|/y],
  ["comma", /,/y],
];

export function tokensOf(text: string, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  let at = from;
  while (at < to) {
    const gap = /\s*/y;
    gap.lastIndex = at;
    const { length } = gap.exec(text)![0];
    const isJoined = length === 0 && tokens.length > 0;
    at += length;
    if (at >= to) break;
    const token = quoted(text, at) ?? shaped(text, at);
    if (!token) throw new TemplateError(`unexpected ${text[at]}`, at);
    tokens.push({ ...token, start: at, isJoined });
    at += token.text.length;
  }
  return tokens;
}

type Read = Pick<Token, "kind" | "text" | "value">;

function quoted(text: string, at: number): Read | null {
  const quote = text[at]!;
  if (!"\"`'".includes(quote)) return null;
  const whole = text.slice(at, afterQuote(text, at));
  const inner = whole.slice(1, -1);
  const value = quote === "`" ? inner.replaceAll("\r", "") : unescaped(inner, at);
  // A rune is a number.
  return {
    kind: "literal",
    text: whole,
    value: quote === "'" ? (value.codePointAt(0) ?? 0) : value,
  };
}

function shaped(text: string, at: number): Read | null {
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at;
    const found = shape.exec(text)?.[0];
    if (found === undefined) continue;
    if (kind === "literal") return { kind, text: found, value: Number(found.replaceAll("_", "")) };
    const isTruth = kind === "name" && (found === "true" || found === "false");
    return isTruth
      ? { kind: "literal", text: found, value: found === "true" }
      : { kind, text: found };
  }
  return null;
}

const ESCAPES: Record<string, string> = {
  ...{ a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
  ...{ "\\": "\\", "'": "'", '"': '"' },
};

/** strconv.Unquote. */
function unescaped(text: string, at: number): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs,
    (_, hex, short, long, octal, letter) => {
      const digits = (hex ?? short ?? long) as string | undefined;
      if (digits !== undefined) return String.fromCodePoint(parseInt(digits, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal as string, 8));
      const known = ESCAPES[letter as string];
      if (known === undefined) throw new TemplateError(`\\${letter} is no escape of Go's`, at);
      return known;
    },
  );
}
