import { Bytes } from "../../../assembly/text/bytes";

describe("bytes", () => {
  test("find a byte at every place, and nothing beyond their end", () => {
    for (let length = 0; length < 50; length++) {
      const buffer = Bytes.make(64);
      buffer.set(length, 0x2e);
      const bytes = buffer.slice(0, length);
      expect(bytes.indexOf(0x2e)).toBe(-1);
      for (let at = 0; at < length; at++) {
        bytes.set(at, 0x2e);
        expect(bytes.indexOf(0x2e)).toBe(at);
        expect(bytes.indexOf(0x2e, at)).toBe(at);
        expect(bytes.indexOf(0x2e, at + 1)).toBe(-1);
        bytes.set(at, 0);
      }
    }
  });
  test("are equal when every byte is", () => {
    for (let length = 0; length < 30; length++) {
      const buffer = Bytes.make(80);
      const a = buffer.slice(1, 1 + length);
      const b = buffer.slice(40, 40 + length);
      expect(a.equals(b)).toBe(true);
      for (let at = 0; at < length; at++) {
        b.set(at, 1);
        expect(a.equals(b)).toBe(false);
        expect(a.startsWith(b)).toBe(false);
        expect(a.startsWith(b.slice(0, at))).toBe(true);
        b.set(at, 0);
      }
    }
  });
});
