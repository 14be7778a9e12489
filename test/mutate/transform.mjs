/**
 * A compiler transform that builds all mutants into one module: each operand of a check (definition.mjs) asks the host
 * whether it is the one that is switched off. The host is preload.mjs. What a condition comes to without it is
 * not asked, so the host also learns which mutants a test can tell from the guest.
 */
import { writeFileSync } from "node:fs";
import { mutantsOf } from "./definition.mjs";

const PATH = "assembly/mutants.ts";
const MODULE = `
  @external("mutants", "held") declare function held(mutant: i32): i32;
  @external("mutants", "lost") declare function lost(mutant: i32): void;
  /** Asked where a check says no: false if it is switched off. */
  @global function __mutant_held(mutant: i32): bool {
    return held(mutant) != 0;
  }
  /** Said where a missing value is refused: traps if that is switched off. */
  @global function __mutant_lost(mutant: i32): void {
    lost(mutant);
  }`;

export default class {
  afterParse(parser) {
    const mutants = mutantsOf(parser.sources);
    mutants.forEach(({ apply }, i) => apply(i + 1));
    parser.parseFile(MODULE, PATH, false);
    const list = process.env.ROLEGATE_MUTANTS;
    if (list)
      writeFileSync(
        list,
        JSON.stringify(mutants.map(({ check, operand }) => ({ check, operand }))),
      );
  }
}
