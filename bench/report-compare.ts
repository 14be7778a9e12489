/** The figures of `compare.ts` for people. */
import type { Comparison } from "./compare.ts";
import type { Scenario } from "./contenders.ts";
import type { Footprints } from "./footprint.ts";
import type { Latency } from "./latency.ts";
import { BUSY_SHARE } from "./machine.ts";
import { range, say, table } from "./report.ts";
import type { Throughput } from "./throughput.ts";

export function sayComparison(result: Comparison): void {
  for (const [name, one] of Object.entries(result.throughput)) sayThroughput(name as Scenario, one);
  for (const [name, one] of Object.entries(result.latency)) sayLatency(name as Scenario, one);
  if (result.footprints) sayFootprints(result.footprints);
  sayFailed(result.failed);
  if (result.absent.length > 0) say(`not in the folder: ${result.absent.join(", ")}`);
  if (result.upstream) say(`\nthe upstream alone: ${result.upstream.toFixed(0)} requests/s`);
}

function sayThroughput(scenario: Scenario, one: Throughput): void {
  const { credentials, bytes, sides, failed, others, disturbed } = one;
  say(`\n${scenario}: ${credentials} credential${credentials === 1 ? "" : "s"} of ${bytes} bytes`);
  const head = ["", "requests/s", "range", "of bare", "range", "of the floor", "range"];
  table(
    [...head, "Rolegate's by its", "CPU µs/request", "range", "beside", "p50 ms", "p99 ms"],
    sides.map(({ title, rate, ofBare, ofFloor, rolegate, cpu, beside, latency }) => [
      ...[title, ...range(rate), ...range(ofBare, 3)],
      ...(ofFloor ? range(ofFloor, 3) : ["", ""]),
      ...[rolegate.median.toFixed(2), ...range(cpu), beside ? beside.median.toFixed(0) : ""],
      ...[latency.p50.toFixed(2), latency.p99.toFixed(2)],
    ]),
  );
  sayFailed(failed);
  sayOthers(others);
  if (disturbed > 0) say(`${disturbed} rounds in which it was more were left out`);
}

function sayLatency(scenario: Scenario, one: Latency): void {
  const { rate, delays, slow, failed, late, others } = one;
  say(`\n${scenario}: ${rate} requests due in a second, half of what bare Traefik can do`);
  table(
    [
      ...["milliseconds", "p50", "range", "p99", "range", "p99 over bare", "range"],
      ...["p99 of the first second", "range"],
    ],
    delays.map(({ title, p50, p99, added, first }) => [
      ...[title, ...range(p50, 2), ...range(p99, 2), ...range(added.p99, 2), ...range(first, 2)],
    ]),
  );
  say(`the load generator itself was ${late.median.toFixed(2)} ms late with 1 % of the requests`);
  for (const it of slow) say(`${it.title} cannot: ${it.rate.toFixed(0)} requests/s`);
  sayFailed(failed);
  sayOthers(others);
}

function sayFootprints({ requests, footprints, failed }: Footprints): void {
  say(`\nstart, reload, memory; ${requests} requests held`);
  table(
    ["", "start ms", "range", "reload ms", "range", "idle MiB", "range", "KiB each held", "range"],
    footprints.map(({ title, scenario, start, reload, idle, held }) => [
      ...[`${title}, ${scenario}`, ...range(start), ...range(reload), ...range(idle)],
      ...range(held),
    ]),
  );
  sayFailed(failed);
}

function sayFailed(failed: Record<string, string>): void {
  for (const [name, why] of Object.entries(failed)) say(`${name} is left out: ${why}`);
}

function sayOthers(others: number | null): void {
  if (others === null) return;
  say(`others used ${(others * 100).toFixed(0)} % of the processors meanwhile`);
  if (others > BUSY_SHARE) say("that is too much for more than a rough figure");
}
