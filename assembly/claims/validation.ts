/** What the configuration asks of tokens: `validation`. */
import { Bytes } from "../text/bytes";

/** Whether bearer tokens need `sub`. */
export enum SubjectRule {
  /** Those do whose `typ` says that they are of RFC 9068, which requires it. */
  ByType,
  Always,
  Never,
}

/** What the configuration asks of every token: until it is read, all that may be asked for. Times in seconds. */
@final
export class Validation {
  clockSkew: i64 = 0;
  requireExpiration: bool = true;
  /** 0: no limit. */
  maxTokenAge: i64 = 0;
  requireSubject: SubjectRule = SubjectRule.ByType;
  /** Accepted header types, RFC 8725 §3.11. An absent one counts as JWT. */
  tokenTypes: Array<Bytes> = [];
  acceptAzp: bool = false;
  allowNonce: bool = false;
  acceptIdTokens: bool = false;
}
