/** `rolegate audit`: each question, on the log of a real Traefik with the Prefect example's rules. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { momentOf } from "../../src/cli/audit/period.ts";
import { usesOf } from "../../src/cli/audit/unused.ts";
import { MASKED, patternOf, shownPath, shownText } from "../../src/cli/audit/shown.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { complaint, fixtures, golden, program, rolegate } from "./run.ts";

const folder = temporaryFolder("audit");
after(() => folder.remove());
const path = (name: string) => join(folder.path, name);

const PREFECT = ["-c", join(root, "examples/prefect/traefik/dynamic/prefect.yml")];
const NAMES = ["--names", "audit/people.json"];
const LOG = "audit/prefect.json.log";
const REPORT = "audit/report.common.log";
const audit = (...args: string[]) => rolegate(["audit", ...args]);

interface Row {
  [dimension: string]: unknown;
  count: number;
  allowed: number;
  refused: number;
  reported: number;
}
async function rowsOf(...args: string[]): Promise<Row[]> {
  const { stdout, stderr, code } = await audit(...args, "-f", "json");
  assert.deepEqual([code, stderr], [0, ""]);
  return JSON.parse(stdout) as Row[];
}
const sum = (rows: Row[], key: "count" | "refused") => rows.reduce((all, row) => all + row[key], 0);

/** A line as Traefik writes it. */
function line(changes: Record<string, unknown>): string {
  const message = JSON.stringify({
    ...{ rolegate: "audit", time: "2026-11-24T08:00:00Z", request: "1", decision: "deny" },
    ...{ reason: "rule_not_satisfied", status: 403, rule: "write", method: "POST" },
    ...{ path: "/api/runs", issuer: "https://sso.example.com/realms/main", subject: "bob" },
    ...{ roles: ["viewer"], ...changes },
  });
  return JSON.stringify({ level: "info", time: "2026-11-24T08:00:00Z", message });
}
const logOf = (...lines: Record<string, unknown>[]) => `${lines.map(line).join("\n")}\n`;

describe("questions", () => {
  const QUESTIONS: Record<string, string[]> = {
    "why was bob refused": [LOG, "--why", "--user", "bob", ...PREFECT],
    "what was refused": [LOG, "--user", "bob", "--denied", ...PREFECT],
    "who used what": [LOG, "--by", "user,rule"],
    "which rules never fire": [LOG, ...PREFECT, "--unused"],
    "what reportOnly would refuse": [REPORT, "--reported", "--by", "rule,roles"],
    "rules that would admit it": [REPORT, "--reported", "--suggest", ...PREFECT],
  };
  for (const [name, args] of Object.entries(QUESTIONS)) {
    for (const format of ["table", "json", "csv"]) {
      test(`${name}: ${format}`, async () => {
        const { code, stdout, stderr } = await audit(...args, "-f", format);
        assert.deepEqual([code, stderr], [0, ""]);
        const extension = format === "table" ? "txt" : format;
        golden(`audit/${name.replaceAll(" ", "-")}.${extension}`, stdout);
      });
    }
  }
  test("with a file of rules alone, which names no issuer", async () => {
    const preset = ["-c", join(root, "presets/prefect.yml")];
    const suggested = [REPORT, "--reported", "--suggest"];
    const [own, other] = [
      await audit(...suggested, ...preset),
      await audit(...suggested, ...PREFECT),
    ];
    assert.deepEqual(own, other);
    const denied = await audit(LOG, "--denied", ...preset);
    assert.match(denied.stdout, /run_deployments, roles viewer: .*Role\(`runner`\) does not hold/);
  });
  test("what a rule's decisions leave out of the log, by audit as a word and as a map", () => {
    const rules = [
      { match: "Path(`/a`)", allow: "public" },
      { match: "Path(`/b`)", allow: "public", audit: "off" },
    ];
    const unlogged = (audit: unknown) =>
      usesOf({ audit, rules }, new Map()).map((it) => it.unlogged);
    assert.deepEqual(unlogged("denied").slice(0, 2), ["allowed requests", "everything"]);
    assert.deepEqual(unlogged({ decisions: "denied" }), unlogged("denied"));
    assert.deepEqual(unlogged({ user: "email" }), unlogged("writes"));
    assert.deepEqual(unlogged({ decisions: "all" }).slice(0, 2), ["", "everything"]);
  });
  test("what no request of ours could be is counted, and not asked about", async () => {
    const input = logOf({ path: "*" }, { path: "", method: "a b" });
    for (const view of [["--denied"], ["--suggest"]]) {
      const ran = await rolegate(["audit", ...view, "-c", "docs/dynamic.yml"], { input });
      assert.deepEqual([ran.code, ran.stderr], [0, ""]);
    }
  });
  test("the same of standard input, of a packed file, and of several", async () => {
    const text = readFileSync(join(fixtures, LOG));
    writeFileSync(path("log.gz"), gzipSync(text));
    const expected = await rowsOf(LOG, "--by", "user,rule");
    for (const args of [[], ["-"]]) {
      const all = ["audit", ...args, "--by", "user,rule", "-f", "json"];
      const { stdout } = await rolegate(all, { input: text.toString() });
      assert.deepEqual(JSON.parse(stdout), expected);
    }
    assert.deepEqual(await rowsOf(path("log.gz"), "--by", "user,rule"), expected);
    const twice = await rowsOf(LOG, path("log.gz"), "--by", "user,rule");
    assert.equal(sum(twice, "count"), 2 * sum(expected, "count"));
  });
});

describe("a pipe", () => {
  test("that is slow, and cut in the middle of a line", async () => {
    const text = readFileSync(join(fixtures, LOG), "utf8");
    const at = text.indexOf("run_deployments");
    const all = ["audit", "--by", "user,rule", "-f", "json"];
    const ran = await rolegate(all, { input: text.slice(0, at), later: text.slice(at) });
    assert.deepEqual(JSON.parse(ran.stdout), await rowsOf(LOG, "--by", "user,rule"));
  });
  test("whose other end is silent: Ctrl-C ends it", async () => {
    const child = spawn(process.execPath, [program, "audit"], { stdio: ["pipe", "pipe", "pipe"] });
    const ended = once(child, "close");
    // It has read what there is, and waits for more.
    child.stdin.write(logOf({}), () => child.kill("SIGINT"));
    const [code, signal] = (await ended) as [number | null, string | null];
    assert.ok(code === 130 || signal === "SIGINT", `${code} ${signal}`);
  });
});

describe("filters", () => {
  const bob = "5f0c2f9e-6d1b-4c8e-9a57-0b8f4a1c7d21";
  /** How many decisions are left. */
  const LEFT: [string[], number][] = [
    [[], 14],
    [["--user", bob], 4],
    [["--user", "bob"], 4],
    [["--user", "bob", "--user", "carol"], 7],
    [["--user", "worker"], 3],
    [["--user", "apikey:worker"], 3],
    [["--user", "anonymous"], 2],
    [["--denied"], 9],
    [["--allowed"], 5],
    [["--denied", "--allowed"], 14],
    [["--reported"], 0],
    [["--role", "runner"], 8],
    [["--role", "owner", "--allowed"], 2],
    [["--rule", "manage_flows"], 2],
    [["--reason", "credential_missing"], 1],
    [["--method", "DELETE"], 3],
    [["--path", "/api/flow_runs/"], 4],
    [["--path", "/api/flow_runs/", "--denied", "--method", "POST"], 1],
    [["--middleware", "rolegate"], 14],
    [["--middleware", "rolegate@file"], 14],
    [["--middleware", "other"], 0],
    [["--since", "2026-11-29"], 14],
    [["--since", "2026-11-30"], 0],
    [["--until", "2026-11-29"], 0],
    [["--until", "2026-11-30", "--since", "2026-11-29"], 14],
  ];
  for (const [args, left] of LEFT) {
    test(args.join(" ").replace(bob, "SUBJECT") || "none", async () => {
      assert.equal(sum(await rowsOf(LOG, ...args), "count"), left);
    });
  }
  test("the request's id, as a refusal shows it", async () => {
    const [, id] = /\\"request\\":\\"(\w+)\\".*manage_deployments/.exec(
      readFileSync(join(fixtures, LOG), "utf8"),
    )!;
    const [row, ...more] = await rowsOf(LOG, "--request", id!, "--by", "user,rule");
    assert.deepEqual([row!.user, row!.rule, more], ["apikey:worker", "manage_deployments", []]);
  });
  test("yesterday, by the days of UTC", async () => {
    const yesterday = `${momentOf("yesterday").slice(0, 10)}T23:59:59Z`;
    const input = logOf({ time: momentOf("3d") }, { time: yesterday }, { time: momentOf("now") });
    const args = ["audit", "--user", "bob", "--since", "yesterday", "--denied", "-f", "json"];
    const all = await rolegate(args, { input });
    assert.equal(sum(JSON.parse(all.stdout) as Row[], "count"), 2);
    const only = await rolegate([...args, "--until", "today"], { input });
    assert.equal(sum(JSON.parse(only.stdout) as Row[], "count"), 1);
  });
  test("moments", () => {
    const now = Date.parse("2026-11-24T08:30:15.500Z");
    const MOMENTS: [string, string][] = [
      ["now", "2026-11-24T08:30:15Z"],
      ["today", "2026-11-24T00:00:00Z"],
      ["yesterday", "2026-11-23T00:00:00Z"],
      ["90m", "2026-11-24T07:00:15Z"],
      ["2h", "2026-11-24T06:30:15Z"],
      ["7d", "2026-11-17T08:30:15Z"],
      ["1w", "2026-11-17T08:30:15Z"],
      ["2026-11-20", "2026-11-20T00:00:00Z"],
      ["2026-11-20T10:11", "2026-11-20T10:11:00Z"],
      ["2026-11-20 10:11:12", "2026-11-20T10:11:12Z"],
      ["2026-11-20T10:11:12+02:00", "2026-11-20T08:11:12Z"],
    ];
    for (const [text, moment] of MOMENTS) assert.equal(momentOf(text, now), moment, text);
    for (const text of ["", "soon", "2026", "24.11.2026", "-1d", "2026-13-01", "constructor"]) {
      assert.throws(() => momentOf(text, now), /is no time/, text);
    }
  });
  test("a refresh is no decision: the browser comes back with the same request", async () => {
    const input = logOf({ decision: "refresh" }, { decision: "allow" });
    const { stdout } = await rolegate(["audit", "-f", "json"], { input });
    assert.deepEqual(
      (JSON.parse(stdout) as Row[]).map((row) => row.decision),
      ["allow"],
    );
  });
});

describe("what is shown", () => {
  const random = "Zk3v9QmT1xYb7Rr2LwPq8NcD5sHjU0aGeVfKiBoX4Md";
  const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl";
  const apiKey = `rg_${random}1a2b3c4d`;
  const HIDDEN = [token, apiKey, random];
  test("no secret that stands in a path or a name, in whatever form", async () => {
    const input = logOf(
      ...HIDDEN.map((it) => ({ path: `/reset/${it}/done`, rule: "write" })),
      ...HIDDEN.slice(0, 2).map((it) => ({ subject: it, user: it, roles: [it], rule: it })),
    );
    const views = [[], ["--by", "user,roles,rule"], ["--by", "path"], ["--by", "pattern"]];
    for (const view of [...views, ["--suggest", "-c", "docs/dynamic.yml"]]) {
      for (const format of ["table", "json", "csv"]) {
        const ran = await rolegate(["audit", ...view, "-f", format], { input });
        for (const it of HIDDEN) assert.ok(!`${ran.stdout}${ran.stderr}`.includes(it), it);
      }
    }
  });
  test("a path without a secret is shown as it is", () => {
    const KEPT = [
      "/api/block_documents/3e9d5c7a-70b4-4f21-8c6d-5a1e2b9f8d07",
      `/${"0123456789abcdef".repeat(4)}`,
      "/api/v2/concurrency_limits/increment-with-lease-and-a-very-long-name-of-a-route",
      "/räder/ä b",
    ];
    for (const it of KEPT) assert.equal(shownPath(it), it);
    assert.equal(shownPath(`/x/${random}/y`), `/x/${MASKED}/y`);
    // An issuer's subject may be as random as that, and is nobody's secret.
    assert.equal(shownText(random), random);
  });
  test("nothing that a terminal takes for a command, nor a text that runs backwards", async () => {
    const evil = "/a\u001b[2J\u009b31m\u202e\u0007b";
    const input = logOf({ path: evil }, { subject: evil, rule: evil, roles: [evil] });
    for (const view of [[], ["--by", "user,rule,roles,path"], ["-f", "csv"]]) {
      const { stdout } = await rolegate(["audit", ...view], { input });
      assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202e]/);
      assert.match(stdout, /\/a\\u\{1b\}\[2J\\u\{9b\}31m\\u\{202e\}\\u\{7\}b/);
    }
  });
  test("no formula in CSV", async () => {
    const input = logOf({ subject: "=cmd|' /C calc'!A0", path: "/a" });
    const { stdout } = await rolegate(["audit", "-f", "csv", "--by", "user"], { input });
    assert.match(stdout, /^'=cmd/m);
  });
  test("patterns: what names one of many is a star, what means something is encoded", () => {
    const PATTERNS: [string, string][] = [
      ["/api/runs/17", "/api/runs/*"],
      ["/api/runs/3e9d5c7a-70b4-4f21-8c6d-5a1e2b9f8d07/x", "/api/runs/*/x"],
      ["/blob/0123456789abcdef0123", "/blob/*"],
      [`/reset/${random}`, "/reset/*"],
      ["/a{b}/*.txt/(x|y)/[id]", "/a%7Bb%7D/%2A.txt/%28x%7Cy%29/%5Bid%5D"],
      ["/v1/ä b`", "/v1/%C3%A4%20b%60"],
    ];
    for (const [given, pattern] of PATTERNS) assert.equal(patternOf(given), pattern);
  });
  test("--limit, and what is left", async () => {
    const input = logOf(...Array.from({ length: 60 }, (_, i) => ({ path: `/p${i}` })));
    const lines = async (...args: string[]) =>
      (await rolegate(["audit", ...args], { input })).stdout.trimEnd().split("\n");
    assert.equal((await lines()).at(-1), "… and 10 more: --limit 0 shows all");
    assert.equal((await lines()).length, 52);
    assert.equal((await lines("--limit", "0")).length, 61);
    assert.equal((await lines("--limit", "3")).length, 5);
  });
});

describe("what is not there", () => {
  test("a log without a decision of the plugin", async () => {
    const { code, stdout, stderr } = await rolegate(["audit"], { input: "nothing\n" });
    assert.deepEqual([code, stdout], [0, "No decision.\n"]);
    assert.match(stderr, /^warning: the log has no decision of the plugin: /);
  });
  test("a name that the log has not, because it has subjects", async () => {
    const input = logOf({ subject: "5f0c2f9e-6d1b-4c8e-9a57-0b8f4a1c7d21" });
    const { stdout, stderr } = await rolegate(["audit", "--user", "bob"], { input });
    assert.equal(stdout, "No decision.\n");
    assert.match(
      stderr,
      /no line is about bob: the log has subjects \(`sub`\), such as [\w-]{36}; /,
    );
    const names = await rolegate(["audit", ...NAMES, "--user", "bob"], { input });
    assert.deepEqual([/ bob /.test(names.stdout), names.stderr], [true, ""]);
  });
  test("a name that the log has, and one that it has not", async () => {
    const input = logOf({ user: "bob", subject: "x" });
    const { stdout } = await rolegate(["audit", "--user", "bob", "-f", "json"], { input });
    assert.equal((JSON.parse(stdout) as Row[])[0]!.user, "bob");
    const { stderr } = await rolegate(["audit", "--user", "rob"], { input });
    assert.match(stderr, /no line is about rob: the log names people such as bob\n$/);
  });
  test("lines that are cut off", async () => {
    const input = `${line({}).slice(0, -40)}\n${line({})}\n`;
    const { stdout, stderr } = await rolegate(["audit", "--by", "user"], { input });
    assert.match(stdout, /^bob +0 +1 /m);
    assert.equal(stderr, "warning: 1 line of the plugin cut off, and left out\n");
  });
  const WRONG: [string[], string][] = [
    [["none.log"], "file_unreadable"],
    [[LOG, "--by", "color"], "dimension_unknown"],
    [[LOG, "--since", "soon"], "time_invalid"],
    [[LOG, "--limit", "x"], "invalid_argument"],
    [[LOG, "--unused"], "config_missing"],
    [[LOG, "--suggest"], "config_missing"],
    [[LOG, "--names", LOG], "names_invalid"],
    [[LOG, "--names", "docs/jwks.json"], "names_invalid"],
    [["audit/people.json.gz"], "file_unreadable"],
  ];
  for (const [args, code] of WRONG) {
    test(`${args.join(" ")}: ${code}`, async () => {
      const ran = await audit(...args);
      assert.deepEqual([ran.code, complaint(ran).code, ran.stdout], [2, code, ""]);
    });
  }
});

describe("logs that are larger than the memory", () => {
  const count = 150_000;
  /** Every one another path: the worst that there is to keep. */
  const text = () =>
    Array.from({ length: count }, (_, i) => line({ path: `/a/${i}x`, method: "GET" })).join("\n");
  test("every line counts once, wherever it is cut, and what is kept is bounded", async () => {
    writeFileSync(path("large.log"), text());
    const env = { NODE_OPTIONS: "--max-old-space-size=80" };
    const { stdout, stderr } = await rolegate(["audit", path("large.log"), "-f", "json"], { env });
    assert.equal(stderr, "");
    const rows = JSON.parse(stdout) as Row[];
    assert.equal(sum(rows, "count"), count);
    assert.equal(rows.length, 20_001);
    const by = ["audit", path("large.log"), "--by", "user,rule", "-f", "json"];
    const [row] = JSON.parse((await rolegate(by, { env })).stdout) as Row[];
    assert.equal(row!.refused, count);
  });
  test("a line without an end is passed over", async () => {
    writeFileSync(path("long.log"), `${line({})}\n${"x".repeat(40 << 20)}\n${line({})}\n`);
    const env = { NODE_OPTIONS: "--max-old-space-size=80" };
    const ran = await rolegate(["audit", path("long.log"), "--by", "user", "-f", "json"], { env });
    assert.equal((JSON.parse(ran.stdout) as Row[])[0]!.refused, 2);
  });
});
