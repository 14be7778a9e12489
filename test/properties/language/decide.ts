/** Rules over a scene, as docs/policy.md tells it, with nothing made ready and nothing remembered. */
import { CALLER_FUNCTIONS } from "./caller-functions.ts";
import { type Call, callsOf, type Expression, GrammarError, parseExpression } from "./grammar.ts";
import { protocolsOf, REQUEST_FUNCTIONS, type RuleFunction } from "./request-functions.ts";
import { type Scene, Unread, Unreadable } from "./scene.ts";

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
export const WORDS = ["public", "optional", "authenticated", "deny"];

/** Null: that rests on a body which has not been read. What does not hold, or stands behind `!`, captures nothing. */
function holds(expression: Expression, scene: Scene): boolean | null {
  const before = new Map(scene.captures);
  switch (expression.kind) {
    case "or": {
      let isOpen = false;
      let hasCaptured = false;
      for (const operand of expression.operands) {
        scene.captures = new Map(before);
        const truth = holds(operand, scene);
        // One that comes first may hold as well, and then its captures count.
        if (truth) return hasCaptured ? null : true;
        if (truth === null) isOpen = true;
        hasCaptured ||= truth === null && scene.capturesCount && scene.captures.size > before.size;
      }
      scene.captures = before;
      return isOpen ? null : false;
    }
    case "and": {
      const all = [];
      for (const operand of expression.operands) {
        all.push(holds(operand, scene));
        if (all.at(-1) !== false) continue;
        scene.captures = before;
        return false;
      }
      return all.includes(null) ? null : true;
    }
    case "not": {
      const truth = holds(expression.operand, scene);
      scene.captures = before;
      return truth === null ? null : !truth;
    }
    case "call":
      if (scene.isUnsure && isFilledIn(expression)) return null;
      try {
        return FUNCTIONS[expression.name]!.holds(expression.args, scene);
      } catch (error) {
        if (error instanceof Unread) return null;
        throw error;
      }
  }
}

export function decide(policy: Policy, scene: Scene): Verdict {
  scene.capturesCount = policy.rules.some(
    ({ allow }) => allow.includes("(") && callsOf(parseExpression(allow)).some(isFilledIn),
  );
  try {
    const rule = ruleFor(policy, scene);
    const encodedPath = ("encodedPath" in rule && rule.encodedPath) || policy.encodedPath;
    const isRefused = (scene.path.encoded && encodedPath !== "allow") || !mayUpgrade(rule, scene);
    const status = isRefused ? 400 : statusOf(rule.isHopeless ? "deny" : rule.allow, scene);
    return { status, rule: rule.name, bodyRead: scene.bodyRead };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { status: error.status, rule: null, bodyRead: scene.bodyRead };
  }
}

type Decisive = Partial<Rule> & Pick<Rule, "name" | "allow"> & { isHopeless?: boolean };

/** Whether a part of the path stands in one of its values. */
const isFilledIn = ({ name, args }: Call) =>
  FUNCTIONS[name]!.about === "caller" && args.slice(1).some((it) => /\{\w+\}/.test(it));

/** The first that matches; or the first that may, where the body cannot change that the caller is refused. */
function ruleFor(policy: Policy, scene: Scene): Decisive {
  const matches = (match: string) => {
    scene.captures.clear();
    return holds(parseExpression(match), scene);
  };
  for (const [index, rule] of policy.rules.entries()) {
    let truth = matches(rule.match);
    if (truth === null) {
      const rest = policy.rules.slice(index);
      const last = rest.findIndex(({ match }) => matches(match) === true);
      const open = (last < 0 ? rest : rest.slice(0, last + 1)).filter(
        ({ match }) => matches(match) !== false,
      );
      const mayPass = open.some(({ match, allow }) => {
        scene.isUnsure = matches(match) === null;
        const passes = admits(allow, scene) !== false;
        scene.isUnsure = false;
        return passes;
      });
      if (!mayPass && (last >= 0 || admits(policy.default, scene) === false)) {
        return { ...rule, isHopeless: true };
      }
      scene.readBody(true);
      truth = matches(rule.match);
    }
    if (truth) return rule;
  }
  return { name: "default", allow: policy.default };
}

function admits(allow: string, scene: Scene): boolean | null {
  if (allow === "public" || (allow === "optional" && scene.isAnonymous)) return true;
  if (!scene.caller || allow === "deny") return false;
  return allow === "authenticated" || allow === "optional" || holds(parseExpression(allow), scene);
}

/** A WebSocket may, and what the rule names. */
function mayUpgrade(rule: { match?: string; allow: string }, scene: Scene): boolean {
  const texts = [rule.match ?? "", rule.allow].filter((it) => it.includes("("));
  const expressions = texts.map(parseExpression);
  const isKnown = (it: string) => it === "websocket" && scene.request.method === "GET";
  const isNamed = (it: string) => expressions.some((expression) => names(expression, it));
  return protocolsOf(scene).every((it) => isKnown(it) || isNamed(it));
}

/** Whether it cannot hold but for requests for that protocol, as far as its form says. */
function names(expression: Expression, protocol: string): boolean {
  switch (expression.kind) {
    case "and":
      return expression.operands.some((it) => names(it, protocol));
    case "or":
      return expression.operands.every((it) => names(it, protocol));
    case "not":
      return false;
    case "call":
      return (
        expression.name === "Upgrade" && expression.args.some((it) => it.toLowerCase() === protocol)
      );
  }
}

function statusOf(allow: string, scene: Scene): number {
  const passes = admits(allow, scene) ?? (scene.readBody(true), admits(allow, scene));
  return passes ? 200 : scene.caller ? 403 : 401;
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
