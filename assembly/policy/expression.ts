/** A rule's expression in its parsed form: a tree of nodes, evaluated from left to right, stopping early. */
import { Bits } from "../claims/bits";
import { Bytes } from "../text/bytes";
import { Pattern } from "./pattern";

export enum Operator {
  And,
  Or,
  Not,
  Path,
  Method,
  Host,
  Role,
  Scope,
  Authenticated,
}

/** A method, a host (one that began with `*` is kept from its dot on), or a role or scope with its number. */
@unmanaged
@final
export class Argument {
  next: Argument | null = null;
  constructor(
    readonly text: Bytes,
    readonly number: i32,
  ) {}
}

/**
 * What it holds beside its operator depends on that. Lists are chained, and nodes without a header: there are
 * thousands of them in each guest.
 */
@unmanaged
@final
export class Node {
  /** Of And and Or two or more, of Not one, chained by `next`: a long chain nests no deeper than a short one. */
  first: Node | null = null;
  next: Node | null = null;
  patterns: Pattern | null = null;
  arguments: Argument | null = null;
  /** Numbers of the roles or scopes, once all are known. */
  set: Bits | null = null;

  constructor(readonly operator: Operator) {}

  /** Makes the sets of numbers, when `roles` and `scopes` are final. */
  close(roles: i32, scopes: i32): void {
    for (let it = this.first; it; it = it!.next) it.close(roles, scopes);
    if (this.operator != Operator.Role && this.operator != Operator.Scope) return;
    const set = Bits.make(this.operator == Operator.Role ? roles : scopes);
    for (let it = this.arguments; it; it = it!.next) set.add(it.number);
    this.set = set;
  }

  /** Whether the operator stands anywhere in the expression. */
  uses(operator: Operator): bool {
    for (let it = this.first; it; it = it!.next) if (it.uses(operator)) return true;
    return this.operator == operator;
  }

  /** Adds the scopes that it names. */
  collectScopes(scopes: Array<string>): void {
    for (let it = this.first; it; it = it!.next) it.collectScopes(scopes);
    if (this.operator != Operator.Scope) return;
    for (let it = this.arguments; it; it = it!.next) scopes.push(it.text.toString());
  }

  /**
   * Whether each alternative holds a positive path that names something: what makes a `public` rule narrow.
   * Everything else in a conjunction only narrows it further.
   */
  isNarrow(): bool {
    if (this.operator == Operator.Path) {
      for (let it = this.patterns; it; it = it!.next) if (it.isWide) return false;
      return true;
    }
    if (this.operator != Operator.And && this.operator != Operator.Or) return false;
    const all = this.operator == Operator.Or;
    for (let it = this.first; it; it = it!.next) if (it.isNarrow() != all) return !all;
    return all;
  }
}
