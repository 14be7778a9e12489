import { ApiKey, ApiKeys, isKey } from "../../../assembly/claims/api-key";
import { Bytes } from "../../../assembly/text/bytes";

/** CRC-32 of the first 46 characters, by Python's zlib. */
const GOOD = "rg_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA19cf6024";

function digest(first: u8, second: u8): Bytes {
  const bytes = Bytes.make(32);
  bytes.set(0, first);
  bytes.set(31, second);
  return bytes;
}

describe("an API key", () => {
  test("has a form and a checksum", () => {
    expect(isKey(Bytes.of(GOOD))).toBe(true);
    expect(isKey(Bytes.of(GOOD.toUpperCase()))).toBe(false);
    expect(isKey(Bytes.of("rg_B" + GOOD.substring(4)))).toBe(false);
    expect(isKey(Bytes.of(GOOD.substring(0, 53)))).toBe(false);
    expect(isKey(Bytes.of(GOOD + "0"))).toBe(false);
    expect(isKey(Bytes.of("xx_" + GOOD.substring(3)))).toBe(false);
    expect(isKey(Bytes.empty())).toBe(false);
  });
});

describe("API keys", () => {
  test("are found by their whole digest, however many there are", () => {
    const keys = new ApiKeys();
    for (let i = 0; i < 600; i++) {
      expect(keys.add(new ApiKey(Bytes.of(i.toString()), digest(<u8>i, <u8>(i >> 8)), [], 0))).toBe(
        true,
      );
    }
    expect(keys.add(new ApiKey(Bytes.of("again"), digest(1, 0), [], 0))).toBe(false);
    for (let i = 0; i < 600; i++) {
      expect(keys.find(digest(<u8>i, <u8>(i >> 8)))!.name.toString()).toBe(i.toString());
    }
    expect(keys.find(digest(0, 9)) === null).toBe(true);
  });
});
