import { Captures } from "../../../assembly/policy/captures";
import { Pattern } from "../../../assembly/policy/pattern";
import { problemOf } from "../../../assembly/policy/spelling";
import { Bytes } from "../../../assembly/text/bytes";

function path(pattern: string, text: string): bool {
  return new Pattern(Bytes.of(pattern), false).matches(Bytes.of(text), null);
}

function prefix(pattern: string, text: string): bool {
  return new Pattern(Bytes.of(pattern), true).matches(Bytes.of(text), null);
}

describe("Path", () => {
  test("matches the whole path", () => {
    expect(path("/a", "/a")).toBe(true);
    expect(path("/a", "/a/")).toBe(false);
    expect(path("/a", "/a/b")).toBe(false);
    expect(path("/a", "/A")).toBe(false);
    expect(path("/", "/")).toBe(true);
    expect(path("/", "/a")).toBe(false);
  });
  test("`*` is one segment or part of one", () => {
    expect(path("/a/*/c", "/a/b/c")).toBe(true);
    expect(path("/a/*/c", "/a/b/b/c")).toBe(false);
    expect(path("/a/*", "/a/")).toBe(false);
    expect(path("/a/*.js", "/a/x.js")).toBe(true);
    expect(path("/a/*.js", "/a/.js")).toBe(true);
    expect(path("/a/x*y*z", "/a/xAyByCz")).toBe(true);
    expect(path("/a/x*y", "/a/xz")).toBe(false);
    expect(path("/*", "/a%2Fb")).toBe(true);
  });
  test("`{name}` is one segment", () => {
    expect(path("/t/{tenant}/x", "/t/acme/x")).toBe(true);
    expect(path("/t/{tenant}", "/t/")).toBe(false);
    expect(path("/t/{tenant}", "/t/a/b")).toBe(false);
  });
  test("`**` is any number of segments", () => {
    expect(path("/a/**", "/a")).toBe(true);
    expect(path("/a/**", "/a/")).toBe(true);
    expect(path("/a/**", "/a/b/c")).toBe(true);
    expect(path("/a/**", "/ab")).toBe(false);
    expect(path("/a/**/z", "/a/z")).toBe(true);
    expect(path("/a/**/z", "/a/b/c/z")).toBe(true);
    expect(path("/a/**/z", "/a/z/b")).toBe(false);
    expect(path("/**/x/**/y", "/a/x/b/x/c/y")).toBe(true);
    expect(path("/**/x/**/y", "/a/y/x")).toBe(false);
    expect(path("/**", "/")).toBe(true);
  });
  test("has characters as such, percent-encoded", () => {
    expect(path("/a/%2A", "/a/*")).toBe(true);
    expect(path("/a/%2A", "/a/b")).toBe(false);
    expect(path("/a/*%2A", "/a/b*")).toBe(true);
    expect(path("/a/*%2A", "/a/b")).toBe(false);
    expect(path("/%2A%2A/x", "/a/b/x")).toBe(false);
    expect(path("/%2A%2A/x", "/**/x")).toBe(true);
    expect(path("/%7Bid%7D", "/{id}")).toBe(true);
    expect(path("/%7Bid%7D", "/7")).toBe(false);
    expect(path("/{id}", "/{id}")).toBe(true);
    expect(path("/*", "/*")).toBe(true);
    expect(path("/%2E%2A", "/.*")).toBe(true);
    expect(path("/a%24%28%29%2B%2E%5B%5D%5E%7C", "/a$()+.[]^|")).toBe(true);
    expect(path("/a%2Fb%2A", "/a%2Fb*")).toBe(true);
    expect(prefix("/%2A", "/*/x")).toBe(true);
    expect(prefix("/%2A", "/y/x")).toBe(false);
  });
  test("takes linear time where backtracking would explode", () => {
    const text = "/" + "a/".repeat(2000) + "b";
    expect(path("/**/a/**/a/**/a/**/a/**/c", text)).toBe(false);
    expect(path("/a*a*a*a*a*a*b", "/" + "a".repeat(4000))).toBe(false);
  });
});

describe("PathPrefix", () => {
  test("matches whole segments", () => {
    expect(prefix("/public", "/public")).toBe(true);
    expect(prefix("/public", "/public/")).toBe(true);
    expect(prefix("/public", "/public/x")).toBe(true);
    expect(prefix("/public", "/publicX")).toBe(false);
    expect(prefix("/public", "/publi")).toBe(false);
    expect(prefix("/public/", "/public/x")).toBe(true);
    expect(prefix("/public/", "/publicX")).toBe(false);
    expect(prefix("/public/", "/public/")).toBe(true);
    expect(prefix("/public/", "/public")).toBe(false);
    expect(prefix("/t/*/", "/t/a")).toBe(false);
    expect(prefix("/t/*/", "/t/a/")).toBe(true);
    expect(prefix("/t/*/", "/t/a/b/c")).toBe(true);
    expect(prefix("/t/**/x/", "/t/x")).toBe(false);
    expect(prefix("/t/**/x/", "/t/a/x/y")).toBe(true);
    expect(prefix("/", "/anything/at/all")).toBe(true);
    expect(prefix("/t/*/public", "/t/a/public/x")).toBe(true);
    expect(prefix("/t/*/public", "/t/a/publicX")).toBe(false);
  });
});

describe("a pattern", () => {
  test("is wide when no segment before its first `**` is written out", () => {
    expect(new Pattern(Bytes.of("/"), true).isWide).toBe(true);
    expect(new Pattern(Bytes.of("/"), false).isWide).toBe(false);
    expect(new Pattern(Bytes.of("/**"), false).isWide).toBe(true);
    expect(new Pattern(Bytes.of("/*/**"), false).isWide).toBe(true);
    expect(new Pattern(Bytes.of("/{a}/{b}"), false).isWide).toBe(true);
    expect(new Pattern(Bytes.of("/a"), true).isWide).toBe(false);
    expect(new Pattern(Bytes.of("/*/health"), false).isWide).toBe(false);
    expect(new Pattern(Bytes.of("/a/**/b"), false).isWide).toBe(false);
    expect(new Pattern(Bytes.of("/**/health"), false).isWide).toBe(true);
    expect(new Pattern(Bytes.of("/*.js"), true).isWide).toBe(true);
    expect(new Pattern(Bytes.of("/x*/**"), false).isWide).toBe(true);
  });
  test("says what is wrong with it", () => {
    expect(problemOf(Bytes.of("/a/{b}/**"))).toBe("");
    expect(problemOf(Bytes.of("/a%2Fb%25"))).toBe("");
    const good = [
      "/{_a1}",
      "/$metadata",
      "/a$b",
      "/c++",
      "/Foo_(bar)",
      "/a.b",
      "/*.js",
      "/.well-known/*",
      "/...",
      "/%2E%2A",
      "/%2Ahidden",
      "/%5Bid%5D",
      "/a:b",
      "/%7B*",
    ];
    for (let i = 0; i < good.length; i++) expect(problemOf(Bytes.of(good[i]))).toBe("", good[i]);
    expect(problemOf(Bytes.of("/{id:[0-9]+}")).includes("Traefik 2")).toBe(true);
    expect(problemOf(Bytes.of("/[0-9]+")).includes("Traefik 2")).toBe(true);
    const wrong = [
      "a",
      "",
      "/a//b",
      "/a/../b",
      "/./a",
      "/a?b",
      "/a#b",
      "/a/b{c}",
      "/{}",
      "/a**",
      "/***",
      "/{a",
      "/adm%69n",
      "/a%2fb",
      "/100%",
      "/a\\b",
      "/{id:[0-9]+}",
      "/{id:[a-z/]+}/x",
      "/files/{name:.*}.css",
      "/{a b}",
      "/{a-b}",
      "/{1a}",
      "/{a}{b}",
      "/{{a}}",
      "/a}",
      "/}",
      "/{",
      "/.*",
      "/a.*b",
      "/a.+",
      "/[a-z]+",
      "/a]",
      "/\\d+",
      "/(a|b)",
      "/a|b",
      "/(?i)a",
      "/(ab)+",
      "/(ab)*",
      "/^a",
      "/a$",
      "/a$/b",
      "/%2E",
      "/a/.%2E/b",
      "/%2a",
      "/%41",
      "/a\n",
    ];
    for (let i = 0; i < wrong.length; i++) {
      expect(problemOf(Bytes.of(wrong[i])).length).toBeGreaterThan(0, wrong[i]);
    }
  });
});

describe("captures", () => {
  test("are of the match that stands", () => {
    const captures = new Captures();
    const pattern = new Pattern(Bytes.of("/**/{a}/x/{b}"), false);
    expect(pattern.matches(Bytes.of("/1/x/2/x/3"), captures)).toBe(true);
    expect(captures.length).toBe(2);
    expect(captures.expand(Bytes.of("{a}-{b}")).toString()).toBe("2-3");
    // From its start on, and through a `**`, it has captured, and then does not match.
    expect(pattern.matches(Bytes.of("/8/x/9/y"), captures)).toBe(false);
    expect(captures.length).toBe(2);
    expect(captures.expand(Bytes.of("{a}-{b}")).toString()).toBe("2-3");
  });
  test("do not grow with what is tried", () => {
    const captures = new Captures();
    const text = "/" + "a/".repeat(2000) + "b";
    expect(new Pattern(Bytes.of("/**/{t}/b"), false).matches(Bytes.of(text), captures)).toBe(true);
    expect(captures.length).toBe(1);
  });
});
