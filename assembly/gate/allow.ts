/** Evaluates the `allow` of a rule for a caller. */
import { Reason } from "../outcome/reason";
import { captured, Facts, holds, takeBack, Truth } from "../policy/evaluate";
import { Node } from "../policy/expression";
import { Allow, Rule } from "../policy/rule";

/**
 * Evaluates `allow`. `failure` is why there is no caller; only a public rule admits a request
 * without one.
 */
export function allow(rule: Rule, facts: Facts, failure: Reason): Reason {
  if (!facts.caller && !isOpen(rule, facts)) return failure;
  switch (rule.allow) {
    case Allow.Public:
    case Allow.Optional:
    case Allow.Authenticated:
      return Reason.None;
    case Allow.Expression:
      if (isSatisfied(rule.expression!, facts)) return Reason.None;
      return facts.caller!.lacks != 0 ? Reason.ClaimsElsewhere : Reason.RuleNotSatisfied;
    case Allow.Deny:
      return rule.match ? Reason.RuleDenies : Reason.NoRule;
    default:
      return Reason.ConfigError;
  }
}

/** Evaluates the expression, and reads the body only when the result depends on it. */
function isSatisfied(expression: Node, facts: Facts): bool {
  const kept = captured(facts);
  const truth = holds(expression, facts);
  if (truth != Truth.Unknown) return truth == Truth.Yes;
  takeBack(facts, kept);
  facts.body.read();
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
