import { readPath } from "../../../assembly/http/path";
import { nameOf, Reason } from "../../../assembly/outcome/reason";
import { Bytes } from "../../../assembly/text/bytes";

/** What rules see, then what is forwarded; or the reason why it is refused whatever the rule says. */
function read(uri: string): string {
  const path = readPath(Bytes.of(uri));
  if (path.refused != Reason.None) return nameOf(path.refused);
  return path.text.toString() + " " + path.uri.toString();
}

/** The reason why it is refused unless the rule allows encoded paths. */
function ambiguity(uri: string): string {
  const path = readPath(Bytes.of(uri));
  return path.refused != Reason.None ? nameOf(path.refused) : nameOf(path.ambiguous);
}

describe("the canonical path", () => {
  test("is decoded once, and forwarded in one encoding", () => {
    expect(read("/")).toBe("/ /");
    expect(read("/a/b")).toBe("/a/b /a/b");
    expect(read("/a%62c/%7Euser")).toBe("/abc/~user /abc/~user");
    expect(read("/%c3%a9")).toBe("/é /%C3%A9");
    expect(read("/a%20b")).toBe("/a b /a%20b");
    expect(read("/a/?x=%2e&y;z")).toBe("/a/ /a/?x=%2e&y;z");
    expect(read("/a!$&'()*+,:=@-._~")).toBe("/a!$&'()*+,:=@-._~ /a!$&'()*+,:=@-._~");
    expect(read("/%22%3C%3E%5B%5E%60%7B%7C%7D")).toBe('/"<>[^`{|} /%22%3C%3E%5B%5E%60%7B%7C%7D');
    expect(read("/100%25")).toBe("/100%25 /100%25");
    expect(read("/...")).toBe("/... /...");
    expect(read("/a?")).toBe("/a /a?");
  });
  test("is refused when it is malformed", () => {
    expect(read("")).toBe("path_malformed");
    expect(read("*")).toBe("path_malformed");
    expect(read("a/b")).toBe("path_malformed");
    expect(read("/" + "a".repeat(8192))).toBe("path_too_long");
    expect(read("/%")).toBe("path_malformed");
    expect(read("/%4")).toBe("path_malformed");
    expect(read("/%zz")).toBe("path_malformed");
    expect(read("/a//b")).toBe("path_empty_segment");
    expect(read("//a")).toBe("path_empty_segment");
  });
  test("is refused for controls and what is no UTF-8", () => {
    expect(read("/%00")).toBe("path_control");
    expect(read("/%0a")).toBe("path_control");
    expect(read("/%7f")).toBe("path_control");
    expect(read("/a b")).toBe("path_control");
    expect(read("/a?b c")).toBe("path_control");
    expect(read("/%ff")).toBe("path_not_utf8");
    expect(read("/%C0%AF")).toBe("path_not_utf8");
    expect(read("/%ED%A0%80")).toBe("path_not_utf8");
  });
  test("is refused for dot segments in every disguise", () => {
    const uris = [
      "/.",
      "/..",
      "/a/..",
      "/a/./b",
      "/%2e",
      "/%2E%2e/a",
      "/a/.%2e",
      "/a/..;x",
      "/a/.;/b",
      "/a/..%3Bx",
      "/a%2F..",
      "/a%2F..%2Fb",
      "/..%2Fa",
      "/a%5C..%5Cb",
      "/..%3F",
      "/..%23",
    ];
    for (let i = 0; i < uris.length; i++) expect(read(uris[i])).toBe("path_dot_segment", uris[i]);
  });
  test("is ambiguous when readers may differ, and keeps what is encoded", () => {
    expect(ambiguity("/a%2Fb")).toBe("path_encoded_separator");
    expect(ambiguity("/a%5cb")).toBe("path_encoded_separator");
    expect(ambiguity("/a\\b")).toBe("path_encoded_separator");
    expect(ambiguity("/a%3Fb")).toBe("path_encoded_delimiter");
    expect(ambiguity("/a%23b")).toBe("path_encoded_delimiter");
    expect(ambiguity("/a;b")).toBe("path_parameter");
    expect(ambiguity("/a%3bb")).toBe("path_parameter");
    expect(ambiguity("/a%252Fb")).toBe("path_double_encoded");
    expect(ambiguity("/a%25%32%46b")).toBe("path_double_encoded");
    expect(ambiguity("/a%25zz")).toBe("none");
    expect(ambiguity("/a%254")).toBe("none");
    expect(read("/a%2fb")).toBe("/a%2Fb /a%2Fb");
    expect(read("/a;b%3bc")).toBe("/a%3Bb%3Bc /a;b%3Bc");
    expect(read("/a/..%252Fb")).toBe("path_dot_segment");
    expect(read("/a/%252e%252E/b")).toBe("path_dot_segment");
    expect(read("/a%252fb")).toBe("/a%252fb /a%252fb");
    expect(read("/a%252fb")).toBe("/a%252fb /a%252fb");
  });
});
