import { decode } from "../../../assembly/text/base64url";
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
