/**
 * Inverts many numbers for the cost of one inversion and three multiplications each (Montgomery
 * 1987).
 */
// @ts-nocheck: AssemblyScript looks at a type parameter when the type is known.

/** Points handled together, to need little scratch memory. */
export const BATCH: usize = 16;

/**
 * The inverses of `count` numbers that are `stride` bytes apart, one after the other, with room for
 * one more; false where one is 0.
 */
export function invertAll<G, F>(
  group: G,
  inverses: usize,
  numbers: usize,
  stride: usize,
  count: i32,
): bool {
  const f = changetype<F>(<usize>0);
  const size = group.size;
  const inverse = inverses + <usize>count * size;
  // The product of each with all before it; then the inverse of the last product is taken apart,
  // from the end.
  memory.copy(inverses, numbers, size);
  for (let i: usize = 1; i < <usize>count; i++) {
    const at = inverses + i * size;
    f.multiply(at, at - size, numbers + i * stride);
  }
  memory.copy(inverse, inverses + <usize>(count - 1) * size, size);
  if (group.isZero(inverse)) return false;
  group.invert(inverse);
  for (let i: usize = <usize>count - 1; i > 0; i--) {
    const at = inverses + i * size;
    f.multiply(at, inverse, at - size);
    f.multiply(inverse, inverse, numbers + i * stride);
  }
  memory.copy(inverses, inverse, size);
  return true;
}
