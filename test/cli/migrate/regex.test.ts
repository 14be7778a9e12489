/** Regular expressions as patterns: what they say exactly, what is within them, and what is around. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pathsOfRegex } from "../../../src/cli/migrate/regex/paths.ts";
import { beginningWith, exactPath, textOf } from "../../../src/cli/migrate/shape.ts";
import { durationOf } from "../../../src/cli/migrate/take.ts";
import { namesOfJsonPath } from "../../../src/cli/migrate/claims.ts";

describe("exactly", () => {
  for (const [regex, text] of Object.entries({
    "^/a$": "Path(`/a`)",
    "^/a/b\\.txt$": "Path(`/a/b.txt`)",
    "^/api(/.*)?$": "Path(`/api`) || PathPrefix(`/api/`)",
    "^/api/.*": "PathPrefix(`/api/`)",
    "^/api": "PathPrefix(`/api*`)",
    "^/v1\\.": "PathPrefix(`/v1%2E*`)",
    "^/(a|b)/x$": "Path(`/a/x`, `/b/x`)",
    "^/a$|^/b/": "Path(`/a`) || PathPrefix(`/b/`)",
    "^/u/[^/]+/me$": "Path(`/u/*/me`)",
    "^/u/[^/]*$": "Path(`/u/`, `/u/*`)",
    "^/a?b$": "Path(`/b`, `/ab`)",
    "\\.png$": "Path(`/**/*.png`)",
    "/\\.": "PathPrefix(`/**/%2E*`)",
    "^/img/.*\\.png$": "Path(`/img/**/*.png`)",
    "^/api.*/x$": "Path(`/api*/**/x`)",
    "^/[12]$": "Path(`/1`, `/2`)",
    "(?i)^/ab$": "Path(`/ab`, `/aB`, `/Ab`, `/AB`)",
    "": "",
  })) {
    test(regex, () => {
      const { within, around } = pathsOfRegex(regex);
      assert.deepEqual([textOf(within), textOf(around)], [text, text]);
    });
  }
});

describe("within and around", () => {
  for (const [regex, within, around] of [
    ["^/v[0-9]+/s$", null, "Path(`/v*/s`)"],
    [
      "^/favicon.ico$",
      "Path(`/favicon.ico`)",
      "Path(`/favicon.ico`, `/favicon*ico`, `/favicon*/**/*ico`)",
    ],
    ["/\\.(?!well-known)", null, "PathPrefix(`/**/%2E*`)"],
    ["^/a+b", null, "PathPrefix(`/*b*`)"],
    // Nobody knows.
    ["(?=x", null, ""],
    ["^/\\bword", null, ""],
    ["/a^b", null, ""],
  ] as const) {
    test(regex, () => {
      const paths = pathsOfRegex(regex);
      assert.equal(paths.within.length === 0 ? null : textOf(paths.within), within);
      assert.equal(textOf(paths.around), around);
    });
  }
});

describe("with the query", () => {
  for (const [regex, within, around] of [
    [
      "^/api([/?].*)?$",
      "Path(`/api`) || PathPrefix(`/api/`)",
      "Path(`/api`) || PathPrefix(`/api/`)",
    ],
    ["^/api$", null, "Path(`/api`)"],
    ["^/api/", "PathPrefix(`/api/`)", "PathPrefix(`/api/`)"],
    ["\\.png$", null, ""],
    ["^/u/[^/]+/me", "PathPrefix(`/u/*/me*`)", "PathPrefix(`/u/`)"],
  ] as const) {
    test(regex, () => {
      const paths = pathsOfRegex(regex, { withQuery: true });
      assert.equal(paths.within.length === 0 ? null : textOf(paths.within), within);
      assert.equal(textOf(paths.around), around);
    });
  }
});

test("text as such", () => {
  assert.equal(textOf(beginningWith("/files/*").within), "PathPrefix(`/files/%2A*`)");
  assert.equal(textOf(exactPath("/u/{id:[0-9]+}").within), "Path(`/u/%7Bid:%5B0-9%5D%2B%7D`)");
  assert.equal(textOf(exactPath("/a`b").within), 'Path("/a`b")');
  // No request with such a path comes through.
  for (const path of ["/a//b", "/a/../b", "/a;b", "/a%2Fb", "a"]) {
    assert.deepEqual(exactPath(path), { within: [], around: [] });
  }
});

test("durations", () => {
  const all = ["168h", "90s", "1h30m", "1h30m500ms", "3600", "5m", "soon", ""].map(durationOf);
  assert.deepEqual(all, ["168h", "90s", "90m", "90m", "3600s", "5m", null, null]);
});

test("JSONPath of one claim", () => {
  const all = [
    "$.a.b",
    "a",
    "$['a']['b.c'].d",
    '["a:b"]',
    "a.b[*]",
    "a.*.b",
    "$..a",
    "a[?(@.b)]",
    "",
  ];
  assert.deepEqual(all.map(namesOfJsonPath), [
    ["a", "b"],
    ["a"],
    ["a", "b.c", "d"],
    ["a:b"],
    ["a", "b"],
    null,
    null,
    null,
    null,
  ]);
});
