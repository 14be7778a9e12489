/** The results of `--startup`, for people. */
import { quartiles, range, say, table } from "./report.ts";
import type { Startup, StartupAgainst, Times } from "./startup.ts";

const ROWS: [string, Times][] = [
  ["a new guest", "guest"],
  ["  instantiated by wazero", "instantiate"],
  ["  its own start", "initialize"],
  ["its first request, token verified", "firstRequest"],
  ["a warm request, all of the middleware", "warm"],
  ["a warm request, the guests in turn", "rotating"],
];

export function sayStartup(rolegate: Startup, against: StartupAgainst | null): void {
  say(`\n${rolegate.guests} new guests with ${rolegate.rules} rules`);
  const times = (of: Startup, name: Times) => [
    ...range(of[name], 3, 1e-3),
    quartiles(of[name], 3, 1e-3)[1]!,
  ];
  const columns = (title: string) => [title, "range", "quartiles"];
  table(
    [
      ...["milliseconds", ...columns("Rolegate")],
      ...(against ? [...columns("against"), "quotient", "quartiles"] : []),
    ],
    ROWS.map(([title, name]) => [
      ...[title, ...times(rolegate, name)],
      ...(against ? [...times(against, name), ...quartiles(against.quotients[name], 3)] : []),
    ]),
  );
  sayOnce("plugin.wasm", rolegate);
  if (against) sayOnce("against", against);
}

function sayOnce(title: string, { compile, pages, heapPerGuest }: Startup): void {
  const heap = (heapPerGuest / 1024).toFixed(0);
  say(`${title}: compiled in ${compile.toFixed(0)} ms, once for a Traefik;`);
  say(`  a guest after one request: ${pages} pages, ${heap} KiB of Go's heap`);
}
