import { decode, decodeBase64, encode } from "../../../assembly/text/base64url";
import { Bytes } from "../../../assembly/text/bytes";

function decoded(text: string): string {
  const bytes = decode(Bytes.of(text));
  return bytes ? bytes.toString() : "(refused)";
}

describe("base64url", () => {
  test("decodes every length of remainder", () => {
    expect(decoded("")).toBe("");
    expect(decoded("Zg")).toBe("f");
    expect(decoded("Zm8")).toBe("fo");
    expect(decoded("Zm9v")).toBe("foo");
    expect(decoded("Zm9vYg")).toBe("foob");
  });
  test("uses the URL alphabet", () => {
    const bytes = decode(Bytes.of("-_-_"));
    expect(bytes !== null && bytes.at(0) == 0xfb && bytes.at(1) == 0xff).toBe(true);
    expect(decoded("+/+/")).toBe("(refused)");
  });
  test("refuses padding, white space, stray bits and a single character", () => {
    expect(decoded("Zg==")).toBe("(refused)");
    expect(decoded("Zm 9v")).toBe("(refused)");
    expect(decoded("Zm9v\n")).toBe("(refused)");
    expect(decoded("Zh")).toBe("(refused)");
    expect(decoded("Zm9")).toBe("(refused)");
    expect(decoded("Z")).toBe("(refused)");
    expect(decoded("Zm9vY")).toBe("(refused)");
    expect(decoded("Zm9é")).toBe("(refused)");
  });
});

/** Decoded in parts of twelve characters, which are too few to be decoded together. */
function inParts(text: Bytes): Bytes | null {
  const parts: Array<Bytes> = [];
  for (let at = 0; at < text.length; at += 12) {
    const part = decode(text.slice(at, min(at + 12, text.length)));
    if (!part) return null;
    parts.push(part);
  }
  let whole = Bytes.empty();
  for (let i = 0; i < parts.length; i++) whole = whole.concat(parts[i]);
  return whole;
}

let state: u32 = 1;

/** Numbers that look random, the same in each run. */
function next(limit: u32): u32 {
  state = state * 1664525 + 1013904223;
  return (state >> 8) % limit;
}

describe("base64url, sixteen characters at a time", () => {
  test("is the same as few at a time, for all bytes at all places", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Bytes.make(length);
      for (let i = 0; i < length; i++) bytes.set(i, <u8>next(256));
      const text = encode(bytes);
      const whole = decode(text);
      expect(whole !== null && whole.equals(bytes)).toBe(true, length.toString());
      expect(inParts(text)!.equals(bytes)).toBe(true, length.toString());
    }
  });
  test("takes and refuses the same characters", () => {
    for (let at = 0; at < 36; at++) {
      for (let c = 0; c < 256; c++) {
        const text = Bytes.make(36);
        memory.fill(text.start, 0x41, 36);
        text.set(at, <u8>c);
        const whole = decode(text);
        const parts = inParts(text);
        const isSame = whole && parts ? whole.equals(parts) : !whole && !parts;
        expect(isSame).toBe(true, at.toString() + " " + c.toString());
      }
    }
  });
});

function padded(text: string): string {
  const bytes = decodeBase64(Bytes.of(text));
  return bytes ? bytes.toString() : "(refused)";
}

describe("base64", () => {
  test("has padding and its own alphabet", () => {
    expect(padded("")).toBe("");
    expect(padded("Zg==")).toBe("f");
    expect(padded("Zm8=")).toBe("fo");
    expect(padded("Zm9v")).toBe("foo");
    const bytes = decodeBase64(Bytes.of("+/+/"));
    expect(bytes !== null && bytes.at(0) == 0xfb).toBe(true);
    const wrong = ["Zg", "Zg=", "Z===", "====", "Zm9v=", "-_-_", "Zh==", "Zm 9", "=Zm9"];
    for (let i = 0; i < wrong.length; i++) expect(padded(wrong[i])).toBe("(refused)", wrong[i]);
  });
});
