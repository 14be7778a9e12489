/** Random rule sets: every function, every nesting and spelling of it that docs/policy.md allows. */
import type { Dice } from "../../support/dice.ts";
import { type Policy, type Rule, FUNCTIONS, isNarrow, WORDS } from "./decide.ts";
import type { RuleFunction } from "./request-functions.ts";
import { type Call, callsOf, type Expression, parseExpression } from "./grammar.ts";
import * as words from "./vocabulary.ts";

type Arguments = (dice: Dice, captures: readonly string[]) => string[];

const some = (dice: Dice, list: readonly string[]) =>
  dice.times(dice.between(1, 3), () => dice.pick(list));

/** A claim's value, sometimes with what the path holds in it. */
function value(dice: Dice, captures: readonly string[]): string {
  if (captures.length === 0 || dice.chance(3)) return dice.pick(words.VALUES);
  const name = `{${dice.pick(captures)}}`;
  return dice.pick([name, name, name, `${dice.pick(words.VALUES)}${name}`, `${name}${name}`]);
}

export const ARGUMENTS: Record<string, Arguments> = {
  Path: (dice) => dice.times(dice.between(1, 2), () => pattern(dice, false)),
  PathPrefix: (dice) => dice.times(dice.between(1, 2), () => pattern(dice, true)),
  Method: (dice) => some(dice, words.METHODS),
  Host: (dice) => some(dice, words.HOST_PATTERNS),
  Header: (dice) => [dice.pick(words.HEADER_NAMES), dice.pick(words.HEADER_VALUES.slice(0, -1))],
  Query: (dice) => [
    dice.pick(words.PARAMETERS),
    ...(dice.chance(2) ? [dice.pick(words.PARAMETER_VALUES.filter((it) => it !== ""))] : []),
  ],
  QueryOnly: (dice) => [
    dice.pick(words.PARAMETERS),
    ...(dice.chance(6) ? [] : some(dice, words.PARAMETER_VALUES)),
  ],
  WebSocket: () => [],
  Upgrade: (dice) => some(dice, words.PROTOCOLS),
  ClientIP: (dice) => some(dice, words.RANGES),
  BodyJSON: (dice) => [
    dice.pick(words.BODY_PATHS),
    ...(dice.chance(3) ? [] : some(dice, words.LITERALS)),
  ],
  BodyOnly: (dice) => [dice.pick(words.BODY_PATHS), ...some(dice, words.LITERALS)],
  Authenticated: () => [],
  Role: (dice) => some(dice, words.ROLES),
  Scope: (dice) => some(dice, words.SCOPES),
  Group: (dice) => some(dice, [...words.GROUPS, "/staff/**", "staff/**"]),
  EmailDomain: (dice) => some(dice, words.DOMAINS),
  Issuer: (dice) => some(dice, words.ISSUERS),
  ApiKey: (dice) => some(dice, words.API_KEYS),
  Equals: (dice, captures) => [dice.pick(words.CLAIMS), value(dice, captures)],
  Prefix: (dice, captures) => [dice.pick(words.CLAIMS), value(dice, captures)],
  Contains: (dice, captures) => [dice.pick(words.CLAIMS), value(dice, captures)],
  SplitContains: (dice, captures) => [
    dice.pick(words.CLAIMS),
    dice.pick(words.SEPARATORS),
    value(dice, captures),
  ],
  OneOf: (dice, captures) => [
    dice.pick(words.CLAIMS),
    ...dice.times(dice.between(1, 3), () => value(dice, captures)),
  ],
  Exists: (dice) => [dice.pick(words.CLAIMS)],
};

function pattern(dice: Dice, asPrefix: boolean): string {
  if (dice.chance(15)) return "/";
  const many = dice.chance(3);
  const segments = dice.times(dice.between(1, 3), () => {
    const name = dice.pick(words.SEGMENTS);
    const escaped = dice.pick(words.ESCAPES);
    return dice.pick([
      ...[name, name, name, name, "*", `${name}*`, `*${name}`, "{c}", "{d}"],
      ...(dice.chance(3) ? [escaped, `${escaped}${name}`, `*${escaped}`] : []),
    ]);
  });
  // A name stands once, and what it stands for is not in doubt.
  const once = segments.map((it, at) =>
    it.startsWith("{") && (segments.indexOf(it) < at || (asPrefix && many)) ? "*" : it,
  );
  if (many) once.splice(dice.below(once.length + 1), 0, "**");
  return `/${once.join("/")}${dice.chance(10) && (asPrefix || once.at(-1) !== "**") ? "/" : ""}`;
}

/** A random expression of functions about `about`; what is captured for certain may stand in values. */
function expression(
  dice: Dice,
  names: readonly string[],
  depth: number,
  captures: readonly string[],
): Expression {
  const inner = () => expression(dice, names, depth - 1, captures);
  const kind = depth === 0 ? 0 : dice.below(6);
  if (kind === 3) return { kind: "not", operand: inner() };
  if (kind > 3) {
    const operands = dice.times(dice.between(2, 3), inner);
    return { kind: kind === 4 ? "and" : "or", operands };
  }
  const name = dice.pick(names);
  return { kind: "call", name, args: ARGUMENTS[name]!(dice, captures) };
}

/** Names that are captured whenever the expression holds. */
function certain(expression: Expression): string[] {
  if (expression.kind === "not") return [];
  if (expression.kind === "and") return expression.operands.flatMap(certain);
  if (expression.kind === "or") return shared(expression.operands.map(certain));
  if (!expression.name.startsWith("Path")) return [];
  return shared(
    expression.args.map((it) => [...it.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)),
  );
}

function shared(lists: string[][]): string[] {
  const [first = [], ...rest] = lists;
  return first.filter((name) => rest.every((list) => list.includes(name)));
}

/** The same names for what two operands of a conjunction capture would leave open what is meant. */
function isClear(expression: Expression): boolean {
  if (expression.kind === "call") return true;
  if (expression.kind === "not") return isClear(expression.operand);
  if (!expression.operands.every(isClear)) return false;
  if (expression.kind === "or") return true;
  return expression.operands.filter((it) => callsOf(it).some(captures)).length <= 1;
}

const captures = ({ args }: { args: readonly string[] }) => args.some((it) => it.includes("{"));

/** Paths are what most rules are made of. */
const forMatch = (known: ReadonlySet<string>) => [
  ...namesAbout("request", known),
  ...["Path", "PathPrefix", "Path", "PathPrefix"],
];

const namesAbout = (about: RuleFunction["about"], known: ReadonlySet<string>) =>
  Object.keys(FUNCTIONS).filter((name) => known.has(name) && FUNCTIONS[name]!.about === about);

export function randomMatch(dice: Dice, known: ReadonlySet<string>): Expression {
  const names = forMatch(known);
  while (true) {
    const match = expression(dice, names, dice.below(4), []);
    if (isClear(match)) return match;
  }
}

type Change = (expression: Expression) => Expression;

/** `change` is made to each `allow`. */
export function randomPolicy(
  dice: Dice,
  known: ReadonlySet<string>,
  change: Change = (it) => it,
): Policy {
  return {
    rules: dice.times(dice.between(1, 6), (index) => randomRule(dice, index, known, change)),
    default: dice.chance(2) ? "deny" : "authenticated",
    ...(dice.chance(5) ? { encodedPath: "allow" as const } : {}),
  };
}

function randomRule(dice: Dice, index: number, known: ReadonlySet<string>, change: Change): Rule {
  if (dice.chance(5)) return { name: `r${index}`, ...tenantRule(dice, known) };
  const match = randomMatch(dice, known);
  const word = dice.pick(isNarrow(match) ? WORDS : ["authenticated"]);
  const caller = namesAbout("caller", known);
  const names = [...namesAbout("request", known), ...caller, ...caller];
  const allow = dice.chance(4)
    ? word
    : print(dice, change(withoutCaptures(expression(dice, names, dice.below(4), certain(match)))));
  return {
    name: `r${index}`,
    match: print(dice, match),
    allow,
    ...(dice.chance(4) ? { encodedPath: dice.pick(["allow", "refuse"] as const) } : {}),
  };
}

/** A rule whose `allow` compares claims with what stands in the path. */
function tenantRule(dice: Dice, known: ReadonlySet<string>): Pick<Rule, "match" | "allow"> {
  const shapes = ["/{c}/**", "/t/{c}", "/{d}/{c}", "/{c}/{d}/**", "/api/{c}/*/{d}", "/**/{c}"];
  const path = (): Expression => {
    const args = dice.times(dice.between(1, 2), () => dice.pick(shapes));
    const call: Expression = { kind: "call", name: "Path", args };
    if (!known.has("BodyJSON") || dice.chance(2)) return call;
    // Whose value it is may then rest on the body.
    const body: Expression = {
      kind: "call",
      name: "BodyJSON",
      args: ARGUMENTS.BodyJSON!(dice, []),
    };
    return { kind: "and", operands: dice.chance(2) ? [call, body] : [body, call] };
  };
  const match: Expression = dice.chance(3) ? { kind: "or", operands: [path(), path()] } : path();
  const names = ["Equals", "Prefix", "Contains", "SplitContains", "OneOf"];
  const usable = names.filter((name) => known.has(name));
  const call = (): Expression => {
    if (usable.length === 0) return { kind: "call", name: "Authenticated", args: [] };
    const name = dice.pick(usable);
    return { kind: "call", name, args: ARGUMENTS[name]!(dice, certain(match)) };
  };
  const allow: Expression = dice.chance(2) ? call() : { kind: "or", operands: [call(), call()] };
  return { match: print(dice, match), allow: print(dice, allow) };
}

/** What `allow` captures is nobody's. */
function withoutCaptures(expression: Expression): Expression {
  if (expression.kind === "not") {
    return { ...expression, operand: withoutCaptures(expression.operand) };
  }
  if (expression.kind !== "call") {
    return { ...expression, operands: expression.operands.map(withoutCaptures) };
  }
  if (!expression.name.startsWith("Path")) return expression;
  return { ...expression, args: expression.args.map((it) => it.replace(/\{\w\}/g, "*")) };
}

export function withoutNegation(expression: Expression): Expression {
  if (expression.kind === "call") return expression;
  if (expression.kind === "not") return withoutNegation(expression.operand);
  return { ...expression, operands: expression.operands.map(withoutNegation) };
}

/** What random requests and callers aim at, so that conditions hold more often than chance would have it. */
export interface Aims {
  calls: Call[];
  /** What captures stand for, by name. */
  words: Record<string, string>;
}

export function filledIn(text: string, { words }: Aims): string {
  return text.replace(/\{(\w)\}/g, (_, name: string) => words[name]!);
}

export function aimsOf(dice: Dice, { rules }: Policy): Aims {
  const texts = rules.flatMap(({ match, allow }) => [match, allow]);
  const calls = texts
    .filter((it) => it.includes("("))
    .map(parseExpression)
    .flatMap(callsOf);
  const [c, d] = dice.shuffled(["acme", "a", "x y", "café", "3"]);
  return { calls, words: { c: c!, d: d! } };
}

const SPACES = ["", "", "", " ", " ", "\t", "\n", "\r\n", "  "];

/** A spelling of the expression, with whatever may stand between. */
export function print(dice: Dice, expression: Expression): string {
  const gap = () => dice.pick(SPACES);
  const text = (value: string) =>
    value.includes("`") || dice.chance(3) ? `"${value.replace(/["\\]/g, "\\$&")}"` : `\`${value}\``;
  const write = (it: Expression, within: "or" | "and" | "not"): string => {
    const bare = () => {
      switch (it.kind) {
        case "call": {
          const args = it.args.map((value) => `${gap()}${text(value)}${gap()}`).join(",");
          return `${it.name}${gap()}(${args || gap()})`;
        }
        case "not":
          return `!${gap()}${write(it.operand, "not")}`;
        default: {
          const separator = it.kind === "or" ? "||" : "&&";
          return it.operands
            .map((inner) => write(inner, it.kind))
            .join(`${gap()}${separator}${gap()}`);
        }
      }
    };
    const loose = it.kind === "or" ? within !== "or" : it.kind === "and" && within === "not";
    // A list within a list of its own kind keeps its brackets, or it would be another tree of the same meaning.
    return loose || it.kind === within || dice.chance(8) ? `(${gap()}${bare()}${gap()})` : bare();
  };
  return `${gap()}${write(expression, "or")}${gap()}`;
}
