/** Writes RESULTS.md and its pictures: nothing in them but what one run has measured. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../tools/root.ts";
import { findTraefik, traefikVersion } from "../stack/traefik/binary.ts";
import type { Comparison } from "./compare.ts";
import type { Scenario } from "./contenders.ts";
import type { Latency } from "./latency.ts";
import { BUSY_SHARE, isBusy, type Machine } from "./machine.ts";
import type { Spread } from "./statistics.ts";
import type { Throughput } from "./throughput.ts";

export interface Run {
  machine: Machine;
  rounds: number;
  seconds: number;
  connections: number;
  quiet: boolean;
  gogc?: string | undefined;
}

/** The scenarios in words, for the tables and the pictures. */
const NAMES: Record<Scenario, string> = {
  warm: "An access token that has been seen before",
  distinct: "Another access token each time (4,096 in turn)",
  session: "A session cookie",
  "api-key": "An API key",
};

export async function writeResults(folder: string, result: Comparison, run: Run): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const traefik = (await traefikVersion(await findTraefik())) ?? "of no known version";
  writeFileSync(join(folder, "RESULTS.md"), page(result, run, traefik));
  const panels = Object.entries(result.throughput)
    .filter(([name]) => name !== "api-key")
    .map(([name, one]) => panel(NAMES[name as Scenario], one));
  execFileSync(process.execPath, [join(root, "bench/chart/draw.mjs"), folder], {
    input: JSON.stringify({ panels, note: noteOf(result) }),
    stdio: ["pipe", "inherit", "inherit"],
  });
}

function panel(title: string, { sides }: Throughput) {
  const bars = sides
    .filter(({ name }) => !name.startsWith("floor"))
    .map(({ title: name, name: key, rate, ofBare }) => ({
      name,
      value: ofBare.median,
      label: `${percent(ofBare.median)}, ${thousands(rate.median)} requests/s`,
      ours: key.startsWith("rolegate"),
    }));
  return { title, bars: bars.sort((a, b) => b.value - a.value) };
}

/** With as many digits as a small one needs. */
const percent = (share: number) =>
  `${(share * 100).toFixed(share < 0.001 ? 2 : share < 0.01 ? 1 : 0)} %`;
const thousands = (value: number) => Math.round(value).toLocaleString("en-US");

/** Median, and the range of the rounds. */
function range(of: Spread | null, digits = 0): string {
  if (!of) return "";
  const text = (value: number) =>
    digits === 0
      ? thousands(value)
      : value.toFixed(value > 0 && value < 0.01 ? digits + 2 : digits);
  return `${text(of.median)} (${text(of.min)}..${text(of.max)})`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

function page(result: Comparison, run: Run, traefik: string): string {
  const { footprints, upstream } = result;
  const measured = Object.entries(result.throughput) as [Scenario, Throughput][];
  const delayed = Object.entries(result.latency) as [Scenario, Latency][];
  return [
    "# Results",
    `Written by \`npm run bench -- --peers DIR --results bench\`. [README.md](README.md) says what is measured, and how.`,
    circumstances(result, run, traefik),
    versions(result),
    "## Requests in a second",
    `As many as are answered on ${run.connections} connections. Figures are the median of ${run.rounds} rounds and their range; ratios are of the same round. Processor time is of one request.`,
    ...measured.flatMap(([name, one]) => [
      `### ${NAMES[name]}`,
      throughputTable(one),
      leftOut(one.failed),
    ]),
    upstream ? `The upstream alone answers ${thousands(upstream)} requests/s.` : "",
    ...(delayed.length > 0
      ? [
          "## Latency at a fixed rate",
          "Half of the requests in a second that bare Traefik can answer, each at its time, whatever became of the ones before. A request's time counts from when it is due. The first second of each run is a warm-up, which is told apart: connections are opened, and Traefik makes guests. A contender that cannot answer as many has no latency: the queue grows without end.",
        ]
      : []),
    ...delayed.flatMap(([name, one]) => [
      `### ${NAMES[name]}: ${thousands(one.rate)} requests/s`,
      latencyTable(one),
      `The load generator itself was late by ${range(one.late, 2)} ms with 1 % of the requests.`,
      leftOut(one.failed),
    ]),
    ...(footprints
      ? [
          "## Start, reload, memory",
          `Start: from the start of Traefik until it answers. Reload: from a change of the configuration until it answers by the new one. Resident memory is of Traefik, and of the process beside it; a request held is one of ${thousands(footprints.requests)} that wait for the upstream's answer; without a figure is what does not let as many through in 20 seconds.`,
          footprintTable(footprints.footprints),
          leftOut(footprints.failed),
        ]
      : []),
  ]
    .filter(Boolean)
    .join("\n\n")
    .concat("\n");
}

/** The share of the processors that others used, in the busiest part. */
function othersOf({ throughput, latency }: Comparison): number | null {
  const shares = [...Object.values(throughput), ...Object.values(latency)]
    .map(({ others }) => others)
    .filter((it) => it !== null);
  return shares.length > 0 ? Math.max(...shares) : null;
}

function noteOf(result: Comparison): string {
  const others = othersOf(result) ?? 0;
  if (others <= BUSY_SHARE) return "";
  return `Rough figures: other processes used up to ${percent(others)} of the processors.`;
}

function circumstances(result: Comparison, run: Run, traefik: string): string {
  const { cpu, cores, memory, date } = run.machine;
  const most = othersOf(result);
  const others =
    most === null
      ? isBusy(run.machine)
        ? "It was busy with something else."
        : ""
      : `Other processes used up to ${percent(most)} of the processors (median of the rounds)${most > BUSY_SHARE ? ", so these figures are rough" : ""}.`;
  const commit = git("rev-parse", "--short", "HEAD");
  const changed = git("status", "--porcelain", "--untracked-files=no") ? " and changes" : "";
  const wasm = readFileSync(join(root, "plugin.wasm"));
  const digest = createHash("sha256").update(wasm).digest("hex").slice(0, 12);
  const rows = [
    ["Machine", `${cpu}, ${cores} cores, ${memory} GiB. ${others}`],
    ["Date", date],
    [
      "Rolegate",
      `commit ${commit}${changed}, plugin.wasm ${digest}, ${thousands(wasm.length)} bytes`,
    ],
    ["Traefik", `${traefik}${run.gogc === undefined ? "" : `, GOGC=${run.gogc}`}`],
    ["Rounds", `${run.rounds} of ${run.seconds} seconds each${run.quiet ? ", `--quiet`" : ""}`],
  ];
  return table(["", ""], rows).replace("---:", "---");
}

function git(...args: string[]): string {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}

function versions({ versions: all, absent, failed }: Comparison): string {
  const rows = [
    ...Object.entries(all),
    ...absent.map((name) => [name, "not measured: not in the folder"]),
    ...Object.entries(failed).map(([name, why]) => [name, `not measured: ${why.split("\n")[0]!}`]),
  ];
  return rows.length === 0 ? "" : table(["Peer", "Version"], rows).replace("---:", "---");
}

/** Those that failed while they were measured. */
const leftOut = (failed: Record<string, string>) =>
  Object.entries(failed)
    .map(([name, why]) => `${name} is left out: ${why.split("\n")[0]!}`)
    .join("\n\n");

function throughputTable({ sides }: Throughput): string {
  const head = ["", "Requests/s", "Bare Traefik = 1", "Floor guest = 1", "Rolegate ÷ this"];
  return table(
    [...head, "Traefik's CPU µs", "CPU µs beside it"],
    sides.map(({ name, title, rate, ofBare, ofFloor, rolegate, cpu, beside }) => [
      name.startsWith("rolegate") ? `**${title}**` : title,
      ...[range(rate), name === "bare" ? "" : range(ofBare, 2)],
      ...[name.startsWith("floor") ? "" : range(ofFloor, 2)],
      ...[name.startsWith("rolegate") ? "" : range(rolegate, 2), range(cpu), range(beside)],
    ]),
  );
}

function latencyTable({ delays, slow }: Latency): string {
  return table(
    ["Milliseconds", "p50", "p99", "p99 more than bare Traefik's", "p99 of the first second"],
    [
      ...delays.map(({ name, title, p50, p99, added, first }) => [
        name.startsWith("rolegate") ? `**${title}**` : title,
        ...[range(p50, 2), range(p99, 2), name === "bare" ? "" : range(added.p99, 2)],
        range(first, 2),
      ]),
      ...slow.map(({ title, rate }) => [
        ...[title, "", "", `too slow: ${thousands(rate)} requests/s at most`, ""],
      ]),
    ],
  );
}

function footprintTable(all: NonNullable<Comparison["footprints"]>["footprints"]): string {
  return table(
    ["", "Start ms", "Reload ms", "Idle MiB", "KiB for a request held"],
    all.map(({ name, title, scenario, start, reload, idle, held }) => [
      `${name.startsWith("rolegate") ? `**${title}**` : title}${SUFFIX[scenario] ?? ""}`,
      ...[range(start), range(reload), range(idle), range(held)],
    ]),
  );
}

/** Tells apart a contender's several set-ups. */
const SUFFIX: Record<string, string> = { session: ", sessions", "api-key": ", API keys" };
