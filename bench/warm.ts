/**
 * A warm request on the Go host, taken by 1, 8, 32 and 64 guests in turn: what it costs more than a handler that does
 * nothing. The floor guest, and another plugin.wasm, do the same in alternating batches. It is the figure by which a
 * change of the guest is judged: throughput through Traefik swings by more.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { root } from "../tools/root.ts";
import { marshal } from "../src/guest/config.ts";
import { floorGuest } from "./floor/guest.ts";
import type { Load } from "./loads.ts";
import { buildProgram, runProgram } from "./program.ts";
import { spread, type Spread } from "./statistics.ts";
import { wire, type Call } from "./workload.ts";

export interface WarmOptions {
  loads: Load[];
  /** Another plugin.wasm. */
  against?: string | undefined;
  guests: number[];
  /** Requests of a batch. */
  requests: number;
  batches: number;
  /** KiB of other memory that are read before each request. */
  cold?: number;
}

/** The cost of a request, less the same without a middleware. */
export interface Cost {
  /** Microseconds. */
  time: Spread;
  /** Medians of Go's heap; a guest's memory is not on it. */
  allocations: number;
  bytes: number;
  /** The median; null where the kernel does not count them. */
  instructions: number | null;
}

/** A module beside Rolegate: Rolegate's time by its own, of the batches' pairs. */
export type Compared = Cost & { quotient: Spread };

export interface Warm {
  load: string;
  guests: number;
  /** Microseconds of a request with no middleware, which are taken off. */
  nothing: number;
  rolegate: Cost;
  /** The floor guest. */
  floor: Compared;
  /** The other module. */
  against: Compared | null;
}

type Name = "nothing" | "rolegate" | "floor" | "against";
type Measure = "time" | "allocations" | "bytes" | "instructions";
type Samples = Record<Measure, number[]>;

interface Result {
  guests: number;
  costs: Record<Exclude<Name, "against">, Samples> & { against?: Samples };
}

export async function measureWarm(options: WarmOptions): Promise<Warm[]> {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-warm");
  const plan = join(folder.path, "plan.json");
  const results: Warm[] = [];
  try {
    for (const load of options.loads) {
      writeFileSync(plan, JSON.stringify(await planOf(load, folder.path, options)));
      const measured = await runProgram<Result[]>(wazero, ["warm", "-plan", plan]);
      results.push(...measured.map((result) => warmOf(load.name, result)));
    }
  } finally {
    folder.remove();
  }
  return results;
}

/** The input of the Go program: see wazero/warm.go. */
async function planOf(load: Load, folder: string, options: WarmOptions) {
  const { against, guests, batches, requests, cold = 0 } = options;
  const config = marshal(load.config);
  const contender = (name: Name, wasm: string, calls: Call[]) => ({
    ...{ name, wasm, config, requests: calls.map(wire) },
  });
  const wasm = join(root, "plugin.wasm");
  const calls = await load.calls(wasm);
  const floor = join(folder, "floor.wasm");
  writeFileSync(floor, await floorGuest({ wasm, config: load.config }, calls));
  const contenders = [
    contender("nothing", "", calls),
    contender("rolegate", wasm, calls),
    contender("floor", floor, calls),
  ];
  if (against !== undefined) {
    contenders.push(contender("against", against, await load.calls(against)));
  }
  return { contenders, guests, batches, requests, cold: cold * 1024 };
}

function warmOf(load: string, { guests, costs }: Result): Warm {
  const { nothing, rolegate, floor, against } = costs;
  const over = (of: Samples, measure: Measure) =>
    of[measure].map((value, batch) => value - nothing[measure][batch]!);
  const median = (values: number[]) => spread(values).median;
  const costOf = (of: Samples): Cost => ({
    time: spread(over(of, "time")),
    allocations: median(over(of, "allocations")),
    bytes: median(over(of, "bytes")),
    instructions: of.instructions.length > 0 ? median(over(of, "instructions")) : null,
  });
  const times = over(rolegate, "time");
  const compared = (of: Samples): Compared => {
    const quotients = over(of, "time").map((time, batch) => times[batch]! / time);
    return { ...costOf(of), quotient: spread(quotients) };
  };
  return {
    ...{ load, guests, nothing: median(nothing.time), rolegate: costOf(rolegate) },
    ...{ floor: compared(floor), against: against ? compared(against) : null },
  };
}
