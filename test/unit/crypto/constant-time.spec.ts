/** The comparison of secrets, wherever they differ. */
import { equal } from "../../../assembly/crypto/constant-time";
import { Bytes } from "../../../assembly/text/bytes";

describe("equal()", () => {
  test("finds one changed bit in any byte", () => {
    const a = Bytes.of("0123456789abcdef0123456789abcdef");
    for (let i = 0; i < a.length; i++) {
      const b = a.copy();
      expect(equal(a, b)).toBe(true);
      for (let shift = 0; shift < 8; shift++) {
        b.set(i, <u8>((<u32>a.at(i)) ^ ((<u32>1) << shift)));
        expect(equal(a, b)).toBe(false);
      }
    }
  });

  test("never takes a part for the whole", () => {
    const a = Bytes.of("0123456789");
    expect(equal(a, a.slice(0, 9))).toBe(false);
    expect(equal(a.slice(0, 9), a)).toBe(false);
    expect(equal(a, Bytes.empty())).toBe(false);
    expect(equal(Bytes.empty(), Bytes.empty())).toBe(true);
  });
});
