/** Types of definition.mjs. */

export interface Mutant {
  /** Where the guest says no: `file#function`, and what leads there. */
  check: string;
  /** The operand of its condition that is switched off. */
  operand: string;
}

/** All mutants of assembly/, without a compilation. */
export function guestMutants(): Mutant[];
