/**
 * Checks the names that a rule captures: a name at two places of one path would mean whichever was
 * captured last.
 */
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";
import { Node, Operator } from "./expression";

/**
 * Finds names that a rule captures twice. One instance serves all rules; each name is visited once
 * for each `&&` around it.
 */
@final
export class NameCheck {
  private names: Names = new Names();
  /** By the name's number: 1 if an operand that must hold too has captured it, else 0. */
  private taken: Array<i32> = [];
  /** Numbers of the names met so far. */
  private met: Array<i32> = [];
  private repeated: Bytes | null = null;

  /**
   * A name that can capture two parts of one path at the same time, or null. Alternatives may
   * capture the same name. Below `!` a name counts as well, because its author meant something by
   * it.
   */
  find(match: Node): Bytes | null {
    this.take(0, false);
    this.met.length = 0;
    this.repeated = null;
    this.collect(match);
    return this.repeated;
  }

  /** The same for an `allow`, together with the `match` of the last call of `find`. */
  findBeside(allow: Node): Bytes | null {
    this.take(0, true);
    this.collect(allow);
    return this.repeated;
  }

  private collect(node: Node): void {
    const from = this.met.length;
    for (let it = node.patterns; it; it = it!.next) {
      const own = this.met.length;
      for (let at = it.nextName(0); at >= 0; at = it.nextName(at)) this.meet(it.nameAt(at));
      this.take(own, false);
    }
    const isAnd = node.operator == Operator.And;
    for (let it = node.first; it; it = it!.next) {
      const own = this.met.length;
      this.collect(it);
      if (isAnd) this.take(own, true);
    }
    if (isAnd) this.take(from, false);
  }

  private meet(name: Bytes): void {
    const number = this.names.add(name);
    if (number == this.taken.length) this.taken.push(0);
    if (this.taken[number] != 0) this.repeated = name;
    this.taken[number] = 1;
    this.met.push(number);
  }

  private take(from: i32, isTaken: bool): void {
    for (let i = from; i < this.met.length; i++) this.taken[this.met[i]] = isTaken ? 1 : 0;
  }
}
