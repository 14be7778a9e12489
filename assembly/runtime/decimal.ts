/**
 * Numbers as decimal text, in place of the standard library's functions for every radix, which are
 * eight times as large: tools/own-copies.mjs has them call this one. The guest uses no other radix.
 */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

// @ts-ignore: decorator
@global
export function __decimal(value: i64): string {
  const sign = <i32>(value < 0);
  let left: u64 = sign ? -value : value;
  let length = sign + 1;
  for (let rest = left / 10; rest != 0; rest /= 10) length++;
  const text = __new(length << 1, idof<string>());
  if (sign) store<u16>(text, 0x2d);
  for (let i = length - 1; i >= sign; i--) {
    store<u16>(text + (i << 1), 0x30 + <u32>(left % 10));
    left /= 10;
  }
  return changetype<string>(text);
}
