/**
 * A Go template as text and actions: `{{ … }}` with its comments, and the spaces that `{{-` and
 * `-}}` remove.
 */

export interface Piece {
  kind: "text" | "action";
  /** A text's remaining part; an action's content between its braces. */
  start: number;
  end: number;
  /** An action with its braces. */
  outer: { start: number; end: number };
}

/** Traefik refuses the file because of it. */
export class TemplateError extends Error {
  constructor(
    message: string,
    readonly start: number,
  ) {
    super(message);
    this.name = "TemplateError";
  }
}

const SPACE = /[ \t\r\n]/;

export function scan(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimsStart = false;
  for (;;) {
    const open = text.indexOf("{{", at);
    const isLast = open < 0;
    const trimsEnd = !isLast && text[open + 2] === "-" && SPACE.test(text[open + 3] ?? "");
    addText(pieces, text, [at, isLast ? text.length : open], trimsStart, trimsEnd);
    if (isLast) return pieces;
    const inner = open + (trimsEnd ? 3 : 2);
    const close = closing(text, inner, open);
    trimsStart = text[close - 1] === "-" && close - 1 > inner && SPACE.test(text[close - 2] ?? "");
    at = close + 2;
    const [start, end] = [inner, trimsStart ? close - 1 : close];
    if (!/^\s*\/\*/.test(text.slice(start, end))) {
      pieces.push({ kind: "action", start, end, outer: { start: open, end: at } });
    }
  }
}

function addText(
  pieces: Piece[],
  text: string,
  [from, to]: [number, number],
  trimsStart: boolean,
  trimsEnd: boolean,
): void {
  let [start, end] = [from, to];
  if (trimsStart) while (start < end && SPACE.test(text[start]!)) start++;
  if (trimsEnd) while (end > start && SPACE.test(text[end - 1]!)) end--;
  if (end > start) pieces.push({ kind: "text", start, end, outer: { start, end } });
}

/** Position of `}}` outside texts and comments. */
function closing(text: string, from: number, open: number): number {
  let at = from;
  const comment = /^\s*\/\*/.exec(text.slice(from, from + 4));
  if (comment) {
    const end = text.indexOf("*/", from + comment[0].length);
    if (end < 0) throw new TemplateError("a comment is not closed", open);
    at = end + 2;
  }
  while (at < text.length) {
    const c = text[at]!;
    if (c === "}" && text[at + 1] === "}") return at;
    if (c === "{" && text[at + 1] === "{") break;
    at = c === '"' || c === "`" || c === "'" ? afterQuote(text, at) : at + 1;
  }
  throw new TemplateError("a {{ is not closed", open);
}

export function afterQuote(text: string, from: number): number {
  const quote = text[from]!;
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === quote) return at + 1;
    if (quote === "`") continue;
    if (text[at] === "\n") break;
    if (text[at] === "\\") at++;
  }
  throw new TemplateError(`a ${quote} is not closed`, from);
}
