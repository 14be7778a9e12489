/** `rolegate test`: rows that hold and rows that do not, what CI gets, what --update writes, mistakes with their place. */
import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { parse } from "yaml";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { complaint, fixtures, golden, rolegate } from "./run.ts";

const folder = temporaryFolder("table");
after(() => folder.remove());
const path = (name: string) => join(folder.path, name);
const config = JSON.stringify(join(fixtures, "explain/dynamic.yml"));

/** A file of its own, with the fixtures' configuration. */
function table(name: string, text: string): string {
  writeFileSync(path(name), text);
  return path(name);
}
const rows = (...lines: string[]) => `tests:\n${lines.map((it) => `  - ${it}\n`).join("")}`;
const run = (name: string, text: string, ...args: string[]) =>
  rolegate(["test", table(name, text), "-c", join(fixtures, "explain/dynamic.yml"), ...args]);

/** Times differ from run to run. */
const timeless = (text: string) => text.replace(/time="[\d.]+"/g, 'time="0"');

describe("what people and CI see", () => {
  test("rows that are not as expected, with what did not hold; rules that no row reaches", async () => {
    const { code, stdout, stderr } = await rolegate(["test", "table/gate.test.yml"]);
    assert.deepEqual([code, stderr], [1, ""]);
    golden("table/gate.txt", stdout);
  });
  test("JSON", async () => {
    const { code, stdout } = await rolegate(["test", "-f", "json", "table/gate.test.yml"]);
    assert.equal(code, 1);
    golden("table/gate.json", stdout);
  });
  test("JUnit, to a file beside the text as well", async () => {
    const out = path("report.xml");
    const args = ["test", "table/gate.test.yml", "--strict"];
    const { stdout } = await rolegate([...args, "-f", "junit"]);
    golden("table/gate.xml", timeless(stdout));
    for (let i = 0; i < 2; i++) assert.equal((await rolegate([...args, "--junit", out])).code, 1);
    assert.equal(timeless(readFileSync(out, "utf8")), timeless(stdout));
  });
  test("what stands in XML stands in it as it is, or as U+FFFD", async () => {
    const odd = `"signed-in GET /a?<&'\\u0007 -> allow"`;
    const { stdout } = await run("odd.test.yml", rows(odd), "-f", "junit");
    assert.match(stdout, / name="signed-in GET \/a\?&lt;&amp;'\ufffd -&gt; allow"/);
  });
});

describe("rules that no row reaches", () => {
  const all = rows(
    ...["anonymous GET /health -> allow", "owner GET /admin -> allow", "owner GET /api -> allow"],
    ...["owner POST /api/blocks -> allow", "owner POST /api -> allow"],
  );
  const lines = all.split("\n");
  test("are no failure, and are one with --strict", async () => {
    const missing = [...lines.slice(0, 2), ...lines.slice(3)].join("\n");
    const lax = await run("lax.test.yml", missing);
    assert.equal(lax.code, 0);
    assert.match(lax.stdout, /warning: a rule that no row reaches: admin\n/);
    const strict = await run("lax.test.yml", missing, "--strict");
    assert.equal(strict.code, 1);
    assert.match(strict.stdout, /error: a rule that no row reaches: admin\n/);
  });
  test("there are none when each decides a row", async () => {
    const { code, stdout } = await run("all.test.yml", all, "--strict");
    assert.deepEqual([code, stdout], [0, "5 rows: all as expected; 5 of 5 rules reached\n"]);
  });
});

test("a file of rules alone, and nobody who has a token", async () => {
  const preset = join(root, "presets/prefect.yml");
  const file = table("rules.test.yml", rows("anonymous GET /api/health -> allow by health"));
  assert.equal((await rolegate(["test", file, "-c", preset])).code, 0);
});

describe("what a row says", () => {
  const HOLDS: string[] = [
    "anonymous GET /api -> 401",
    "anonymous GET /api -> deny",
    "anonymous GET /api -> 401 credential_missing",
    "anonymous GET /api -> 401 by read",
    "viewer POST /api -> 403 rule_not_satisfied by write",
    "viewer GET /nowhere -> 403 no_rule by default",
    "viewer DELETE /api/x?y=z&a -> deny by write",
    "signed-in get /api -> 400 method_invalid",
  ];
  const FAILS: string[] = [
    "anonymous GET /api -> allow",
    "anonymous GET /api -> 403",
    "anonymous GET /api -> 401 rule_not_satisfied",
    "anonymous GET /api -> 401 by write",
    "viewer GET /api -> deny",
    "viewer GET /api -> report",
    "viewer GET /api -> 200",
    "viewer GET /api",
  ];
  test("all of it counts", async () => {
    const { stdout } = await run("all.test.yml", rows(...HOLDS, ...FAILS), "-f", "json");
    const [{ rows: tried }] = JSON.parse(stdout) as [{ rows: { passed: boolean }[] }];
    const passed = tried.map((it) => it.passed);
    assert.deepEqual(passed, [...HOLDS.map(() => true), ...FAILS.map(() => false)]);
  });
  test("in whatever order the rows stand, of one guest", async () => {
    for (const lines of [[...HOLDS].reverse(), [...HOLDS, ...HOLDS]]) {
      assert.equal((await run("order.test.yml", rows(...lines))).code, 0);
    }
  });
});

describe("who asks", () => {
  const issuers = {
    issuer: "https://one.example",
    audience: "app",
    jwksFile: "/state/one.json",
    issuers: [{ issuer: "https://two.example", audience: "app", jwksFile: "/state/two.json" }],
    reportOnly: "false",
    rules: [
      { name: "two", match: "Path(`/two`)", allow: "Issuer(`https://two.example`)" },
      { name: "scope", match: "Path(`/scope`)", allow: "Scope(`b`)" },
      { name: "claim", match: "Path(`/claim`)", allow: "Equals(`a.b`, `c`)" },
      { name: "user", match: "Path(`/user`)", allow: "Equals(`preferred_username`, `bob`)" },
    ],
  };
  const people = [
    "who:",
    "  one: { issuer: https://one.example }",
    "  two: { issuer: https://two.example }",
    "  scoped: { scopes: [a, b] }",
    "  claimed: { claims: { a: { b: c } } }",
    "  bob: { user: bob }",
    "  nobody: anonymous",
    "",
  ].join("\n");
  const WHO: string[] = [
    "signed-in GET /two -> 403",
    "one GET /two -> 403",
    "two GET /two -> allow",
    "one GET /scope -> 403",
    "scoped GET /scope -> allow",
    "claimed GET /claim -> allow",
    "scoped GET /claim -> 403",
    "bob GET /user -> allow",
    "two GET /user -> 403",
    "nobody GET /user -> 401",
    "signed-in GET /two -> 403",
  ];
  const blocks: Record<string, (rule: object) => object> = {
    "issuers, scopes, claims, names": (it) => it,
    "tokens in another header": (it) => ({ ...it, token: { header: "X-Token" } }),
  };
  for (const [name, change] of Object.entries(blocks)) {
    test(name, async () => {
      const middlewares = { gate: { plugin: { rolegate: change(issuers) } } };
      writeFileSync(path("dynamic.yml"), JSON.stringify({ http: { middlewares } }));
      const file = table("who.test.yml", `config: dynamic.yml\n${people}${rows(...WHO)}`);
      const { code, stdout } = await rolegate(["test", file]);
      assert.equal(code, 0, stdout);
    });
  }
  test("with reportOnly, what would be refused is `report`", async () => {
    const middlewares = { gate: { plugin: { rolegate: { ...issuers, reportOnly: "true" } } } };
    writeFileSync(path("report.yml"), JSON.stringify({ http: { middlewares } }));
    const line = "signed-in GET /two -> report rule_not_satisfied by two";
    const file = table("report.test.yml", `config: report.yml\n${rows(line)}`);
    assert.equal((await rolegate(["test", file])).code, 0);
    const allowed = table(
      "report.test.yml",
      `config: report.yml\n${rows("signed-in GET /two -> allow")}`,
    );
    assert.equal((await rolegate(["test", allowed])).code, 1);
  });
});

describe("--update", () => {
  const before = [
    "# head",
    "who: { bob: { roles: [viewer] } }",
    "tests:",
    "  - bob     GET   /api   -> allow by read      # right, and left alone",
    "  - bob     POST  /api   -> allow by write     # wrong",
    "  - bob     POST  /api   -> 401 credential_missing",
    "  - bob     POST  /api   →  allow",
    '  - "bob    POST  /api   -> allow"',
    "  - bob     GET   /health",
    "  - { who: bob, request: POST /api, expect: allow } # flow",
    "  - who: bob",
    "    request: POST /api",
    "",
  ].join("\n");
  const updated = before
    .replace("-> allow by write     # wrong", "-> 403 by write     # wrong")
    .replace("-> 401 credential_missing", "-> 403 rule_not_satisfied by write")
    .replace("→  allow", "→ 403 by write")
    .replace('-> allow"', '-> 403 by write"')
    .replace("/health\n", "/health -> allow by health\n")
    .replace("expect: allow }", "expect: 403 by write }")
    .replace("  - who: bob\n", "  - expect: 403 by write\n    who: bob\n");
  test("writes what is not as expected, and leaves all else as it is", async () => {
    const { code, stderr } = await run("up.test.yml", before, "--update");
    assert.deepEqual([code, stderr], [0, "Written anew: 7 rows.\n"]);
    assert.equal(readFileSync(path("up.test.yml"), "utf8"), updated);
    parse(updated);
    const again = await run("up.test.yml", updated, "--update");
    assert.equal(again.stderr, "Every row is as it was.\n");
    assert.equal((await run("up.test.yml", updated)).code, 0);
  });
  test("what it cannot write it leaves, and says so", async () => {
    for (const row of ["{ who: bob, request: POST /api }", "bob POST\n    /api -> allow"]) {
      const text = `who: { bob: { roles: [viewer] } }\n${rows(row)}`;
      const ran = await run("hard.test.yml", text, "--update");
      if (ran.code === 0) {
        // Folded lines may be written as well: then the table holds.
        assert.equal(
          (await rolegate(["test", path("hard.test.yml"), "-c", "explain/dynamic.yml"])).code,
          0,
        );
        continue;
      }
      assert.equal(complaint(ran).code, "table_invalid");
      assert.equal(readFileSync(path("hard.test.yml"), "utf8"), text);
    }
  });
  test("never of standard input", async () => {
    const args = ["test", "-", "-c", "explain/dynamic.yml", "--update"];
    const ran = await rolegate(args, { input: rows("viewer GET /api -> deny") });
    assert.deepEqual([ran.code, complaint(ran).code], [2, "table_not_a_file"]);
  });
});

describe("--new", () => {
  const PREFECT = join(root, "examples/prefect/traefik/dynamic/prefect.yml");
  test("a first table holds, and reaches every rule", async () => {
    for (const [name, file] of Object.entries({
      prefect: PREFECT,
      docs: join(fixtures, "docs/dynamic.yml"),
    })) {
      const out = path(`first/${name}.test.yml`);
      const made = await rolegate(["test", "--new", out, "-c", file]);
      assert.equal(made.code, 0, made.stderr);
      const { code, stdout } = await rolegate(["test", "--strict", out]);
      assert.deepEqual([code, /all as expected/.test(stdout)], [0, true], stdout);
    }
  });
  test("it says what becomes of a request that no rule is for", () => {
    assert.match(readFileSync(path("first/docs.test.yml"), "utf8"), /GET +\/ +-> 403 by default$/m);
  });
  test("it does not hold any more when a rule is another one", async () => {
    const out = path("first/docs.test.yml");
    const { code, stdout } = await rolegate(["test", out, "-c", "docs/stricter.yml"]);
    assert.deepEqual([code, /write does not allow/.test(stdout)], [1, true]);
  });
  test("two files, one of them with a strange name; and never over a table", async () => {
    const dynamic = path("a: b.yml");
    writeFileSync(dynamic, readFileSync(join(fixtures, "docs/dynamic.yml"), "utf8"));
    const statics = join(fixtures, "check/traefik.yml");
    const args = ["test", "--new", path("two.test.yml"), "-c", dynamic];
    assert.equal((await rolegate(args)).code, 0);
    assert.equal((await rolegate(["test", path("two.test.yml")])).code, 0);
    const again = await rolegate(args);
    assert.deepEqual([again.code, complaint(again).code], [2, "file_exists"]);
    const both = ["test", "--new", path("both.test.yml"), "-c", dynamic, "-c", statics];
    const made = await rolegate([...both, "--mount", `${folder.path}:/state`]);
    assert.equal(made.code, 0, made.stderr);
    const { config: named } = parse(readFileSync(path("both.test.yml"), "utf8")) as {
      config: string[];
    };
    assert.equal(named.length, 2);
  });
  for (const [args, code] of [
    [["--new", "x.yml"], "config_missing"],
    [["--new", "-", "-c", "docs/dynamic.yml"], "table_not_a_file"],
    [["--new", "x.yml", "y.yml", "-c", "docs/dynamic.yml"], "table_not_a_file"],
  ] as const) {
    test(`${args.join(" ")}: ${code}`, async () => {
      const ran = await rolegate(["test", ...args]);
      assert.deepEqual([ran.code, complaint(ran).code], [2, code]);
    });
  }
});

describe("mistakes have a place", () => {
  const WRONG: [string, string, RegExp][] = [
    ["no YAML", "tests: [", /^1:9: /],
    ["no map", "- a\n", /^1:1: expected one map$/],
    ["two documents", `${rows("a GET /")}---\na: b\n`, /^1:1: expected one map$/],
    ["an unknown key", `tset:\n  - a\n${rows("a GET /")}`, /^1:1: unknown key tset$/],
    ["no rows", "tests: []\n", /^1:8: the table has no rows$/],
    ["no tests", "at: 2026-11-24\n", /^1:1: the table has no rows$/],
    ["a text for rows", "tests: a\n", /^1:8: tests: expected a list/],
    ["a heading without rows", "tests:\n  a: b\n", /^2:3: tests: expected a list of rows under a$/],
    ["a row without a path", rows("viewer GET -> allow"), /^2:5: this is no row$/],
    ["a row with two arrows", rows("viewer GET /a -> allow -> deny"), /^2:5: this is no row$/],
    ["a list for a row", rows("[viewer, GET, /a]"), /^2:5: this is no row$/],
    ["a decision that is none", rows("viewer GET /a -> alow"), /^2:5: "alow" is no decision$/],
    ["by nothing", rows("viewer GET /a -> allow by"), /^2:5: "allow by" is no decision$/],
    ["a stranger", rows("anonymous GET /a", "viwer GET /a"), /^3:5: viwer is unknown: /],
    ["one of two strange", rows("viewer+x GET /a"), /^2:5: x is unknown: /],
    ["no such API key", rows("apikey:cd GET /a"), /^2:5: apiKeys of the block has no key cd$/],
    ["no path", rows("viewer GET api"), /^2:5: api is no URL$/],
    [
      "an unknown key of a row",
      rows("{ who: a, request: GET /, want: x }"),
      /^2:31: unknown key want$/,
    ],
    ["a row without request", rows("{ who: a }"), /^2:5: expected `who`, and `request`/],
    [
      "a request that is none",
      rows("{ who: a, request: / }"),
      /^2:24: expected `who`, and `request`/,
    ],
    [
      "headers in a list",
      rows("{ who: a, request: GET /, headers: [a] }"),
      /^2:40: headers: expected/,
    ],
    [
      "a header in a map",
      rows("{ who: a, request: GET /, headers: { a: { b: c } } }"),
      /^2:45: headers\.a: /,
    ],
    ["who as a list", `who: [a]\n${rows("a GET /")}`, /^1:6: who: expected a map/],
    ["a name of two words", `who: { a b: {} }\n${rows("a GET /")}`, /^1:8: who: "a b" is no name$/],
    [
      "somebody without anything",
      `who: { a: b }\n${rows("a GET /")}`,
      /^1:8: who\.a: expected a map$/,
    ],
    [
      "an unknown key of theirs",
      `who: { a: { role: x } }\n${rows("a GET /")}`,
      /^1:13: who\.a: unknown key role$/,
    ],
    [
      "an API key with claims",
      `who: { a: { apiKey: x, claims: {} } }\n${rows("a GET /")}`,
      /^1:24: who\.a: an API key has no claims$/,
    ],
    [
      "claims in a list",
      `who: { a: { claims: [x] } }\n${rows("a GET /")}`,
      /^1:21: who\.a\.claims: expected a map$/,
    ],
    [
      "an issuer that is none",
      `who: { a: { issuer: x } }\n${rows("a GET /")}`,
      /^1:8: the block has no issuer x$/,
    ],
  ];
  for (const [name, text, message] of WRONG) {
    test(name, async () => {
      const ran = await run("wrong.test.yml", text);
      const said = complaint(ran);
      assert.deepEqual([ran.code, said.code, ran.stdout], [2, "table_invalid", ""]);
      assert.ok(said.message.startsWith(`${path("wrong.test.yml")}:`), said.message);
      assert.match(said.message.slice(path("wrong.test.yml").length + 1), message);
    });
  }
  test("a table without a configuration", async () => {
    const ran = await rolegate(["test", table("none.test.yml", rows("viewer GET /api"))]);
    assert.deepEqual([ran.code, complaint(ran).code], [2, "config_missing"]);
  });
  test("a block with errors", async () => {
    const file = table("bad.test.yml", rows("anonymous GET /api"));
    const ran = await rolegate(["test", file, "-c", "docs/mistake.yml"]);
    assert.deepEqual([ran.code, complaint(ran).code], [1, "config_error"]);
  });
});

test("--watch runs again when a file changes, waits a mistake out, and ends with Ctrl-C", async () => {
  const good = `config: ${config}\n${rows("viewer GET /api -> allow")}`;
  const file = table("watch.test.yml", good);
  // As editors do: another file takes its place.
  const replace = (text: string) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  };
  const steps = [good.replace("allow", "deny"), "tests: [", `${good}\n# longer`];
  let waits = 0;
  const ran = await rolegate(["test", "--watch", file], {
    started: (child) => {
      child.stderr.on("data", (text: string) => {
        for (const _ of text.matchAll(/Waiting for changes/g)) {
          const step = steps[waits++];
          if (step !== undefined) replace(step);
          else child.kill("SIGINT");
        }
      });
    },
  });
  assert.equal(ran.code, 130);
  assert.deepEqual(ran.stdout.match(/all as expected|1 not as expected/g), [
    ...["all as expected", "1 not as expected", "all as expected"],
  ]);
  assert.match(ran.stderr, /error \[table_invalid\]/);
});
