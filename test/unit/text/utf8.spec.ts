import { Bytes } from "../../../assembly/text/bytes";
import { isUtf8 } from "../../../assembly/text/utf8";

function valid(bytes: Array<u8>): bool {
  const it = Bytes.make(bytes.length);
  for (let i = 0; i < bytes.length; i++) it.set(i, bytes[i]);
  return isUtf8(it);
}

describe("UTF-8", () => {
  test("accepts every length, at the edges of its range", () => {
    expect(valid([0x00])).toBe(true);
    expect(valid([0xc2, 0x80])).toBe(true);
    expect(valid([0xe0, 0xa0, 0x80])).toBe(true);
    expect(valid([0xed, 0x9f, 0xbf])).toBe(true);
    expect(valid([0xf0, 0x90, 0x80, 0x80])).toBe(true);
    expect(valid([0xf4, 0x8f, 0xbf, 0xbf])).toBe(true);
  });
  test("refuses overlong forms, surrogates, what is too large and what is cut off", () => {
    expect(valid([0xc0, 0xaf])).toBe(false);
    expect(valid([0xc1, 0xbf])).toBe(false);
    expect(valid([0xe0, 0x9f, 0xbf])).toBe(false);
    expect(valid([0xed, 0xa0, 0x80])).toBe(false);
    expect(valid([0xf0, 0x8f, 0xbf, 0xbf])).toBe(false);
    expect(valid([0xf4, 0x90, 0x80, 0x80])).toBe(false);
    expect(valid([0xff])).toBe(false);
    expect(valid([0x80])).toBe(false);
    expect(valid([0xe2, 0x82])).toBe(false);
    expect(valid([0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0xc3])).toBe(false);
  });
});
