/**
 * Methods. They are case-sensitive (RFC 9110 §9.1), but many applications (such as Django) take
 * `delete` for DELETE. A method with lower case would bypass every rule that names methods, so it
 * is refused.
 */
import { within } from "../runtime/within";
import { Bytes } from "../text/bytes";
import { isToken } from "./header";

/** Letters of methods, as `lettersOf` has them. */
export const GET: u64 = 0x544547;
export const HEAD: u64 = 0x44414548;
export const OPTIONS: u64 = 0x534e4f4954504f;

const HIGH: u64 = 0x8080808080808080;
const FROM_A: u64 = 0x3f3f3f3f3f3f3f3f;
const AFTER_Z: u64 = 0x2525252525252525;

function hasLowerCase(text: Bytes): bool {
  for (let i = 0; i < text.length; i++) if (<u32>text.at(i) - 0x61 < 26) return true;
  return false;
}

/**
 * One to eight capitals, as most methods are, as a number: no other method has the same. 0: it is
 * another text.
 */
export function lettersOf(method: Bytes): u64 {
  within(method);
  const last = method.end - 8;
  const unused = 8 - <u64>method.length;
  if (unused >= 8) return 0;
  const letters = load<u64>(last) >> (unused << 3);
  // The high bit of each byte: a sum has it from `A` on, the other one after `Z`.
  const high = HIGH >> (unused << 3);
  const found = (letters + FROM_A) & ~((letters + AFTER_Z) | letters) & high;
  return found == high ? letters : 0;
}

/** True if it is a method with only one spelling. */
export function isMethod(text: Bytes): bool {
  return lettersOf(text) != 0 || (isToken(text) && !hasLowerCase(text));
}
