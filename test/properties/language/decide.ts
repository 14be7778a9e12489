/** Rules over a scene, as docs/policy.md tells it, with nothing made ready and nothing remembered. */
import { CALLER_FUNCTIONS } from "./caller-functions.ts";
import { callsOf, type Expression, GrammarError, parseExpression } from "./grammar.ts";
import { REQUEST_FUNCTIONS, type RuleFunction } from "./request-functions.ts";
import { type Scene, Unreadable } from "./scene.ts";

export interface Rule {
  name: string;
  match: string;
  allow: string;
  encodedPath?: "refuse" | "allow";
}

export interface Policy {
  rules: Rule[];
  default: "deny" | "authenticated";
  encodedPath?: "refuse" | "allow";
}

export interface Verdict {
  /** 200: the request goes on. */
  status: number;
  /** The rule that decided; null where the request was refused on the way to one. */
  rule: string | null;
  bodyRead: boolean;
}

export const FUNCTIONS: Record<string, RuleFunction> = {
  ...REQUEST_FUNCTIONS,
  ...CALLER_FUNCTIONS,
};
const WORDS = ["public", "authenticated", "deny"];

/** From left to right, and no further than is needed. */
export function holds(expression: Expression, scene: Scene): boolean {
  switch (expression.kind) {
    case "or":
      return expression.operands.some((operand) => holds(operand, scene));
    case "and":
      return expression.operands.every((operand) => holds(operand, scene));
    case "not":
      return !holds(expression.operand, scene);
    case "call":
      return FUNCTIONS[expression.name]!.holds(expression.args, scene);
  }
}

export function decide(policy: Policy, scene: Scene): Verdict {
  try {
    const rule = policy.rules.find(({ match }) => {
      scene.captures.clear();
      return holds(parseExpression(match), scene);
    }) ?? { name: "default", allow: policy.default };
    const encodedPath = ("encodedPath" in rule && rule.encodedPath) || policy.encodedPath;
    const status =
      scene.path.encoded && encodedPath !== "allow" ? 400 : statusOf(rule.allow, scene);
    return { status, rule: rule.name, bodyRead: scene.bodyRead };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { status: error.status, rule: null, bodyRead: scene.bodyRead };
  }
}

function statusOf(allow: string, scene: Scene): number {
  if (allow === "public") return 200;
  if (!scene.caller) return 401;
  if (allow === "deny") return 403;
  return allow === "authenticated" || holds(parseExpression(allow), scene) ? 200 : 403;
}

/** What is wrong with a rule's expression as far as the grammar and the tables go; null: nothing. */
export function faultOf(part: "match" | "allow", text: string): string | null {
  if (part === "allow" && WORDS.includes(text)) return null;
  try {
    for (const { name, args } of callsOf(parseExpression(text))) {
      const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
      if (!known) return `no function ${name}`;
      if (part === "match" && known.about === "caller") return `${name} is about the caller`;
      const [least, most] = known.arguments;
      if (args.length < least || args.length > most) return `${name} with ${args.length} arguments`;
    }
    return null;
  } catch (error) {
    if (error instanceof GrammarError) return error.message;
    throw error;
  }
}

/** Whether each alternative names its paths, so that a rule may be public. */
export function isNarrow(expression: Expression): boolean {
  switch (expression.kind) {
    case "or":
      return expression.operands.every(isNarrow);
    case "and":
      return expression.operands.some(isNarrow);
    case "not":
      return false;
    case "call": {
      const { name, args } = expression;
      if (name === "Path") return args.every((pattern) => pattern === "/" || namesSegment(pattern));
      return name === "PathPrefix" && args.every(namesSegment);
    }
  }
}

/** Whether a segment is written out before any `**`. */
function namesSegment(pattern: string): boolean {
  const [before] = pattern.split("**");
  return before!.split("/").some((segment) => segment !== "" && !/[*{]/.test(segment));
}
