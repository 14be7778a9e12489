import { readAddress, writeIPv6 } from "../../../assembly/http/address";
import { isTarget, Url } from "../../../assembly/http/url";
import { Bytes } from "../../../assembly/text/bytes";

/** Origin, host, target; and whether it is secure or of this machine. */
function parts(text: string): string {
  const url = Url.parse(Bytes.of(text));
  if (!url) return "(none)";
  const marks = (url.isSecure ? " secure" : "") + (url.isLoopback ? " loopback" : "");
  return `${url.origin.toString()} ${url.host.toString()} ${url.target.toString()}${marks}`;
}

function isUrl(text: string): bool {
  return Url.parse(Bytes.of(text)) !== null;
}

function written(address: string): string {
  return writeIPv6(readAddress(Bytes.of(address))!).toString();
}

describe("a URL", () => {
  test("has an origin, a host and a target", () => {
    expect(parts("https://a.example")).toBe("https://a.example a.example / secure");
    expect(parts("https://a.example/")).toBe("https://a.example a.example / secure");
    expect(parts("https://a.example:8443/x/y?z=%20")).toBe(
      "https://a.example:8443 a.example /x/y?z=%20 secure",
    );
    expect(parts("http://a_b.example/~x;y=1")).toBe("http://a_b.example a_b.example /~x;y=1");
    expect(parts("https://[2001:db8::1]:444/")).toBe(
      "https://[2001:db8::1]:444 [2001:db8::1] / secure",
    );
    expect(Url.parse(Bytes.of("https://a.example/x?y/z"))!.path.toString()).toBe("/x");
  });
  test("is of this machine", () => {
    expect(parts("http://localhost:1")).toBe("http://localhost:1 localhost / loopback");
    expect(parts("http://app.localhost")).toBe("http://app.localhost app.localhost / loopback");
    expect(parts("http://127.0.0.2/x")).toBe("http://127.0.0.2 127.0.0.2 /x loopback");
    expect(parts("https://[::1]")).toBe("https://[::1] [::1] / secure loopback");
    const others = [
      "127.example",
      "127.0.0.1.example",
      "localhost.example",
      "notlocalhost",
      "128.0.0.1",
    ];
    for (let i = 0; i < others.length; i++) {
      expect(parts("http://" + others[i])).toBe(`http://${others[i]} ${others[i]} /`);
    }
  });
  test("has one scheme of two, and a host", () => {
    const texts = [
      "",
      "https://",
      "https:///x",
      "https:/a.example",
      "//a.example",
      "/x",
      "a.example",
    ];
    for (let i = 0; i < texts.length; i++) expect(isUrl(texts[i])).toBe(false, texts[i]);
    const schemes = [
      "HTTPS://a.example",
      "Http://a.example",
      "ftp://a.example",
      "javascript://a.example",
    ];
    for (let i = 0; i < schemes.length; i++) expect(isUrl(schemes[i])).toBe(false, schemes[i]);
  });
  test("has a host in the one way that browsers write it", () => {
    const hosts = [
      "A.example",
      "a.example.",
      ".a.example",
      "a..example",
      "user@a.example",
      "user:secret@a.example",
      "a.example\\@b.example",
      "a b.example",
      "%61.example",
      "ä.example",
      "127.1",
      "127.0.0.01",
      "2130706433",
      "0x7f.0.0.1",
      "0x7f000001",
      "256.0.0.1",
      "1.2.3.4.5",
      "a.example.1",
      "[::1",
      "[]",
      "[0::1]",
      "[::0:1]",
      "[::FFFF]",
      "[::ffff:1.2.3.4]",
      "[1.2.3.4]",
      "[fe80::1%eth0]",
      "[[::1]]",
    ];
    for (let i = 0; i < hosts.length; i++) {
      expect(isUrl("https://" + hosts[i])).toBe(false, hosts[i]);
    }
  });
  test("has a port in one way, and not the scheme's own", () => {
    const ports = ["", "0", "080", "65536", "99999", "123456", "8x", "-1", " 80", "80:81", "443"];
    for (let i = 0; i < ports.length; i++) {
      expect(isUrl(`https://a.example:${ports[i]}/`)).toBe(false, ports[i]);
      expect(isUrl(`https://[::1]:${ports[i]}`)).toBe(false, ports[i]);
    }
    expect(isUrl("http://a.example:80")).toBe(false);
    expect(isUrl("http://a.example:443")).toBe(true);
    expect(isUrl("https://a.example:80")).toBe(true);
    expect(isUrl("https://a.example:65535")).toBe(true);
  });
  test("has no query right behind the host, and no fragment", () => {
    expect(isUrl("https://a.example?x")).toBe(false);
    expect(isUrl("https://a.example#x")).toBe(false);
    expect(isUrl("https://a.example/#x")).toBe(false);
    expect(isUrl("https://a.example/?x#")).toBe(false);
  });
});

describe("a target", () => {
  test("is a path on its own host", () => {
    const good = [
      "/",
      "/a",
      "/a/",
      "/a//b",
      "/.well-known/x",
      "/...",
      "/a/..b",
      "/?a/../b",
      "/a?b[c]={d}|e^`",
    ];
    for (let i = 0; i < good.length; i++) expect(isTarget(Bytes.of(good[i]))).toBe(true, good[i]);
    const bad = [
      "",
      "a",
      "?a",
      "//",
      "//b.example",
      "/\\b.example",
      "/a\\b",
      "/a b",
      "/a\tb",
      "/a\nb",
      "/a\0",
      "/ä",
      '/a"b',
      "/a<b",
      "/a>b",
      "/a[b",
      "/a{b",
      "/a|b",
      "/a^b",
      "/a`b",
      "/a#b",
      "/?a#b",
      "/?a\\b",
      "/%",
      "/%2",
      "/%zz",
      "/?%2",
      "/.",
      "/..",
      "/a/.",
      "/a/..",
      "/./a",
      "/../a",
      "/a/../b",
      "/a/..?b",
      "/%2e",
      "/%2E%2e/a",
      "/.%2e",
      "/a/%2e.",
      "/%2e?a",
    ];
    for (let i = 0; i < bad.length; i++) expect(isTarget(Bytes.of(bad[i]))).toBe(false, bad[i]);
  });
});

describe("an IPv6 address as it is written", () => {
  test("RFC 5952 §4", () => {
    expect(written("2001:0db8:0:0:0:0:0:1")).toBe("2001:db8::1");
    expect(written("0:0:0:0:0:0:0:0")).toBe("::");
    expect(written("0:0:0:0:0:0:0:1")).toBe("::1");
    expect(written("1:0:0:0:0:0:0:0")).toBe("1::");
    expect(written("2001:db8:0:1:1:1:1:1")).toBe("2001:db8:0:1:1:1:1:1");
    expect(written("2001:0:0:1:0:0:0:1")).toBe("2001:0:0:1::1");
    expect(written("2001:db8:0:0:1:0:0:1")).toBe("2001:db8::1:0:0:1");
    expect(written("0:0:1:0:0:0:0:ABCD")).toBe("0:0:1::abcd");
    expect(written("1:2:3:4:5:6:0:0")).toBe("1:2:3:4:5:6::");
    expect(written("10.1.2.3")).toBe("::ffff:a01:203");
  });
});
