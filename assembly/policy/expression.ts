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

@final
export class Node {
  /** Of And and Or both, of Not the first. */
  left: Node | null = null;
  right: Node | null = null;
  patterns: Array<Pattern> = [];
  /** Methods or hosts. A host that began with `*` is kept from its dot on. */
  words: Array<Bytes> = [];
  /** Numbers of roles or scopes; as a set when all are known. */
  numbers: Array<i32> = [];
  set: Bits | null = null;

  constructor(readonly operator: Operator) {}

  /** Makes the sets of numbers, when `roles` and `scopes` are final. */
  close(roles: i32, scopes: i32): void {
    if (this.left) this.left!.close(roles, scopes);
    if (this.right) this.right!.close(roles, scopes);
    if (this.operator != Operator.Role && this.operator != Operator.Scope) return;
    const set = Bits.make(this.operator == Operator.Role ? roles : scopes);
    for (let i = 0; i < this.numbers.length; i++) set.add(this.numbers[i]);
    this.set = set;
  }

  /** Whether the operator stands anywhere in the expression. */
  uses(operator: Operator): bool {
    if (this.operator == operator) return true;
    if (this.left && this.left!.uses(operator)) return true;
    return this.right !== null && this.right!.uses(operator);
  }

  /** The scopes that it names, with spaces between. */
  scopes(names: Names): Bytes {
    let text = "";
    if (this.operator == Operator.Scope) {
      for (let i = 0; i < this.numbers.length; i++) {
        text += (i > 0 ? " " : "") + names.at(this.numbers[i]).toString();
      }
      return Bytes.of(text);
    }
    const left = this.left ? this.left!.scopes(names) : Bytes.empty();
    const right = this.right ? this.right!.scopes(names) : Bytes.empty();
    if (left.length == 0 || right.length == 0) return left.length == 0 ? right : left;
    return Bytes.of(left.toString() + " " + right.toString());
  }

  /**
   * Whether each alternative holds a positive path other than all paths: what makes a `public` rule narrow.
   * Everything else in a conjunction only narrows it further.
   */
  isNarrow(): bool {
    switch (this.operator) {
      case Operator.And:
        return this.left!.isNarrow() || this.right!.isNarrow();
      case Operator.Or:
        return this.left!.isNarrow() && this.right!.isNarrow();
      case Operator.Path:
        for (let i = 0; i < this.patterns.length; i++) {
          if (this.patterns[i].isWide) return false;
        }
        return true;
      default:
        return false;
    }
  }
}
