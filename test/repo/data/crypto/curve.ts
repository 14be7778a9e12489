/** Tables of numbers, each with the least and the greatest. */
export const SIGNED = memory.data<i32>([-2147483648, -1, 0, 1, 0x7fffffff, 57366, -64]);
export const WIDE = memory.data<u64>([0x428a2f98d728ae22, 0xffffffffffffffff, 0, 1]);
const OWN = memory.data<u32>([
  0xffffffff, 0, 0xc0ffee00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
]);

export function own(index: i32): u32 {
  return load<u32>(OWN + ((<usize>index) << 2));
}
