/** Evaluates an expression over a request and, where there is one, a caller. */
import { Identity } from "../claims/identity";
import { Bytes } from "../text/bytes";
import { Node, Operator } from "./expression";

/** What expressions ask about. */
@final
export class Facts {
  constructor(
    readonly method: Bytes,
    /** Canonical path. */
    readonly path: Bytes,
    /** Canonical host; empty when no rule asks for it. */
    readonly host: Bytes,
    readonly caller: Identity | null,
  ) {}
}

export function holds(node: Node, facts: Facts): bool {
  switch (node.operator) {
    case Operator.And:
      for (let it = node.first; it; it = it!.next) if (!holds(it, facts)) return false;
      return true;
    case Operator.Or:
      for (let it = node.first; it; it = it!.next) if (holds(it, facts)) return true;
      return false;
    case Operator.Not:
      return !holds(node.first!, facts);
    case Operator.Path:
      for (let it = node.patterns; it; it = it!.next) if (it.matches(facts.path)) return true;
      return false;
    case Operator.Method:
      for (let it = node.arguments; it; it = it!.next)
        if (it.text.equals(facts.method)) return true;
      return false;
    case Operator.Host:
      for (let it = node.arguments; it; it = it!.next) {
        if (hostMatches(it.text, facts.host)) return true;
      }
      return false;
    case Operator.Role: {
      const caller = facts.caller;
      return caller !== null && caller.roles.meets(node.set!);
    }
    case Operator.Scope: {
      const caller = facts.caller;
      return caller !== null && caller.scopes.meets(node.set!);
    }
    default:
      return facts.caller !== null;
  }
}

/** A pattern that begins with a dot stands for any name below it, as `*.example.com` was written. */
function hostMatches(pattern: Bytes, host: Bytes): bool {
  if (pattern.at(0) != 0x2e) return pattern.equals(host);
  return host.length > pattern.length && host.slice(host.length - pattern.length).equals(pattern);
}
