/** What is to become of a request: plain data, which the shell carries out. */
import { Identity } from "../claims/identity";
import { Path } from "../http/path";
import { Reason } from "../outcome/reason";
import { Rule } from "../policy/rule";
import { Bytes } from "../text/bytes";

/** What a session needs of the provider. */
export enum Renewal {
  None,
  /** It holds, and is due. */
  Due,
  /** It has ended, and can still be renewed. */
  Needed,
}

@final
export class Decision {
  /** None: the request goes on. */
  reason: Reason = Reason.None;
  path: Path | null = null;
  /** The rule that decided; null when the request was refused before the rules. */
  rule: Rule | null = null;
  caller: Identity | null = null;
  /** What people call a session's user, for a page that refuses them. */
  user: Bytes = Bytes.empty();
  renewal: Renewal = Renewal.None;
  /** Position of the origin that the request is for, or -1: none of ours, or nobody asked. */
  origin: i32 = -1;

  /** A session's access token, for an upstream that gets the caller's. */
  forwarded: Bytes | null = null;

  // When the request goes on:
  readonly remove: Array<Bytes> = [];
  /** Names, and a value for each. */
  readonly setNames: Array<Bytes> = [];
  readonly setValues: Array<Bytes> = [];

  /** A header of the response, set before the upstream answers. */
  answerName: Bytes | null = null;
  answerValue: Bytes = Bytes.empty();
  /** With `reportOnly`: why it would have been refused. */
  reported: Reason = Reason.None;
  /** Who that would have been, for the audit: the request goes on as an anonymous one. */
  reportedCaller: Identity | null = null;

  get allowed(): bool {
    return this.reason == Reason.None;
  }

  /** What the rule's author has to say to whom it refuses; null: nothing. */
  get detail(): Bytes | null {
    const rule = this.rule;
    const byRule = this.reason == Reason.RuleNotSatisfied || this.reason == Reason.RuleDenies;
    return byRule && rule && rule.detail.length > 0 ? rule.detail : null;
  }

  setAnswer(name: Bytes, value: Bytes): void {
    this.answerName = name;
    this.answerValue = value;
  }

  set(name: Bytes, value: Bytes): void {
    this.setNames.push(name);
    this.setValues.push(value);
  }
}
