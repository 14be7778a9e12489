/** Explains one decision: the plugin's steps, and why each rule held or did not. */
import type { WireRequest } from "../../guest/entrypoint.ts";
import type { Result } from "../../guest/guest.ts";
import { type Block, type RuleText, rulesOf } from "../middleware/block.ts";
import { openGate, type OpenOptions } from "../middleware/open.ts";
import { type RuleStep, type Trace, traceOf } from "../middleware/trace.ts";
import {
  callsOf,
  type Expressions,
  expressionsOf,
  type Part,
  type Reason,
  whyNot,
} from "./expression.ts";
import { ask, type Question } from "./probe.ts";

export interface RuleExplained extends RuleStep {
  /** Null for `default`, which is not a rule. */
  text: RuleText | null;
  /** Why it did not match, or does not allow. */
  because: Reason[];
}

export interface Explanation {
  result: Result;
  trace: Trace;
  rules: RuleExplained[];
  /** Rules that were not reached. */
  left: number;
}

export async function explain(
  block: Block,
  wire: WireRequest,
  options: OpenOptions,
): Promise<Explanation> {
  const guest = await openGate(block, options);
  const result = await guest.handle(wire, () => ({ status: 200 }));
  const trace = traceOf(result);
  const texts = rulesOf(block);
  const expressions = await expressionsOf(block, options);
  const rules = await withReasons(pair(trace.rules, texts), expressions, block, wire, options);
  return { result, trace, rules, left: Math.max(0, texts.length - trace.rules.length) };
}

/** A name may occur twice: each step takes the next rule of its name. */
function pair(steps: RuleStep[], texts: RuleText[]): { step: RuleStep; text: RuleText | null }[] {
  const left = [...texts];
  return steps.map((step) => {
    const at = left.findIndex(({ name }) => name === step.rule);
    return { step, text: at < 0 ? null : left.splice(at, 1)[0]! };
  });
}

interface Open {
  step: RuleStep;
  text: RuleText | null;
  /** The expression that did not hold. */
  part: Part | null;
  questions: Question[];
}

async function withReasons(
  steps: { step: RuleStep; text: RuleText | null }[],
  expressions: Expressions,
  block: Block,
  wire: WireRequest,
  options: OpenOptions,
): Promise<RuleExplained[]> {
  const open: Open[] = steps.map(({ step, text }) => {
    const failed = !step.matched ? text?.match : step.allowed === false ? text?.allow : undefined;
    const part = failed === undefined ? null : (expressions.get(failed) ?? null);
    const calls = part === null ? [] : [...new Set(callsOf(part))];
    const match = step.matched && text ? { match: text.match } : {};
    return { step, text, part, questions: calls.map((call) => ({ call, ...match })) };
  });
  const questions = open.flatMap((it) => it.questions);
  const answers = questions.length > 0 ? await ask(block, wire, questions, options) : [];
  let at = 0;
  return open.map(({ step, text, part, questions }) => {
    const holding = new Map(questions.map(({ call }) => [call, answers[at++]!]));
    const because = part === null ? [] : whyNot(part, (call) => holding.get(call) === true);
    return { ...step, text, because };
  });
}
