/** Figures for people. Everything goes to standard error, so that `--json` is alone on standard output. */
import type { Decide, Difference } from "./decide.ts";
import type { Touched } from "./lines.ts";
import type { HostCalls } from "./host-calls.ts";
import { isBusy, type Machine } from "./machine.ts";
import type { Memory } from "./memory.ts";
import type { Spread } from "./statistics.ts";

export function say(line = ""): void {
  console.error(line);
}

export function table(head: string[], rows: string[][]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  for (const row of [head, widths.map((width) => "─".repeat(width)), ...rows]) {
    say(
      row
        .map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
        .join("  "),
    );
  }
}

/** Median and the whole range. */
export function range(spread: Spread | null, digits = 0, factor = 1): string[] {
  if (!spread) return ["?", "?"];
  const text = (value: number) => (value * factor).toFixed(digits);
  return [text(spread.median), `${text(spread.min)}..${text(spread.max)}`];
}

/** Median and quartiles. */
export const quartiles = (spread: Spread, digits: number, factor = 1) =>
  range({ ...spread, min: spread.q1, max: spread.q3 }, digits, factor);

export function sayMachine(machine: Machine): void {
  const { cpu, cores, memory, date, load } = machine;
  say(`${cpu}, ${cores} cores, ${memory} GiB; ${date}; load ${load.toFixed(2)}`);
  if (isBusy(machine)) say("The machine is busy with something else: these figures are rough.");
}

export function sayHostCalls({ read, write }: HostCalls, pluginBytes: number): void {
  say(`host calls, warm: ${read.length} (${read.join(", ")})`);
  say(`host calls, warm, audited: ${write.length}`);
  say(`plugin.wasm: ${pluginBytes} bytes (${(pluginBytes / 1024).toFixed(1)} KiB)`);
}

export function sayMemory(memory: Memory): void {
  const { requests, pages, guests, kinds, shortest, longest, seconds } = memory;
  const sent = Object.entries(kinds).map(([kind, count]) => `${count} ${kind}`);
  say(`\n${requests} requests, each with another token of ${shortest} to ${longest} bytes`);
  say(`(${sent.join(", ")}), in ${seconds.toFixed(0)} s, guests: ${guests}`);
  table(
    ["after requests", "pages of 64 KiB"],
    pages.map((at) => [String(at.requests), String(at.pages)]),
  );
}

export function sayLines(results: (Touched & { name: string })[]): void {
  say("\nwhat a warm request touches of a guest's memory");
  table(
    ["", "loads", "stores", "lines of 64 bytes", "pages of 4 KiB", "host calls"],
    results.map(({ name, loads, stores, lines, pages, calls }) => [
      name,
      ...[loads, stores, lines, pages, calls.length].map(String),
    ]),
  );
}

export function sayDecide({ rules, wazero, node }: Decide): void {
  const row = (name: string, { one, many, more, least }: Difference) => [
    ...[name, ...range(one, 1), ...range(many, 1)],
    ...[...range(more, 2), least.toFixed(2)],
  ];
  say(
    `\na warm request that the last of ${rules} rules decides, beside the same with that rule alone`,
  );
  table(
    [
      "microseconds",
      "1 rule",
      "range",
      `${rules} rules`,
      "range",
      "more",
      "range",
      "of the fastest",
    ],
    [row("wazero, handle_request", wazero), row("Node, host included", node)],
  );
}
