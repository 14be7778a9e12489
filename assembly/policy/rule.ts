/** One rule: the requests that it decides, and what it requires of the caller. */
import { Bytes } from "../text/bytes";
import { Node } from "./expression";

export enum Allow {
  /** Everyone, without an identity. */
  Public,
  /** Every caller with a valid credential, and everyone without any. */
  Optional,
  /** Every caller with a valid credential. */
  Authenticated,
  /** No one. */
  Deny,
  /** Callers that the expression holds for. */
  Expression,
}

/** The word for `allow` in configurations and traces. */
export function nameOfAllow(allow: Allow): string {
  switch (allow) {
    case Allow.Public:
      return "public";
    case Allow.Optional:
      return "optional";
    case Allow.Authenticated:
      return "authenticated";
    case Allow.Deny:
      return "deny";
    case Allow.Expression:
      return "expression";
    default:
      return "";
  }
}

@final
export class Rule {
  /** Which of its decisions are logged: an `Audit`, or -1 for the configuration's. */
  audit: i32 = -1;
  /** `detail` of the 403; empty: the default text. */
  detail: Bytes = Bytes.empty();

  constructor(
    /** The configured name, or `rules[3]`. */
    readonly name: Bytes,
    /** Null: every request. */
    readonly match: Node | null,
    readonly allow: Allow,
    readonly expression: Node | null,
    /**
     * The `scope` of the challenge when it refuses, RFC 6750 §3: the scopes that the rule names.
     * May be empty.
     */
    readonly scopes: Bytes,
    /** True if it lets through encoded paths that an upstream may read differently. */
    readonly encodedPath: bool,
  ) {}
}
