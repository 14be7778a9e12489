/** Names of the functions of the rule language, from the guest's own table of them, sorted. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/root.ts";

const table = readFileSync(join(root, "assembly/policy/functions.ts"), "utf8");

export const RULE_FUNCTIONS: readonly string[] = [
  ...table.matchAll(/\b(?:new Signature|asks|asksClaim)\("(\w+)"/g),
]
  .map(([, name]) => name!)
  .sort();
