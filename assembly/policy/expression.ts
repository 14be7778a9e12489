/**
 * A rule's parsed expression: a tree of nodes, evaluated from left to right until the result is
 * known.
 */
import { Bits } from "../claims/bits";
import { ClaimTest } from "../claims/test";
import { Question } from "../json/questions";
import { Bytes } from "../text/bytes";
import { collectNames } from "./captures";
import { Pattern } from "./pattern";
import { Vocabulary } from "./vocabulary";

export enum Operator {
  And,
  Or,
  Not,
  Path,
  Method,
  Host,
  Header,
  Query,
  QueryOnly,
  WebSocket,
  Upgrade,
  ClientIP,
  BodyJson,
  BodyOnly,
  Role,
  Scope,
  Authenticated,
  Issuer,
  ApiKey,
  /** A question about a claim, answered when the token was verified. */
  Claim,
  /** A question whose values contain a captured part of the path. */
  CapturedClaim,
}

/**
 * A method, a host (`**` is stored from its dot on), an address range, a protocol, a value, the
 * name of an issuer or key, or a role or scope.
 */
@unmanaged
@final
export class Argument {
  next: Argument | null = null;
  constructor(
    readonly text: Bytes,
    /** A role's or scope's number, or a method's letters (see `lettersOf`). */
    readonly number: u64,
  ) {}
}

/**
 * The operator decides which members are used. Lists are chained, and nodes have no object header,
 * because each guest holds thousands of them.
 */
@unmanaged
@final
export class Node {
  /**
   * Operands: two or more of And and Or, one of Not, chained by `next`, so a long chain nests no
   * deeper than a short one.
   */
  first: Node | null = null;
  next: Node | null = null;
  patterns: Pattern | null = null;
  arguments: Argument | null = null;
  /** Query: the parameter's name. QueryOnly: its loose form. */
  name: Bytes | null = null;
  /** Header, Claim and CapturedClaim: the position in the vocabulary's list. */
  number: i32 = 0;
  body: Question | null = null;
  /** Numbers of the roles or scopes, once all are known. */
  set: Bits | null = null;

  constructor(public operator: Operator) {}

  /** Fills the sets of numbers, when all roles and scopes are known. Rules may share a node. */
  close(vocabulary: Vocabulary): void {
    if (this.set) return;
    for (let it = this.first; it; it = it!.next) it.close(vocabulary);
    if (this.operator != Operator.Role && this.operator != Operator.Scope) return;
    const isRole = this.operator == Operator.Role;
    const set = Bits.make(isRole ? vocabulary.roles.names.length : vocabulary.scopes.length);
    for (let it = this.arguments; it; it = it!.next) set.add(<i32>it.number);
    this.set = set;
  }

  /** True if the operator occurs anywhere in the expression. */
  uses(operator: Operator): bool {
    for (let it = this.first; it; it = it!.next) if (it.uses(operator)) return true;
    return this.operator == operator;
  }

  /** Number of its paths that are not below `!`. */
  countPaths(): i32 {
    let count = 0;
    if (this.operator == Operator.Not) return count;
    for (let it = this.first; it; it = it!.next) count += it.countPaths();
    for (let it = this.patterns; it; it = it!.next) count++;
    return count;
  }

  /** Adds the patterns of its paths that are not below `!`. */
  collectPaths(paths: Array<Bytes>): void {
    if (this.operator == Operator.Not) return;
    for (let it = this.first; it; it = it!.next) it.collectPaths(paths);
    for (let it = this.patterns; it; it = it!.next) paths.push(it.source);
  }

  /** Adds the scopes that it names. */
  collectScopes(scopes: Array<Bytes>): void {
    for (let it = this.first; it; it = it!.next) it.collectScopes(scopes);
    if (this.operator != Operator.Scope) return;
    for (let it = this.arguments; it; it = it!.next) scopes.push(it.text);
  }

  /** True if the result depends on the token's claims. */
  asksClaims(): bool {
    const it = this.operator;
    if (it == Operator.Claim || it == Operator.CapturedClaim || it == Operator.Role) return true;
    for (let it = this.first; it; it = it!.next) if (it.asksClaims()) return true;
    return false;
  }

  /** Adds the names that its claims take from the path. */
  collectCaptures(claims: Array<ClaimTest>, names: Array<Bytes>): void {
    for (let it = this.first; it; it = it!.next) it.collectCaptures(claims, names);
    if (this.operator != Operator.CapturedClaim) return;
    const values = claims[this.number].values;
    for (let i = 0; i < values.length; i++) collectNames(values[i], names);
  }

  /**
   * True if the name is captured whenever the expression holds: each alternative has a positive
   * path with it.
   */
  captures(name: Bytes): bool {
    if (this.operator == Operator.Path) {
      for (let it = this.patterns; it; it = it!.next) if (!it.captures(name)) return false;
      return true;
    }
    if (this.operator != Operator.And && this.operator != Operator.Or) return false;
    const all = this.operator == Operator.Or;
    for (let it = this.first; it; it = it!.next) if (it.captures(name) != all) return !all;
    return all;
  }

  /**
   * True if each alternative has a positive path that names something, which makes a `public` rule
   * narrow. Everything else in a conjunction only narrows it further.
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
