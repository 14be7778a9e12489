/**
 * The rule language's grammar, written from the EBNF in docs/policy.md and from nothing else: this and its neighbours
 * are the second opinion on what a rule means.
 */

export type Expression =
  | { kind: "or"; operands: Expression[] }
  | { kind: "and"; operands: Expression[] }
  | { kind: "not"; operand: Expression }
  | { kind: "call"; name: string; args: string[] };

export type Call = Extract<Expression, { kind: "call" }>;

/** What is not a sentence of the grammar. */
export class GrammarError extends Error {}

const SPACE = /[ \t\r\n]*/y;
const NAME = /[A-Za-z0-9]+/y;
const RAW_TEXT = /`[^`]*`/y;
const QUOTED_TEXT = /"(?:[^"\\]|\\["\\])*"/y;

/** The whole of a text as an expression; throws GrammarError. */
export function parseExpression(source: string): Expression {
  let at = 0;

  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  const skip = () => void match(SPACE);
  const take = (terminal: string): boolean => {
    skip();
    if (!source.startsWith(terminal, at)) return false;
    at += terminal.length;
    return true;
  };
  const need = (terminal: string): void => {
    if (!take(terminal)) throw new GrammarError(`${terminal} expected at ${at}`);
  };

  const list = (kind: "or" | "and", separator: string, element: () => Expression): Expression => {
    const operands = [element()];
    while (take(separator)) operands.push(element());
    return operands.length === 1 ? operands[0]! : { kind, operands };
  };
  const expression = (): Expression => list("or", "||", conjunction);
  const conjunction = (): Expression => list("and", "&&", operand);
  const operand = (): Expression => {
    if (take("!")) return { kind: "not", operand: operand() };
    if (!take("(")) return call();
    const inner = expression();
    need(")");
    return inner;
  };
  const call = (): Expression => {
    skip();
    const name = match(NAME);
    if (name === null) throw new GrammarError(`a function expected at ${at}`);
    need("(");
    const args: string[] = [];
    if (take(")")) return { kind: "call", name, args };
    do args.push(text());
    while (take(","));
    need(")");
    return { kind: "call", name, args };
  };
  const text = (): string => {
    skip();
    const raw = match(RAW_TEXT);
    if (raw !== null) return raw.slice(1, -1);
    const quoted = match(QUOTED_TEXT);
    if (quoted === null) throw new GrammarError(`a text expected at ${at}`);
    return quoted.slice(1, -1).replace(/\\(.)/g, "$1");
  };

  const whole = expression();
  skip();
  if (at !== source.length) throw new GrammarError(`end expected at ${at}`);
  return whole;
}

/** Every call in it, from left to right. */
export function callsOf(expression: Expression): Call[] {
  if (expression.kind === "call") return [expression];
  if (expression.kind === "not") return callsOf(expression.operand);
  return expression.operands.flatMap(callsOf);
}
