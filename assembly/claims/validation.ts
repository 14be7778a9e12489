/** The configuration's rules for tokens: `validation`. */
import { Bytes } from "../text/bytes";

/** When bearer tokens need `sub`. */
export enum SubjectRule {
  /** When `typ` says that they follow RFC 9068, which requires it. */
  ByType,
  Always,
  Never,
}

/**
 * The configuration's rules for every token; the defaults before it is read are the strictest.
 * Times in seconds.
 */
@final
export class Validation {
  clockSkew: i64 = 0;
  requireExpiration: bool = true;
  /** 0: no limit. */
  maxTokenAge: i64 = 0;
  requireSubject: SubjectRule = SubjectRule.ByType;
  /** Accepted header types, RFC 8725 §3.11. An absent type counts as JWT. */
  tokenTypes: Array<Bytes> = [];
  /** Claims that may name a token's audience, in order. */
  audienceFrom: Array<Bytes> = [Bytes.of("aud")];
  acceptAzp: bool = false;
  allowNonce: bool = false;
  acceptIdTokens: bool = false;
}
