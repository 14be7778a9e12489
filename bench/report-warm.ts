/** The results of `--warm`, for people. */
import { quartiles, say, table } from "./report.ts";
import type { Compared, Cost, Warm } from "./warm.ts";

export function sayWarm(results: Warm[]): void {
  const against = results.some((it) => it.against !== null);
  say("\na warm request on wazero, by guests in turn: what it costs more than with no middleware");
  const times = (it: Compared) => [...quartiles(it.time, 1), ...quartiles(it.quotient, 3)];
  const columns = (other: string) => [other, "quartiles", `Rolegate by ${other}`, "quartiles"];
  table(
    [
      ...["microseconds", "guests", "Rolegate", "quartiles", ...columns("floor")],
      ...(against ? columns("against") : []),
    ],
    results.map((it) => [
      ...[it.load, String(it.guests), ...quartiles(it.rolegate.time, 1), ...times(it.floor)],
      ...(it.against ? times(it.against) : []),
    ]),
  );
  sayCounts(results);
}

/** Counts of the most guests: with fewer they are about the same. */
function sayCounts(results: Warm[]): void {
  const most = Math.max(...results.map(({ guests }) => guests));
  const shown = results.filter(({ guests }) => guests === most);
  const counts = ({ allocations, bytes, instructions }: Cost) => [
    `${allocations.toFixed(1)}`,
    bytes.toFixed(0),
    instructions?.toFixed(0) ?? "not counted here",
  ];
  say(`\n${most} guests`);
  table(
    ["a request", "by", "allocations", "bytes", "instructions"],
    shown.flatMap(({ load, rolegate, floor, against }) => [
      [load, "Rolegate", ...counts(rolegate)],
      ["", "floor", ...counts(floor)],
      ...(against ? [["", "against", ...counts(against)]] : []),
    ]),
  );
}
