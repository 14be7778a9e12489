/** Finds the roles that a page may name to a refused user: each of them alone would be enough. */
import { Bits } from "../claims/bits";
import { PAGE_ROLES } from "../limits";
import { Bytes } from "../text/bytes";
import { captured, Facts, holds, takeBack, Truth } from "./evaluate";
import { Node, Operator } from "./expression";

/** At most PAGE_ROLES names, in the order of the expression, which does not hold. */
export function sufficientRoles(expression: Node, facts: Facts): Array<Bytes> {
  const names: Array<Bytes> = [];
  collect(expression, expression, facts, names);
  return names;
}

function collect(node: Node, whole: Node, facts: Facts, names: Array<Bytes>): void {
  for (let it = node.first; it; it = it!.next) collect(it, whole, facts, names);
  if (node.operator != Operator.Role) return;
  for (let it = node.arguments; it && names.length < PAGE_ROLES; it = it!.next) {
    if (!isListed(it.text, names) && holdsWith(<i32>it.number, whole, facts)) names.push(it.text);
  }
}

/** True if the expression holds for the caller with one more role and all that it includes. */
function holdsWith(role: i32, expression: Node, facts: Facts): bool {
  const caller = facts.caller!;
  const roles = Bits.make(facts.vocabulary.roles.names.length);
  facts.vocabulary.roles.grant(role, roles);
  const kept = captured(facts);
  facts.caller = caller.withRoles(roles);
  const truth = holds(expression, facts);
  facts.caller = caller;
  takeBack(facts, kept);
  return truth == Truth.Yes;
}

function isListed(name: Bytes, names: Array<Bytes>): bool {
  for (let i = 0; i < names.length; i++) if (names[i].equals(name)) return true;
  return false;
}
