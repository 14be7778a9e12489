/**
 * `rolegate audit --metrics` and the files of examples/metrics, by the real promtool and the real Prometheus: the counts of
 * a real Traefik's log are scraped, every query of the dashboard has an answer, and each alert fires when it has to.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { METRICS } from "../../src/cli/audit/metrics-table.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { root } from "../../tools/root.ts";
import { prefectLog } from "../cli/prefect-log.ts";
import { program } from "../cli/run.ts";
import { signInLines } from "../cli/sign-in-lines.ts";
import { needPrometheus, Prometheus, serveText } from "./prometheus.ts";

const EXAMPLES = join(root, "examples/metrics");
const undo = new Undo();
const folder = temporaryFolder("prometheus");
undo.add(() => folder.remove());
after(() => undo.all());
const path = (name: string) => join(folder.path, name);

interface Panel {
  title: string;
  targets: { expr: string }[];
}
const dashboard = JSON.parse(readFileSync(join(EXAMPLES, "dashboard.json"), "utf8")) as {
  panels: Panel[];
  templating: { list: { name: string; query: string }[] };
};
const queries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }) => [title, expr] as const),
);
/** As Grafana fills it in. */
const filled = (expr: string) =>
  expr.replaceAll("$__rate_interval", "1m").replaceAll("$middleware", ".*");

function promtool(args: string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("promtool", args, {
    ...{ cwd: folder.path, input, encoding: "utf8" },
  });
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout;
}

let feed: ReturnType<typeof spawn>;
let prometheus: Prometheus;
let log: string[] = [];

before(async () => {
  await needPrometheus();
  cpSync(EXAMPLES, folder.path, { recursive: true });
  // A stream, as `docker logs -f` gives it, into a file, as a node exporter reads it.
  const args = [program, "audit", "--metrics", "--output", path("rolegate.prom"), "--every", "1"];
  feed = spawn(process.execPath, args, { stdio: ["pipe", "ignore", "inherit"] });
  undo.add(async () => {
    feed.stdin!.end();
    await once(feed, "close");
  });
  log = [
    ...(await prefectLog({ format: "json", reportOnly: false })).lines,
    ...(await signInLines()),
  ];
  const exporter = await serveText(() => readFileSync(path("rolegate.prom"), "utf8"));
  undo.add(() => exporter.stop());
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yml"],
    scrape_configs: [{ job_name: "node", static_configs: [{ targets: [exporter.target] }] }],
  };
  writeFileSync(path("prometheus.yml"), stringify(config));
  feed.stdin!.write(log.map((it) => `${it}\n`).join(""));
});

test("promtool takes the metrics, the rules and the configuration", () => {
  const text = spawnSync(process.execPath, [program, "audit", "--metrics"], {
    input: log.join("\n"),
  }).stdout.toString();
  for (const name of Object.keys(METRICS).filter(
    (it) => !/config_findings|key_file|store_unread/.test(it),
  )) {
    assert.match(text, new RegExp(`^${name}[{ ]`, "m"));
  }
  promtool(["check", "metrics"], text);
  assert.match(promtool(["check", "rules", "rules.yml"]), /SUCCESS: 3 rules found/);
  cpSync(join(EXAMPLES, "prometheus.yml"), path("example.yml"));
  assert.match(promtool(["check", "config", "example.yml"]), /SUCCESS/);
});

describe("the alerts", () => {
  const keys = 'rolegate_keys_read_timestamp_seconds{issuer="i",file="/state/jwks-1.json"}';
  const failures = 'rolegate_login_failures_total{middleware="l",event="code_refused",reason=""}';
  const signIns = 'rolegate_sign_ins_total{middleware="l"}';
  const decisions = (reason: string) =>
    `rolegate_decisions_total{middleware="g",decision="deny",reason="${reason}"}`;
  /** Each a minute's step: alert, series, whether it fires after 40 minutes. */
  const CASES: [string, string, Record<string, string>, boolean][] = [
    ["RolegateKeysNotFetched", "were read at first alone", { [keys]: "0x60" }, true],
    [
      "RolegateKeysNotFetched",
      "are read every five minutes",
      { [keys]: "0x4 300x4 600x4 900x4 1200x4 1500x4 1800x4 2100x4 2400x4" },
      false,
    ],
    [
      "RolegateKeysNotFetched",
      "of a file that is put there by hand",
      { [keys.replace("jwks-1", "keys")]: "0x60" },
      false,
    ],
    [
      "RolegateKeysNotFetched",
      "are stale",
      { 'rolegate_keys_stale{issuer="i",file="f"}': "1x60" },
      true,
    ],
    ["RolegateSignInsFail", "all of them", { [failures]: "0+1x60" }, true],
    [
      "RolegateSignInsFail",
      "more than go well",
      { [failures]: "0+2x60", [signIns]: "0+1x60" },
      true,
    ],
    [
      "RolegateSignInsFail",
      "fewer than go well",
      { [failures]: "0+1x60", [signIns]: "0+2x60" },
      false,
    ],
    ["RolegateSignInsFail", "one now and then", { [failures]: "0x30 1x30" }, false],
    ...["config_error", "keys_unavailable", "revocations_unreadable", "login_router_missing"].map(
      (reason): [string, string, Record<string, string>, boolean] => [
        ...(["RolegateUnavailable", reason] as const),
        { [decisions(reason)]: "0+1x60" },
        true,
      ],
    ),
    [
      "RolegateUnavailable",
      "a rule refuses",
      { [decisions("rule_not_satisfied")]: "0+1x60" },
      false,
    ],
    ["RolegateUnavailable", "a trap", { rolegate_recovered_total: "0x35 1x25" }, true],
    [
      "RolegateUnavailable",
      "revocations",
      { rolegate_revocation_failures_total: "0x35 1x25" },
      true,
    ],
    ["RolegateUnavailable", "a trap, long ago", { rolegate_recovered_total: "0x5 1x60" }, false],
  ];
  for (const [alert, name, series, fires] of CASES) {
    test(`${alert}, ${name}: ${fires ? "fires" : "is silent"}`, () => {
      const cases = {
        rule_files: ["rules.yml"],
        evaluation_interval: "1m",
        tests: [
          {
            interval: "1m",
            input_series: Object.entries(series).map(([it, values]) => ({ series: it, values })),
            promql_expr_test: [
              {
                expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
                eval_time: "40m",
                exp_samples: [{ labels: "{}", value: fires ? 1 : 0 }],
              },
            ],
          },
        ],
      };
      writeFileSync(path("cases.yml"), stringify(cases));
      promtool(["test", "rules", "cases.yml"]);
    });
  }
});

describe("the real Prometheus", () => {
  before(async () => {
    prometheus = await Prometheus.start(folder.path);
    undo.add(() => prometheus.stop());
  });

  test("has scraped what the log has", async () => {
    const denied = 'sum by (reason) (rolegate_decisions_total{decision="deny"})';
    const series = await prometheus.until(denied, (it) => it.length > 0);
    const count = new Map(series.map(({ metric, value }) => [metric.reason, Number(value[1])]));
    assert.deepEqual([...count].sort(), [
      ["audience_mismatch", 1],
      ["credential_missing", 1],
      ["path_control", 1],
      ["rule_not_satisfied", 6],
    ]);
    for (const [name, expected] of [
      ["rolegate_sign_ins_total", 1],
      ["rolegate_refreshes_total", 1],
      ["rolegate_sign_outs_total", 1],
      ['rolegate_login_failures_total{event="code_refused"}', 1],
      ["rolegate_keys_stale", 0],
    ] as const) {
      const [row] = await prometheus.query(name);
      assert.equal(Number(row!.value[1]), expected, name);
    }
  });
  test("has loaded the rules, and none of them is in error", async () => {
    interface Rule {
      name: string;
      health: string;
      lastError?: string;
    }
    const rules = async () =>
      (await prometheus.get<{ groups: { rules: Rule[] }[] }>("rules")).groups.flatMap(
        (it) => it.rules,
      );
    await prometheus.until("vector(1)", () => true);
    while ((await rules()).some(({ health }) => health === "unknown"))
      await new Promise((r) => setImmediate(r));
    assert.deepEqual(
      (await rules()).map(({ name, health, lastError = "" }) => [name, health, lastError]),
      ["RolegateKeysNotFetched", "RolegateSignInsFail", "RolegateUnavailable"].map((it) => [
        it,
        "ok",
        "",
      ]),
    );
  });
  test("sees the count rise while the log goes on", async () => {
    const signIns = "sum(rolegate_sign_ins_total)";
    const line = log.find((it) => it.includes("signed_in"))!;
    feed.stdin!.write(`${line}\n${line}\n`);
    await prometheus.until(signIns, ([row]) => Number(row?.value[1]) === 3);
    await prometheus.until(
      "sum(increase(rolegate_sign_ins_total[1m]))",
      ([row]) => Number(row?.value[1]) > 1,
    );
  });
  test("the dashboard asks for metrics that there are", () => {
    const { list } = dashboard.templating;
    const texts = [...queries.map(([, expr]) => expr), ...list.map(({ query }) => query)];
    const names = texts.flatMap((it) => it.match(/\brolegate_\w+/g) ?? []);
    for (const name of names) assert.ok(Object.hasOwn(METRICS, name), name);
    assert.ok(queries.length >= 12);
  });
  for (const [title, expr] of queries) {
    test(`has an answer for '${title}': ${expr.slice(0, 70)}`, async () => {
      // Nothing is wrong with this configuration.
      const isEmpty = expr.includes("config_findings");
      await prometheus.until(filled(expr), (it) => it.length > 0 !== isEmpty);
    });
  }
});
