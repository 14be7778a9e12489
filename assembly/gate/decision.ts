/** The decision on a request: plain data, which the shell carries out. */
import { Identity } from "../claims/identity";
import { HeaderChanges } from "../http/header-changes";
import { Path } from "../http/path";
import { OpenedSession, Renewal } from "../identity/session";
import { Reason } from "../outcome/reason";
import { Facts } from "../policy/evaluate";
import { Rule } from "../policy/rule";
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { Verification } from "../identity/verify";
import { Credential } from "./credential";

/** Bytes that `begin` clears. */
const ZEROS = 72;

@final
export class Decision {
  // First those that are 0 at the beginning: `begin` clears them sixteen bytes at a time.

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
  renewal: Renewal = Renewal.None;

  /** The session's access token, for an upstream that receives it. */
  forwarded: Bytes | null = null;

  /** The Authorization of a scheme that the plugin does not read, if it is forwarded. */
  kept: Bytes | null = null;
  /** The request has one. */
  isForeign: bool = false;
  /** It is not forwarded. */
  isDropped: bool = false;
  /** The rule's `allow` was asked. */
  isWeighed: bool = false;

  /** A response header, set before the upstream answers. */
  answerName: Bytes | null = null;
  /** With `reportOnly`: why the request would have been refused. */
  reported: Reason = Reason.None;
  /** The caller in that case, for the audit: the request itself is forwarded anonymously. */
  reportedCaller: Identity | null = null;

  /** These are for the trace. Null: it was not looked for. */
  credential: Credential | null = null;
  verified: Verification | null = null;
  opened: OpenedSession | null = null;
  /** A known caller whose credential may not count. */
  found: Identity | null = null;

  /** Subject and user name of a genuine credential that does not count. */
  subject: Bytes = Bytes.empty();
  user: Bytes = Bytes.empty();
  answerValue: Bytes = Bytes.empty();
  /**
   * Position of the request's origin in `publicUrl`, or -1: another origin, or it was not looked
   * up.
   */
  origin: i32 = -1;

  /** For a request that is forwarded. */
  readonly changes: HeaderChanges = new HeaderChanges();

  /** Forgets the last request's decision. */
  begin(): void {
    within(this);
    const none = i64x2.splat(0);
    const at = changetype<usize>(this);
    store<v128>(at, none);
    store<v128>(at, none, 16);
    store<v128>(at, none, 32);
    store<v128>(at, none, 48);
    store<u64>(at, 0, 64);
    this.subject = Bytes.empty();
    this.user = Bytes.empty();
    this.answerValue = Bytes.empty();
    this.origin = -1;
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

if (offsetof<Decision>("subject") != ZEROS) ERROR("Decision.begin clears other fields");
