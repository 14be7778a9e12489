/** A rule's expression in its parsed form: a tree of nodes, evaluated from left to right, stopping early. */
import { Bits } from "../claims/bits";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
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

/** What it holds beside its operator depends on that; the rest stays null, for nodes are many and guests too. */
@final
export class Node {
  /** Of And and Or two or more, of Not one. In a list, so that a long chain nests no deeper than a short one. */
  operands: Array<Node> | null = null;
  patterns: Array<Pattern> | null = null;
  /** Methods or hosts. A host that began with `*` is kept from its dot on. */
  words: Array<Bytes> | null = null;
  /** Numbers of roles or scopes; as a set once all are known. */
  numbers: Array<i32> | null = null;
  set: Bits | null = null;

  constructor(readonly operator: Operator) {
    switch (operator) {
      case Operator.And:
      case Operator.Or:
      case Operator.Not:
        this.operands = [];
        break;
      case Operator.Path:
        this.patterns = [];
        break;
      case Operator.Method:
      case Operator.Host:
        this.words = [];
        break;
      case Operator.Role:
      case Operator.Scope:
        this.numbers = [];
        break;
    }
  }

  /** Makes the sets of numbers, when `roles` and `scopes` are final. */
  close(roles: i32, scopes: i32): void {
    const operands = this.operands;
    if (operands) for (let i = 0; i < operands.length; i++) operands[i].close(roles, scopes);
    const numbers = this.numbers;
    if (!numbers) return;
    const set = Bits.make(this.operator == Operator.Role ? roles : scopes);
    for (let i = 0; i < numbers.length; i++) set.add(numbers[i]);
    this.set = set;
  }

  /** Whether the operator stands anywhere in the expression. */
  uses(operator: Operator): bool {
    const operands = this.operands;
    if (operands) {
      for (let i = 0; i < operands.length; i++) if (operands[i].uses(operator)) return true;
    }
    return this.operator == operator;
  }

  /** Adds the scopes that it names. */
  collectScopes(names: Names, scopes: Array<string>): void {
    const operands = this.operands;
    if (operands) {
      for (let i = 0; i < operands.length; i++) operands[i].collectScopes(names, scopes);
    }
    const numbers = this.numbers;
    if (!numbers || this.operator != Operator.Scope) return;
    for (let i = 0; i < numbers.length; i++) scopes.push(names.at(numbers[i]).toString());
  }

  /**
   * Whether each alternative holds a positive path that names something: what makes a `public` rule narrow.
   * Everything else in a conjunction only narrows it further.
   */
  isNarrow(): bool {
    const operands = this.operands;
    const patterns = this.patterns;
    if (patterns) {
      for (let i = 0; i < patterns.length; i++) if (patterns[i].isWide) return false;
      return true;
    }
    if (!operands || this.operator == Operator.Not) return false;
    const all = this.operator == Operator.Or;
    for (let i = 0; i < operands.length; i++) if (operands[i].isNarrow() != all) return !all;
    return all;
  }
}
