/** `rolegate audit --metrics`: every kind of line is counted, no client makes series, and a stream keeps a file up to date. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Metrics } from "../../src/cli/audit/metrics.ts";
import { METRICS } from "../../src/cli/audit/metrics-table.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { complaint, program, rolegate } from "./run.ts";

const folder = temporaryFolder("metrics");
after(() => folder.remove());
const path = (name: string) => join(folder.path, name);

const TIME = "2026-11-24T08:00:00Z";
const SECONDS = Date.parse(TIME) / 1000;
const ISSUER = "https://sso.example.com";
const FILE = "/state/jwks-0a.json";

function line(data: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const message = JSON.stringify(data);
  return JSON.stringify({
    level: "info",
    time: TIME,
    middlewareName: "gate@file",
    message,
    ...more,
  });
}
const audit = (decision: string, reason: string) =>
  line({ rolegate: "audit", time: TIME, decision, reason, subject: "bob", path: "/x" });
const login = (event: string, reason?: string) =>
  line({ rolegate: "login", event, subject: "bob", user: "bob", ...(reason ? { reason } : {}) });
const keys = (event: string) => line({ rolegate: "keys", event, issuer: ISSUER, file: FILE });

function counted(lines: string[], most?: number): string[] {
  const metrics = new Metrics(most);
  for (const it of lines) metrics.take(it);
  return metrics
    .text()
    .split("\n")
    .filter((it) => it !== "" && !it.startsWith("#"));
}
const of = (lines: string[], name: string) => counted(lines).filter((it) => it.startsWith(name));

describe("each kind of line", () => {
  const GATE = 'middleware="gate@file"';
  const ROWS: [string, string[], string[]][] = [
    [
      "rolegate_decisions_total",
      [audit("deny", "no_rule"), audit("allow", "none"), audit("deny", "no_rule")],
      [
        `rolegate_decisions_total{${GATE},decision="allow",reason="none"} 1`,
        `rolegate_decisions_total{${GATE},decision="deny",reason="no_rule"} 2`,
      ],
    ],
    [
      "rolegate_sign_ins_total",
      [login("signed_in"), login("signed_in")],
      [`rolegate_sign_ins_total{${GATE}} 2`],
    ],
    ["rolegate_refreshes_total", [login("refreshed")], [`rolegate_refreshes_total{${GATE}} 1`]],
    [
      "rolegate_sign_outs_total",
      ["signed_out", "signed_out_by_provider", "signed_out_by_frame"].map((it) => login(it)),
      ["frame", "provider", "user"].map((by) => `rolegate_sign_outs_total{${GATE},by="${by}"} 1`),
    ],
    [
      "rolegate_login_failures_total",
      [
        ...[
          login("id_token_refused", "key_unknown"),
          login("refresh_refused"),
          login("keys_not_fetched"),
        ],
        ...[login("begun_anew"), login("no_refresh_token"), login("signed_in")],
      ],
      [
        `rolegate_login_failures_total{${GATE},event="id_token_refused",reason="key_unknown"} 1`,
        `rolegate_login_failures_total{${GATE},event="keys_not_fetched",reason=""} 1`,
        `rolegate_login_failures_total{${GATE},event="refresh_refused",reason=""} 1`,
      ],
    ],
    [
      "rolegate_keys_",
      [keys("read"), keys("stale")],
      [
        `rolegate_keys_read_timestamp_seconds{issuer="${ISSUER}",file="${FILE}"} ${SECONDS}`,
        `rolegate_keys_stale{issuer="${ISSUER}",file="${FILE}"} 1`,
      ],
    ],
    [
      "rolegate_keys_stale",
      [keys("stale"), keys("read"), keys("skipped")],
      [`rolegate_keys_stale{issuer="${ISSUER}",file="${FILE}"} 0`],
    ],
    [
      "rolegate_key_file_failures_total",
      [keys("missing"), keys("refused"), keys("read")],
      ["missing", "refused"].map(
        (it) => `rolegate_key_file_failures_total{file="${FILE}",event="${it}"} 1`,
      ),
    ],
    [
      "rolegate_config_findings_total",
      [line({ rolegate: "config", severity: "error", path: "rules[0]", code: "syntax" })],
      ['rolegate_config_findings_total{severity="error",code="syntax"} 1'],
    ],
    [
      "rolegate_revocation_failures_total",
      [line({ rolegate: "revocations", event: "unreadable" })],
      ["rolegate_revocation_failures_total 1"],
    ],
    ...(
      [
        ["no answer; last read 75 s ago", [], "75"],
        ["no answer; never read", [], "+Inf"],
        ["no answer; last read 9999999999999 s ago", [], "+Inf"],
        ["no answer; last read 75 s ago", ["store_read"], "0"],
      ] as const
    ).map(([message, later, value]): [string, string[], string[]] => [
      "rolegate_store_unread_seconds",
      [
        line({ rolegate: "login", event: "store_unreadable", message }),
        ...later.map((it) => login(it)),
      ],
      [`rolegate_store_unread_seconds{${GATE}} ${value}`],
    ]),
    ["rolegate_recovered_total", [line({ rolegate: "recovered" })], ["rolegate_recovered_total 1"]],
    [
      "rolegate_starts_total",
      [line({ rolegate: "start", version: "0.1.0" })],
      ['rolegate_starts_total{version="0.1.0"} 1'],
    ],
    [
      "rolegate_log_lines_total",
      [audit("allow", "none"), audit("allow", "none").slice(0, -20), "something else"],
      ['rolegate_log_lines_total{state="broken"} 1', 'rolegate_log_lines_total{state="read"} 1'],
    ],
    [
      "rolegate_log_last_line_timestamp_seconds",
      [audit("allow", "none")],
      [`rolegate_log_last_line_timestamp_seconds ${SECONDS}`],
    ],
  ];
  for (const [name, lines, expected] of ROWS) {
    test(`${name} ${expected.length}`, () => assert.deepEqual(of(lines, name), expected));
  }
  test("no metric is without a row here", () => {
    const tried = ROWS.map(([name]) => name);
    for (const name of Object.keys(METRICS)) {
      assert.ok(
        tried.some((it) => name.startsWith(it)),
        name,
      );
    }
  });
  test("what may be missing at first is 0, so that its first time shows", () => {
    assert.deepEqual(counted([]), [
      "rolegate_revocation_failures_total 0",
      "rolegate_recovered_total 0",
    ]);
  });
  test("lines in Traefik's common format", () => {
    const message = '{"rolegate":"login","event":"signed_in"}';
    const text = `2026-11-24T09:00:00+01:00 INF ${message} middlewareName=gate@file`;
    assert.deepEqual(of([text], "rolegate_sign"), [`rolegate_sign_ins_total{${GATE}} 1`]);
    assert.deepEqual(of([text], "rolegate_log_last"), [
      `rolegate_log_last_line_timestamp_seconds ${SECONDS}`,
    ]);
  });
});

describe("labels", () => {
  test("a word that the plugin does not write becomes other, and text is escaped", () => {
    const odd = [
      line({ rolegate: "audit", decision: "A b", reason: 'x"} 1\ny' }),
      line({ rolegate: "start", version: 'a"b\\c\nd' }),
    ];
    assert.deepEqual(of(odd, "rolegate_decisions_total"), [
      'rolegate_decisions_total{middleware="gate@file",decision="other",reason="other"} 1',
    ]);
    assert.deepEqual(of(odd, "rolegate_starts_total"), [
      'rolegate_starts_total{version="a\\"b\\\\c\\nd"} 1',
    ]);
  });
  test("so many series, and one for the rest", () => {
    const many = Array.from({ length: 50 }, (_, i) => audit("deny", `reason_${i}`));
    const rows = counted([...many, ...many], 10).filter((it) => it.includes("_decisions_"));
    assert.equal(rows.length, 11);
    assert.ok(
      rows.includes(
        'rolegate_decisions_total{middleware="other",decision="other",reason="other"} 80',
      ),
    );
  });
  test("a client makes no series: neither its path nor its name is one", () => {
    const lines = Array.from({ length: 50 }, (_, i) =>
      line({
        ...{ rolegate: "audit", time: TIME, decision: "deny", reason: "no_rule" },
        subject: `s${i}`,
        user: `u${i}`,
        path: `/${i}`,
        client: `192.0.2.${i}`,
        method: `M${i}`,
      }),
    );
    assert.equal(of(lines, "rolegate_decisions_total").length, 1);
  });
});

describe("the command", () => {
  const log = [audit("deny", "no_rule"), login("signed_in"), "not ours"].join("\n");
  test("prints what a log has", async () => {
    const { code, stdout, stderr } = await rolegate(["audit", "--metrics"], { input: log });
    assert.deepEqual([code, stderr], [0, ""]);
    const metrics = new Metrics();
    for (const it of log.split("\n")) metrics.take(it);
    assert.equal(stdout, metrics.text());
  });
  test("--output writes a file in place of it", async () => {
    writeFileSync(path("traefik.log"), log);
    const args = ["audit", path("traefik.log"), "--metrics", "--output", path("a.prom")];
    const { code, stdout, stderr } = await rolegate(args);
    assert.deepEqual([code, stdout, stderr], [0, "", ""]);
    assert.match(readFileSync(path("a.prom"), "utf8"), /^rolegate_sign_ins_total\{.*\} 1$/m);
    assert.equal(existsSync(path("a.prom.tmp")), false);
  });
  test("a folder that is not there is said at once", async () => {
    const child = spawn(process.execPath, [
      program,
      "audit",
      "--metrics",
      "--output",
      path("no/a.prom"),
    ]);
    // Its standard input never ends.
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 3);
    const args = ["audit", "--metrics", "--output", path("no/a.prom")];
    assert.equal(complaint(await rolegate(args, { input: log })).code, "file_unwritable");
  });
  test("while a stream goes on, the file is written again and again", async () => {
    const args = [program, "audit", "--metrics", "--output", path("live.prom"), "--every", "1"];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "inherit"] });
    const ended = once(child, "close");
    try {
      for (let count = 1; count <= 3; count++) {
        child.stdin.write(`${login("signed_in")}\n`);
        const wanted = new RegExp(`^rolegate_sign_ins_total\\{.*\\} ${count}$`, "m");
        const seen = () => existsSync(path("live.prom")) && readFileSync(path("live.prom"), "utf8");
        while (!wanted.test(seen() || "")) await setTimeout(20);
      }
    } finally {
      child.stdin.end();
      await ended;
    }
  });
});
