import { decode, decodeBase64 } from "../../../assembly/text/base64url";
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
