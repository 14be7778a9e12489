/** Rules that no line of a log names, and which of their decisions the log would leave out. */
import { type Block, blockOf, mapOf, rulesOf, textOf, valueOf } from "../middleware/block.ts";

export interface RuleUse {
  rule: string;
  count: number;
  /** Time of the latest; empty: there is none. */
  last: string;
  /** The decisions that the log leaves out. */
  unlogged: string;
}

/** By the option `audit`, of the block or of a rule. */
const UNLOGGED: Record<string, string> = {
  off: "everything",
  denied: "allowed requests",
  writes: "allowed reads",
  all: "",
};

export function usesOf(
  block: Block,
  seen: ReadonlyMap<string, { count: number; last: string }>,
): RuleUse[] {
  const rules = valueOf(block, "rules");
  const audits = (Array.isArray(rules) ? rules : []).map((rule) => textOf(blockOf(rule), "audit"));
  // A word, or a map with the word.
  const audit = textOf(block, "audit") ?? textOf(mapOf(block, "audit"), "decisions") ?? "writes";
  return rulesOf(block).map(({ name }, index) => ({
    ...{ rule: name, count: seen.get(name)?.count ?? 0, last: seen.get(name)?.last ?? "" },
    unlogged: UNLOGGED[audits[index] ?? audit] ?? "",
  }));
}
