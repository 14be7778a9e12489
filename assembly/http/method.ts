/**
 * Methods. They are case-sensitive (RFC 9110 §9.1), but many applications (such as Django) take
 * `delete` for DELETE. A method with lower case would bypass every rule that names methods, so it
 * is refused.
 */
import { Bytes } from "../text/bytes";
import { isToken } from "./header";

function hasLowerCase(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) if (<u32>text.at(i) - 0x61 < 26) return true;
  return false;
}

/** True if it is a method with only one spelling. */
export function isMethod(text: Bytes): bool {
  // One to eight capitals, as most methods are.
  const length = text.length;
  if (<u32>(length - 1) < 8) {
    const letters = i8x16.sub(v128.load64_zero(text.end - 8), i8x16.splat(0x41));
    const found = i8x16.bitmask(i8x16.lt_u(letters, i8x16.splat(26)));
    if (found >> (8 - length) == (1 << length) - 1) return true;
  }
  return isToken(text) && !hasLowerCase(text);
}

/** RFC 9110 §9.2.1: methods that only read. */
export function isSafe(method: Bytes): bool {
  return isGet(method) || method.is("HEAD") || method.is("OPTIONS");
}

/** The same as `is("GET")`, for each request: its bytes as a number need no look at a constant. */
export function isGet(method: Bytes): bool {
  if (method.length != 3) return false;
  return load<u16>(method.start) == 0x4547 && load<u8>(method.start, 2) == 0x54;
}
