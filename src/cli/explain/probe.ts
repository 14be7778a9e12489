/**
 * Finds which functions of a rule hold for a request. The plugin is asked: each function gets its
 * own rule, after a header that only this question has, so no policy is decided here.
 */
import type { WireRequest } from "../../guest/entrypoint.ts";
import { pairs } from "../../guest/header.ts";
import { type Block, withKeys } from "../middleware/block.ts";
import { openGate, type OpenOptions } from "../middleware/open.ts";
import { traceOf } from "../middleware/trace.ts";

const HEADER = "X-Rolegate-Probe";
/** The plugin accepts no more rules. */
const BATCH = 500;

export interface Question {
  /** A function that must match first; undefined: the function is one of `match`. */
  match?: string;
  call: string;
}

/** The answers in the same order. */
export async function ask(
  block: Block,
  wire: WireRequest,
  questions: Question[],
  options: OpenOptions,
): Promise<boolean[]> {
  const answers: boolean[] = [];
  for (let from = 0; from < questions.length; from += BATCH) {
    const batch = questions.slice(from, from + BATCH);
    const rules = batch.map(({ match, call }, i) => {
      const only = `Header(\`${HEADER}\`, \`${i}\`)`;
      return match === undefined
        ? { name: `q${i}`, match: `${only} && (${call})`, allow: "deny" }
        : { name: `q${i}`, match: `${only} && (${match})`, allow: call };
    });
    const guest = await openGate(
      withKeys(block, { rules, default: "deny", reportOnly: undefined }),
      options,
    );
    for (const [i, { match }] of batch.entries()) {
      const headers = [...pairs(wire.headers ?? []), [HEADER, String(i)] as const];
      const trace = traceOf(await guest.handle({ ...wire, headers }));
      const step = trace.rules.find(({ rule }) => rule === `q${i}`);
      answers.push(match === undefined ? step?.matched === true : step?.allowed === true);
    }
  }
  return answers;
}
