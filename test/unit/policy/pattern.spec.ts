import { Pattern, problemOf } from "../../../assembly/policy/pattern";
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
      "/a\n",
    ];
    for (let i = 0; i < wrong.length; i++) {
      expect(problemOf(Bytes.of(wrong[i])).length).toBeGreaterThan(0, wrong[i]);
    }
  });
});
