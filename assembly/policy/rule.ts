/** One rule: for which requests it decides, and what it then asks of the caller. */
import { Bytes } from "../text/bytes";
import { Node } from "./expression";

export enum Allow {
  /** Everybody, without an identity. */
  Public,
  /** Whoever has a valid credential. */
  Authenticated,
  /** Nobody. */
  Deny,
  /** Callers for whom the expression holds. */
  Expression,
}

/** What `allow` may be instead of an expression, and what traces call it. */
export function nameOfAllow(allow: Allow): string {
  switch (allow) {
    case Allow.Public:
      return "public";
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
  /** Which of its decisions are logged: an `Audit`, or -1 for the whole configuration's. */
  audit: i32 = -1;
  /** What a caller is told whom it refuses; empty: that their roles do not allow this. */
  detail: Bytes = Bytes.empty();

  constructor(
    /** The configured name, or `rules[3]`. */
    readonly name: Bytes,
    /** Null: every request. */
    readonly match: Node | null,
    readonly allow: Allow,
    readonly expression: Node | null,
    /** The `scope` of the challenge when it refuses, RFC 6750 §3: the scopes that it names. May be empty. */
    readonly scopes: Bytes,
    /** Whether paths are let through that an upstream may read differently. */
    readonly encodedPath: bool,
  ) {}
}
