/**
 * Methods. They are case-sensitive (RFC 9110 §9.1), but many applications (such as Django) take
 * `delete` for DELETE. A method with lower case would bypass every rule that names methods, so it
 * is refused.
 */
import { Bytes } from "../text/bytes";
import { isToken } from "./header";

export function hasLowerCase(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) if (<u32>text.at(i) - 0x61 < 26) return true;
  return false;
}

/** True if it is a method with only one spelling. */
export function isMethod(text: Bytes): bool {
  return isToken(text) && !hasLowerCase(text);
}

const SAFE_METHODS: StaticArray<string> = ["GET", "HEAD", "OPTIONS"];

/** RFC 9110 §9.2.1: methods that only read. */
export function isSafe(method: Bytes): bool {
  for (let i = 0; i < SAFE_METHODS.length; i++) if (method.is(SAFE_METHODS[i])) return true;
  return false;
}
