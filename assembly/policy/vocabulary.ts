/**
 * Roles, scopes, headers and claims that the rules mention; decides which request fields are read.
 */
import { Hierarchy } from "../claims/roles";
import { ClaimTest } from "../claims/test";
import { Questions } from "../json/questions";
import { Bytes } from "../text/bytes";
import { Names } from "../text/names";

@final
export class Vocabulary {
  readonly roles: Hierarchy = new Hierarchy();
  readonly scopes: Names = new Names();
  /** Header names in lower case. */
  readonly headers: Names = new Names();
  /** Questions that a token alone answers. */
  readonly claims: Array<ClaimTest> = [];
  /** Questions whose values come from the path, and the claims kept for them, in the same order. */
  readonly captured: Array<ClaimTest> = [];
  readonly issuers: Names = new Names();
  readonly apiKeys: Names = new Names();
  readonly body: Questions = new Questions();
  /** Rules ask for the name of a caller's issuer, or of the API key. */
  usesCallerName: bool = false;
  usesHost: bool = false;
  usesClientIp: bool = false;
  usesBody: bool = false;
  /** Some path captures a part. */
  captures: bool = false;

  /** Copies a text that must outlive the parsing. */
  static lower(text: Bytes): Bytes {
    const copy = text.copy();
    for (let i = 0; i < copy.length; i++) {
      const c = copy.at(i);
      if (<u32>c - 0x41 < 26) copy.set(i, c | 0x20);
    }
    return copy;
  }
}
