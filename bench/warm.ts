/**
 * A warm request on the Go host, taken by 1, 8, 32 and 64 guests in turn: what it costs more than a handler that does
 * nothing. Another plugin.wasm does the same in alternating batches. It is the figure by which a change of the guest is
 * judged: throughput through Traefik swings by more.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { root } from "../tools/root.ts";
import { marshal } from "../src/guest/config.ts";
import { loads, type Load } from "./loads.ts";
import { buildProgram, runProgram } from "./program.ts";
import { spread, type Spread } from "./statistics.ts";
import { wire } from "./workload.ts";

export interface WarmOptions {
  /** Another plugin.wasm. */
  against?: string | undefined;
  /** Names of loads; default: all. */
  only?: string | undefined;
  /** Requests with bodies, too. */
  bodies: boolean;
  guests: number[];
  /** Requests of a batch. */
  requests: number;
  batches: number;
}

/** What a request costs more than without a middleware. */
export interface Cost {
  /** Microseconds. */
  time: Spread;
  /** Medians of Go's heap; a guest's memory is not on it. */
  allocations: number;
  bytes: number;
  /** The median; null where the kernel does not count them. */
  instructions: number | null;
}

export interface Warm {
  load: string;
  guests: number;
  /** Microseconds of a request with no middleware, which are taken off. */
  nothing: number;
  rolegate: Cost;
  /** The other module, and Rolegate's time by its own, of the batches' pairs. */
  against: (Cost & { quotient: Spread }) | null;
}

type Name = "nothing" | "rolegate" | "against";
type Measure = "time" | "allocations" | "bytes" | "instructions";

interface Result {
  guests: number;
  costs: Record<Name, Record<Measure, number[]>>;
}

export async function measureWarm(options: WarmOptions): Promise<Warm[]> {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-warm");
  const path = join(folder.path, "plan.json");
  const all = loads(options.bodies);
  const chosen = options.only ? all.filter(({ name }) => name === options.only) : all;
  if (chosen.length === 0) throw new Error(`--only: one of ${all.map((it) => it.name).join(", ")}`);
  const results: Warm[] = [];
  try {
    for (const load of chosen) {
      writeFileSync(path, JSON.stringify(await planOf(load, options)));
      const measured = await runProgram<Result[]>(wazero, ["warm", "-plan", path]);
      results.push(...measured.map((result) => warmOf(load.name, result)));
    }
  } finally {
    folder.remove();
  }
  return results;
}

/** What the Go program reads: see wazero/warm.go. */
async function planOf(load: Load, { against, guests, batches, requests }: WarmOptions) {
  const config = marshal(load.config);
  const of = async (name: Name, wasm: string) => ({
    ...{ name, wasm, config, requests: (await load.calls(wasm)).map(wire) },
  });
  const rolegate = await of("rolegate", join(root, "plugin.wasm"));
  const contenders = [{ ...rolegate, name: "nothing", wasm: "" }, rolegate];
  if (against !== undefined) contenders.push(await of("against", against));
  return { contenders, guests, batches, requests };
}

function warmOf(load: string, { guests, costs }: Result): Warm {
  const { nothing, rolegate, against } = costs;
  const over = (of: Record<Measure, number[]>, measure: Measure) =>
    of[measure].map((value, batch) => value - nothing[measure][batch]!);
  const median = (values: number[]) => spread(values).median;
  const costOf = (of: Record<Measure, number[]>): Cost => ({
    time: spread(over(of, "time")),
    allocations: median(over(of, "allocations")),
    bytes: median(over(of, "bytes")),
    instructions: of.instructions.length > 0 ? median(over(of, "instructions")) : null,
  });
  const times = over(rolegate, "time");
  const quotientOf = (of: Record<Measure, number[]>) =>
    spread(over(of, "time").map((time, batch) => times[batch]! / time));
  return {
    ...{ load, guests, nothing: median(nothing.time), rolegate: costOf(rolegate) },
    against: against ? { ...costOf(against), quotient: quotientOf(against) } : null,
  };
}
