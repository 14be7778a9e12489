/**
 * Callers with the claims that rules ask for, read from the rules' text. The plugin decides if they
 * pass.
 */
import { argumentsOf } from "../check/rule-text.ts";
import { callsOf, type Expressions } from "../explain/expression.ts";
import { type Block, rulesOf } from "../middleware/block.ts";

export interface ClaimsHolder {
  /** The word in a row. */
  name: string;
  claims: Record<string, unknown>;
}

/** A table with more people would not be readable. */
const MOST = 12;

/** By function: the claim's path and the value that it asks for. */
const CLAIMS: Record<string, (values: string[]) => [string, unknown][]> = {
  Group: (values) => values.map((it) => ["groups", [it]]),
  Contains: ([path, value]) => (path && value ? [[path, [value]]] : []),
  Equals: ([path, value]) => (path && value ? [[path, value]] : []),
  OneOf: ([path, ...values]) => (path ? values.map((it) => [path, it]) : []),
};

export function claimsHolders(block: Block, expressions: Expressions): ClaimsHolder[] {
  const made = new Map<string, ClaimsHolder>();
  for (const { allow } of rulesOf(block)) {
    const part = expressions.get(allow);
    for (const call of part ? callsOf(part) : []) {
      const [function_ = ""] = /^\w+/.exec(call) ?? [];
      const asked = CLAIMS[function_]?.(argumentsOf(call, function_)) ?? [];
      for (const [path, value] of asked) {
        const word = nameOf(value);
        // A captured part of the path is not a value.
        if (word === "" || /[{}]/.test(String(value)) || made.size >= MOST) continue;
        const name =
          made.has(word) && !isSame(made.get(word)!, path, value)
            ? `${word}-of-${nameOf(path)}`
            : word;
        const verified = path === "email" ? { email_verified: true } : {};
        made.set(name, { name, claims: { [path]: value, ...verified } });
      }
    }
  }
  return [...made.values()];
}

const isSame = ({ claims }: ClaimsHolder, path: string, value: unknown) =>
  JSON.stringify(claims[path]) === JSON.stringify(value);

/** One word that has no other meaning in a row. */
function nameOf(value: unknown): string {
  const word = String(value)
    .replace(/[^\w.@-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return ["anonymous", "signed-in"].includes(word) ? "" : word;
}
