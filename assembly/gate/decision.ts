/** The decision on a request: plain data, which the shell carries out. */
import { Identity } from "../claims/identity";
import { HeaderChanges } from "../http/header-changes";
import { Path } from "../http/path";
import { Renewal } from "../identity/session";
import { Reason } from "../outcome/reason";
import { Facts } from "../policy/evaluate";
import { Rule } from "../policy/rule";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { Verification } from "../identity/verify";

@final
export class Decision {
  /** None: the request is forwarded. */
  reason: Reason = Reason.None;
  path: Path | null = null;
  /** The rule that decided; null when the request was refused before the rules. */
  rule: Rule | null = null;
  caller: Identity | null = null;
  /** What the rule's expression was evaluated for; null unless it did not hold. */
  facts: Facts | null = null;
  /**
   * The token that a caller is known by, for the log; null: there is none, or it is a session's or
   * an API key.
   */
  token: Bytes | null = null;
  /** A token that is refused. */
  refused: Verification | null = null;
  /** Subject and user name of a genuine credential that does not count. */
  subject: Bytes = Bytes.empty();
  user: Bytes = Bytes.empty();
  renewal: Renewal = Renewal.None;
  /**
   * Position of the request's origin in `publicUrl`, or -1: another origin, or it was not looked
   * up.
   */
  origin: i32 = -1;

  /** The session's access token, for an upstream that receives it. */
  forwarded: Bytes | null = null;

  /** The request has an Authorization of a scheme that the plugin does not read. */
  isForeign: bool = false;
  /** Its value, if it is forwarded. */
  kept: Bytes | null = null;
  /** It is not forwarded. */
  isDropped: bool = false;

  /** For a request that is forwarded. */
  readonly changes: HeaderChanges = new HeaderChanges();

  /** A response header, set before the upstream answers. */
  answerName: Bytes | null = null;
  answerValue: Bytes = Bytes.empty();
  /** With `reportOnly`: why the request would have been refused. */
  reported: Reason = Reason.None;
  /** The caller in that case, for the audit: the request itself is forwarded anonymously. */
  reportedCaller: Identity | null = null;

  /** Forgets the last request's decision. */
  begin(): void {
    within(this);
    this.reason = Reason.None;
    this.path = null;
    this.rule = null;
    this.caller = null;
    this.facts = null;
    this.token = null;
    this.refused = null;
    this.subject = Bytes.empty();
    this.user = Bytes.empty();
    this.renewal = Renewal.None;
    this.origin = -1;
    this.forwarded = null;
    this.isForeign = false;
    this.kept = null;
    this.isDropped = false;
    this.changes.clear();
    this.answerName = null;
    this.answerValue = Bytes.empty();
    this.reported = Reason.None;
    this.reportedCaller = null;
  }

  get allowed(): bool {
    return this.reason == Reason.None;
  }

  /** `detail` of the rule that refused; null when it has none. */
  get detail(): Bytes | null {
    const rule = this.rule;
    const byRule =
      this.reason == Reason.RuleNotSatisfied ||
      this.reason == Reason.RuleDenies ||
      this.reason == Reason.ClaimsElsewhere;
    return byRule && rule && rule.detail.length > 0 ? rule.detail : null;
  }

  nameRefused(subject: Bytes, user: Bytes): void {
    this.subject = subject;
    this.user = user;
  }

  setAnswer(name: Bytes, value: Bytes): void {
    this.answerName = name;
    this.answerValue = value;
  }
}
