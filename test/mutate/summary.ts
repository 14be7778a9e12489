/** A sample of the mutants, and the table of a whole run. */
import { createHash } from "node:crypto";
import type { Mutant } from "./definition.mjs";
import { EQUIVALENT } from "./equivalent-table.ts";
import { idOf } from "./modules.ts";

/** Those in the table of equivalent ones are none. */
export function isLive(mutant: Mutant): boolean {
  return !(idOf(mutant) in EQUIVALENT);
}

/**
 * So many of them, from all over the guest. As the seed counts up, each gets its turn, and none a second one before:
 * the order is by a digest of their names.
 */
export function sample(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const rank = (mutant: Mutant) => createHash("sha256").update(idOf(mutant)).digest("hex");
  const from = (seed % Math.ceil(mutants.length / count)) * count;
  return [...mutants].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(from, from + count);
}

/** By folder of assembly/: its checks, its mutants, how many were killed, and how many no test can tell. */
export function tableOf(all: readonly Mutant[], killed: ReadonlyMap<string, string>): string {
  const folders = [...new Set(all.map(({ check }) => check.split(/[/#]/)[0]!))].sort();
  const row = (name: string, mutants: readonly Mutant[]) => {
    const checks = new Set(mutants.map(({ check }) => check)).size;
    const dead = mutants.filter((mutant) => killed.has(idOf(mutant))).length;
    const equivalent = mutants.filter((mutant) => idOf(mutant) in EQUIVALENT).length;
    return `| ${name} | ${checks} | ${mutants.length} | ${dead} | ${equivalent} |`;
  };
  return [
    "| Area | Checks | Mutants | Killed | Equivalent |",
    "|---|---|---|---|---|",
    ...folders.map((name) =>
      row(
        `assembly/${name}`,
        all.filter(({ check }) => check.split(/[/#]/)[0] === name),
      ),
    ),
    row("all", all),
  ].join("\n");
}
