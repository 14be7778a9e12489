/** The rule that admits what another one refused: only that method, path and those callers. */
import { argumentsOf } from "../check/rule-text.ts";
import type { Expressions, Part } from "../explain/expression.ts";
import { type Block, blockOf, rulesOf, valueOf } from "../middleware/block.ts";
import { alternativesOf } from "../table/sample.ts";
import { API_KEY } from "./filter.ts";

export interface Pair {
  method: string;
  /** A path as a pattern for `Path`. */
  pattern: string;
}

export interface Refused {
  /** The rule that refused. */
  rule: string;
  /** The caller's own roles, or `apikey:NAME`. */
  who: string;
  roles: string[];
  isKey: boolean;
  requests: Pair[];
}

/** To be put before the rule that refused, or after all rules if none matched. */
export function ruleFor(
  { rule, who, roles, isKey, requests }: Refused,
  block: Block,
  expressions: Expressions,
): Block {
  const text = rulesOf(block).find(({ name }) => name === rule);
  return {
    name: nameFor(rule, who),
    match: matchOf(requests, text?.match ?? null, expressions),
    allow: allowOf(allowFor(who, roles, isKey), text?.allow ?? "deny"),
    ...kept(block, rule),
  };
}

function nameFor(rule: string, who: string): string {
  const words = `${rule}-for-${who || "signed-in"}`;
  return words.replace(/[^\w-]+/g, "-");
}

/** It takes its requests from the rule that refused, so it also admits that rule's callers. */
const allowOf = (added: string, before: string) =>
  before === "deny" || added === "authenticated" ? added : `${added} || ${before}`;

/** The other options of the rule for such requests. */
function kept(block: Block, name: string): Block {
  const list = valueOf(block, "rules");
  const index = rulesOf(block).findIndex((it) => it.name === name);
  const rule = Array.isArray(list) && index >= 0 ? blockOf(list[index]) : {};
  const keys = ["encodedPath", "audit", "detail"].filter((key) => valueOf(rule, key) !== undefined);
  return Object.fromEntries(keys.map((key) => [key, valueOf(rule, key)]));
}

function allowFor(who: string, roles: string[], isKey: boolean): string {
  if (isKey) return `ApiKey(\`${who.slice(API_KEY.length)}\`)`;
  if (roles.length === 0) return "authenticated";
  return `Role(${roles.map((role) => `\`${role}\``).join(", ")})`;
}

/**
 * By method, so that it admits no other pair, and only requests of the rule that refused, which may
 * be for one host, or have a pattern for more paths.
 */
function matchOf(requests: Pair[], whole: string | null, expressions: Expressions): string {
  const methods = new Map<string, string[]>();
  for (const { method, pattern } of requests) {
    methods.set(method, [...(methods.get(method) ?? []), pattern]);
  }
  const parts = [...methods].map(
    ([method, patterns]) =>
      `Method(\`${method}\`) && Path(${patterns.map((it) => `\`${it}\``).join(", ")})`,
  );
  const pairs = parts.length === 1 ? parts[0]! : parts.map((it) => `(${it})`).join(" || ");
  const part = expressions.get(whole ?? "");
  if (whole === null || requests.every((pair) => isPart(pair, part))) return pairs;
  return `(${whole.replace(/\s+/g, " ").trim()}) && ${parts.length === 1 ? pairs : `(${pairs})`}`;
}

/**
 * True if an alternative of the rule matches this method with just this pattern and has no other
 * condition.
 */
function isPart({ method, pattern }: Pair, whole: Part | undefined): boolean {
  if (!whole || hasNot(whole)) return false;
  return alternativesOf(whole).some((calls) => {
    if (!calls.every((call) => /^(Method|Path)\b/.test(call))) return false;
    const methods = calls.flatMap((call) => argumentsOf(call, "Method"));
    const paths = calls.flatMap((call) => argumentsOf(call, "Path"));
    const isAlone = calls.filter((call) => /^Path\b/.test(call)).length === 1;
    return (
      isAlone &&
      (methods.length === 0 || methods.includes(method)) &&
      paths.some((path) => path.replace(/\{[^{}]*\}/g, "*") === pattern)
    );
  });
}

const hasNot = (part: Part): boolean =>
  part.kind === "not" || (part.kind !== "call" && part.of.some(hasNot));
