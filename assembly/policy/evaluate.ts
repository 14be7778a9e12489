/** Evaluates an expression over a request and, where there is one, a caller. */
import { Identity } from "../claims/identity";
import { Bytes } from "../text/bytes";
import { Node, Operator } from "./expression";
import { Pattern } from "./pattern";

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
      return !isAny(node.operands!, facts, false);
    case Operator.Or:
      return isAny(node.operands!, facts, true);
    case Operator.Not:
      return !holds(node.operands![0], facts);
    case Operator.Path:
      return matchesAny(node.patterns!, facts.path);
    case Operator.Method:
      return isOneOf(node.words!, facts.method);
    case Operator.Host:
      return isHostOf(node.words!, facts.host);
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

/** Whether an operand has that outcome; the ones behind it are not looked at. */
function isAny(operands: Array<Node>, facts: Facts, outcome: bool): bool {
  for (let i = 0; i < operands.length; i++) if (holds(operands[i], facts) == outcome) return true;
  return false;
}

function matchesAny(patterns: Array<Pattern>, path: Bytes): bool {
  for (let i = 0; i < patterns.length; i++) if (patterns[i].matches(path)) return true;
  return false;
}

function isOneOf(words: Array<Bytes>, word: Bytes): bool {
  for (let i = 0; i < words.length; i++) if (words[i].equals(word)) return true;
  return false;
}

function isHostOf(hosts: Array<Bytes>, host: Bytes): bool {
  for (let i = 0; i < hosts.length; i++) if (hostMatches(hosts[i], host)) return true;
  return false;
}

/** A pattern that begins with a dot stands for any name below it, as `*.example.com` was written. */
function hostMatches(pattern: Bytes, host: Bytes): bool {
  if (pattern.at(0) != 0x2e) return pattern.equals(host);
  return host.length > pattern.length && host.slice(host.length - pattern.length).equals(pattern);
}
