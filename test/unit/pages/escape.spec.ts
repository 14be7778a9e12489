import { isLink, writeAddress, writeText } from "../../../assembly/pages/escape";
import { Output } from "../../../assembly/pages/output";
import { Bytes } from "../../../assembly/text/bytes";

function text(value: Bytes): string {
  const out = new Output(1);
  writeText(value, out);
  return out.all.toString();
}

function address(value: string): string {
  const out = new Output(1);
  writeAddress(Bytes.of(value), out);
  return out.all.toString();
}

function raw(bytes: u8[]): Bytes {
  const copy = Bytes.make(bytes.length);
  for (let i = 0; i < bytes.length; i++) copy.set(i, bytes[i]);
  return copy;
}

describe("writeText", () => {
  test("escapes what ends a text or a quoted value", () => {
    expect(text(Bytes.of(`<b a="1" c='2'>&amp;`))).toBe(
      "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;",
    );
  });
  test("leaves other characters as they are", () => {
    expect(text(Bytes.of("Jörg Łukasz 山田 🙂"))).toBe("Jörg Łukasz 山田 🙂");
    expect(text(Bytes.empty())).toBe("");
  });
  test("replaces controls", () => {
    expect(text(Bytes.of("a\0b\nc\x7fd\x1b"))).toBe("a&#xfffd;b&#xfffd;c&#xfffd;d&#xfffd;");
    // C1: U+0085, U+009B; not U+00A0.
    expect(text(raw([0x61, 0xc2, 0x85, 0xc2, 0x9b, 0xc2, 0xa0]))).toBe("a&#xfffd;&#xfffd;\u00a0");
  });
  test("lets nothing through that is no UTF-8", () => {
    expect(text(raw([0x61, 0xff, 0x3c]))).toBe("a&#xfffd;&lt;");
    // A lead byte without its continuation would swallow the quote after it.
    expect(text(raw([0x61, 0xc3]))).toBe("a&#xfffd;");
    // UTF-8 otherwise, but one overlong `<`.
    expect(text(raw([0xc3, 0xa4, 0xc0, 0xbc]))).toBe("&#xfffd;&#xfffd;&#xfffd;&#xfffd;");
  });
});

describe("isLink", () => {
  test("takes paths of this origin, http and https", () => {
    expect(isLink(Bytes.of("/"))).toBe(true);
    expect(isLink(Bytes.of("/a/b?c=//d"))).toBe(true);
    expect(isLink(Bytes.of("https://sso.example.com/end"))).toBe(true);
    expect(isLink(Bytes.of("http://127.0.0.1:8080/"))).toBe(true);
  });
  test("refuses other schemes, other hosts and what is relative", () => {
    expect(isLink(Bytes.empty())).toBe(false);
    expect(isLink(Bytes.of("javascript:alert(1)"))).toBe(false);
    expect(isLink(Bytes.of("data:text/html,x"))).toBe(false);
    expect(isLink(Bytes.of(" https://a.example/"))).toBe(false);
    expect(isLink(Bytes.of("https:/a.example/"))).toBe(false);
    expect(isLink(Bytes.of("//a.example/"))).toBe(false);
    expect(isLink(Bytes.of("/\\a.example/"))).toBe(false);
    expect(isLink(Bytes.of("a/b"))).toBe(false);
    expect(isLink(Bytes.of("?a"))).toBe(false);
  });
});

describe("writeAddress", () => {
  test("keeps what URLs are written with", () => {
    const plain = "/aZ09-._~:/?#[]@!$()*+,;=%41";
    expect(address(plain)).toBe(plain);
    expect(address("/a?b=1&c=2")).toBe("/a?b=1&amp;c=2");
  });
  test("percent-encodes what ends a value or is read in two ways", () => {
    expect(address(`/"'<>`)).toBe("/%22%27%3C%3E");
    expect(address("/\t/a.example")).toBe("/%09/a.example");
    expect(address("/a\\b`{|}^ \n\0\x7f")).toBe("/a%5Cb%60%7B%7C%7D%5E%20%0A%00%7F");
    expect(address("/ä")).toBe("/%C3%A4");
  });
  test("writes nothing for what may not be a link", () => {
    expect(address("javascript:alert(1)")).toBe("");
    expect(address("//a.example")).toBe("");
  });
});
