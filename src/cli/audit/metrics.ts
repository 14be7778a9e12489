/**
 * `--metrics`: a log as counters and gauges, in Prometheus's text format (version 0.0.4). Labels
 * are the plugin's own words, issuers and names of the configuration; nothing that a client
 * chooses, so that no client makes series.
 */
import { type OwnLine, readOwn } from "./line.ts";
import { GOOD_EVENTS, type Metric, type MetricName, METRICS, SIGN_OUTS } from "./metrics-table.ts";

/** Series of one metric; what comes behind them is counted as one, whose labels are all `other`. */
const SERIES = 1000;
const OTHER = "other";
/** The form of the plugin's reasons, events and codes. */
const WORD = /^[a-z][a-z0-9_]{0,63}$/;

export class Metrics {
  private readonly series = new Map<MetricName, Map<string, number>>();

  constructor(private readonly most = SERIES) {
    for (const [name, { labels }] of Object.entries(METRICS)) {
      const isAlways = labels.length === 0 && name.endsWith("_total");
      this.series.set(name as MetricName, new Map(isAlways ? [["", 0]] : []));
    }
  }

  take(text: string): void {
    const own = readOwn(text);
    if (own === "other") return;
    this.count("rolegate_log_lines_total", [own === "broken" ? "broken" : "read"]);
    if (own === "broken") return;
    const time = Date.parse(own.time ?? "") / 1000;
    const seconds = Number.isNaN(time) ? null : time;
    if (seconds !== null) this.set("rolegate_log_last_line_timestamp_seconds", [], seconds);
    const take = TAKERS[String(own.data.rolegate)];
    if (take) take(this, own, seconds);
  }

  count(name: MetricName, labels: string[]): void {
    const key = this.keyOf(name, labels);
    const series = this.series.get(name)!;
    series.set(key, (series.get(key) ?? 0) + 1);
  }

  set(name: MetricName, labels: string[], value: number): void {
    this.series.get(name)!.set(this.keyOf(name, labels), value);
  }

  private keyOf(name: MetricName, labels: string[]): string {
    const series = this.series.get(name)!;
    const key = keyOf(METRICS[name].labels, labels);
    if (series.has(key) || series.size < this.most) return key;
    return keyOf(
      METRICS[name].labels,
      labels.map(() => OTHER),
    );
  }

  /** The text of a scrape. */
  text(): string {
    return (Object.entries(METRICS) as [MetricName, Metric][])
      .flatMap(([name, { type, help }]) => {
        const rows = [...this.series.get(name)!].sort(([a], [b]) => (a < b ? -1 : 1));
        if (rows.length === 0) return [];
        return [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} ${type}`,
          ...rows.map(([key, value]) => `${name}${key} ${value === Infinity ? "+Inf" : value}`),
        ];
      })
      .map((line) => `${line}\n`)
      .join("");
  }
}

function keyOf(names: readonly string[], values: string[]): string {
  if (names.length === 0) return "";
  return `{${names.map((name, i) => `${name}="${escaped(values[i] ?? "")}"`).join(",")}}`;
}

const escaped = (text: string) =>
  text.slice(0, 256).replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n");

const wordOf = (value: unknown) =>
  typeof value === "string" && WORD.test(value) ? value : value === undefined ? "" : OTHER;
const textOf = (value: unknown) => (typeof value === "string" ? value : "");

type Taker = (metrics: Metrics, own: OwnLine, seconds: number | null) => void;

/** By the kind of the line. */
const TAKERS: Record<string, Taker> = {
  audit(metrics, { data, middleware }) {
    const words = [wordOf(data.decision), wordOf(data.reason)];
    metrics.count("rolegate_decisions_total", [middleware ?? "", ...words]);
  },
  login(metrics, { data, middleware }) {
    const event = wordOf(data.event);
    const of = [middleware ?? ""];
    if (event === "store_read") metrics.set("rolegate_store_unread_seconds", of, 0);
    if (event === "store_unreadable") {
      const age = /; last read (\d{1,12}) s ago$/.exec(textOf(data.message))?.[1];
      metrics.set("rolegate_store_unread_seconds", of, age === undefined ? Infinity : Number(age));
    }
    if (event === "signed_in") metrics.count("rolegate_sign_ins_total", of);
    else if (event === "refreshed") metrics.count("rolegate_refreshes_total", of);
    else if (Object.hasOwn(SIGN_OUTS, event)) {
      metrics.count("rolegate_sign_outs_total", [...of, SIGN_OUTS[event]!]);
    } else if (!GOOD_EVENTS.includes(event)) {
      metrics.count("rolegate_login_failures_total", [...of, event, wordOf(data.reason)]);
    }
  },
  keys(metrics, { data }, seconds) {
    const event = wordOf(data.event);
    const file = textOf(data.file);
    const of = [textOf(data.issuer), file];
    if (event === "read" && seconds !== null) {
      metrics.set("rolegate_keys_read_timestamp_seconds", of, seconds);
    }
    if (event === "read" || event === "stale") {
      metrics.set("rolegate_keys_stale", of, event === "stale" ? 1 : 0);
    } else if (event !== "skipped") {
      metrics.count("rolegate_key_file_failures_total", [file, event]);
    }
  },
  config(metrics, { data }) {
    const labels = [wordOf(data.severity), wordOf(data.code)];
    metrics.count("rolegate_config_findings_total", labels);
  },
  revocations(metrics) {
    metrics.count("rolegate_revocation_failures_total", []);
  },
  recovered(metrics) {
    metrics.count("rolegate_recovered_total", []);
  },
  start(metrics, { data }) {
    metrics.count("rolegate_starts_total", [textOf(data.version)]);
  },
};
