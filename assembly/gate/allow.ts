/** Evaluates the `allow` of a rule for a caller. */
import { Reason } from "../outcome/reason";
import { Facts, holds, takeBack, Truth } from "../policy/evaluate";
import { Node } from "../policy/expression";
import { Allow, Rule } from "../policy/rule";
import { within } from "../runtime/within";

/**
 * Evaluates `allow`. `failure` is why there is no caller; only a public rule admits a request
 * without one.
 */
export function allow(rule: Rule, facts: Facts, failure: Reason): Reason {
  within(rule);
  const way = rule.allow;
  const expression = rule.expression;
  if (!facts.caller && !isOpen(rule, facts)) return failure;
  switch (way) {
    case Allow.Public:
    case Allow.Optional:
    case Allow.Authenticated:
      return Reason.None;
    case Allow.Expression:
      if (isSatisfied(expression!, facts)) return Reason.None;
      return facts.caller!.lacks != 0 ? Reason.ClaimsElsewhere : Reason.RuleNotSatisfied;
    case Allow.Deny:
      return rule.match ? Reason.RuleDenies : Reason.NoRule;
    default:
      return Reason.ConfigError;
  }
}

/** Evaluates the expression, and reads the body only when the result depends on it. */
function isSatisfied(expression: Node, facts: Facts): bool {
  const kept = facts.captured;
  const truth = holds(expression, facts);
  if (truth != Truth.Unknown) return truth == Truth.Yes;
  takeBack(facts, kept);
  facts.readBody();
  return holds(expression, facts) == Truth.Yes;
}

/**
 * True if the rule admits a request without a caller; `optional` does only if it showed no
 * credential.
 */
function isOpen(rule: Rule, facts: Facts): bool {
  return rule.allow == Allow.Public || (rule.allow == Allow.Optional && facts.isAnonymous);
}

/** True if the rule admits the caller, or would with some body. */
export function mayPass(rule: Rule, facts: Facts): bool {
  if (!facts.caller && !isOpen(rule, facts)) return false;
  switch (rule.allow) {
    case Allow.Public:
    case Allow.Optional:
    case Allow.Authenticated:
      return true;
    case Allow.Expression:
      return holds(rule.expression!, facts) != Truth.No;
    case Allow.Deny:
    default:
      return false;
  }
}
