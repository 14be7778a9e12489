/** Comparison of secrets: its time depends on the lengths, never on where the bytes differ. */
import { Bytes } from "../text/bytes";

/** True if two byte strings are equal. Their lengths are not secret. */
export function equal(a: Bytes, b: Bytes): bool {
  if (a.length != b.length) return false;
  let difference: u32 = 0;
  for (let i = 0; i < a.length; i++) difference |= (<u32>a.at(i)) ^ (<u32>b.at(i));
  return difference == 0;
}
