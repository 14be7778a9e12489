/** Scalars as digits ±1, as the comb reads them. */
import { Digits } from "../../../assembly/crypto/comb";
import { bit } from "../../../assembly/crypto/integer";

const COUNT = 48;

/** The number that the digits are, of scalars below 2^47. */
function valueOf(scalar: i64): i64 {
  const words = heap.alloc(8);
  store<i64>(words, scalar);
  const digits = new Digits(words, 2, COUNT);
  let value: i64 = 0;
  for (let i = COUNT - 1; i >= 0; i--) value = 2 * value + (bit(digits.bits, i) ? 1 : -1);
  return digits.isOneMore ? value - 1 : value;
}

describe("digits of a scalar", () => {
  test("are the scalar, odd or even", () => {
    const scalars: i64[] = [0, 1, 2, 3, 12, 255, 256, 0xffffffff, 0x100000000, 0x7ffffffffffe];
    for (let i = 0; i < scalars.length; i++) expect(valueOf(scalars[i])).toBe(scalars[i]);
  });
});
