/**
 * The parts of a rule's expression, as the plugin parsed it. The plugin also decides which parts
 * hold.
 */
import { loadGuest } from "../../guest/load.ts";
import { type Block, withKeys } from "../middleware/block.ts";
import type { OpenOptions } from "../middleware/open.ts";

export type Part =
  { kind: "call"; text: string } | { kind: "not"; of: Part } | { kind: "and" | "or"; of: Part[] };

/** Each valid expression of a block's rules, by its text. */
export type Expressions = ReadonlyMap<string, Part>;

export async function expressionsOf(
  block: Block,
  { wasm, around, now }: OpenOptions,
): Promise<Expressions> {
  const guest = await loadGuest({
    wasm,
    config: withKeys(block, { logLevel: "debug" }),
    ...{ mounts: around.mounts, env: around.env },
    ...(now === undefined ? {} : { now: () => now }),
  });
  const lines = guest
    .check()
    .logs.flatMap(({ data }) => (data?.rolegate === "expression" ? [data] : []));
  return new Map(
    lines.map(({ text, parts }) => [text as string, partFrom(parts as unknown as string[])]),
  );
}

/**
 * Builds the tree from calls, each followed by the signs that it completes: `a`, `b`, `!`, `&&` is
 * `a && !b`.
 */
function partFrom(steps: string[]): Part {
  const stack: Part[] = [];
  const pop = () => {
    const part = stack.pop();
    if (!part) throw new Error(`the plugin says ${JSON.stringify(steps)} of an expression`);
    return part;
  };
  for (const step of steps) {
    if (step === "!") stack.push({ kind: "not", of: pop() });
    else if (step === "&&" || step === "||") {
      const kind = step === "&&" ? "and" : "or";
      const last = pop();
      const first = pop();
      stack.push({ kind, of: [...(first.kind === kind ? first.of : [first]), last] });
    } else stack.push({ kind: "call", text: step });
  }
  return pop();
}

/** All calls, in order. */
export function callsOf(part: Part): string[] {
  if (part.kind === "call") return [part.text];
  return part.kind === "not" ? callsOf(part.of) : part.of.flatMap(callsOf);
}

export interface Reason {
  call: string;
  /** True if it holds, which is the mistake if it is below `!`. */
  holds: boolean;
}

/**
 * Why the expression does not hold, given which calls do: the first failing part of a conjunction,
 * or each part of a disjunction.
 */
export function whyNot(part: Part, holds: (call: string) => boolean): Reason[] {
  return failing(part, holds, true);
}

function failing(part: Part, holds: (call: string) => boolean, wanted: boolean): Reason[] {
  if (part.kind === "call") {
    return holds(part.text) === wanted ? [] : [{ call: part.text, holds: !wanted }];
  }
  if (part.kind === "not") return failing(part.of, holds, !wanted);
  const parts = part.of.map((it) => failing(it, holds, wanted));
  // If all are needed, the first one that fails explains it; if one is enough, all of them failed.
  const needsAll = (part.kind === "and") === wanted;
  if (needsAll) return parts.find((it) => it.length > 0) ?? [];
  return parts.some((it) => it.length === 0) ? [] : parts.flat();
}
