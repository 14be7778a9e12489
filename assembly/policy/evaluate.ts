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
      return holds(node.left!, facts) && holds(node.right!, facts);
    case Operator.Or:
      return holds(node.left!, facts) || holds(node.right!, facts);
    case Operator.Not:
      return !holds(node.left!, facts);
    case Operator.Path:
      for (let i = 0; i < node.patterns.length; i++) {
        if (node.patterns[i].matches(facts.path)) return true;
      }
      return false;
    case Operator.Method:
      for (let i = 0; i < node.words.length; i++) {
        if (node.words[i].equals(facts.method)) return true;
      }
      return false;
    case Operator.Host:
      for (let i = 0; i < node.words.length; i++) {
        if (hostMatches(node.words[i], facts.host)) return true;
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
