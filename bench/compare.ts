/**
 * Bare Traefik, the floor guest, Rolegate and what it is compared with, on one machine in the same rounds: requests in a
 * second, latency at a fixed rate, and what each takes. A peer that fails does not take the others' figures with it.
 */
import { against, bare, rolegate, SCENARIOS, type Contender, type Scenario } from "./contenders.ts";
import { floorBelow } from "./floor.ts";
import { measureFootprints, type Footprints } from "./footprint.ts";
import { measureLatency, type Latency } from "./latency.ts";
import { peersIn } from "./peers/all.ts";
import type { Rounds } from "./rounds.ts";
import { makeRequests } from "./requests.ts";
import { runLoad } from "./run.ts";
import { startContender, type Running } from "./stage.ts";
import { measureThroughput, type Throughput } from "./throughput.ts";
import type { Rules } from "./workload.ts";
import { makeWorld, type World } from "./world.ts";

export const MEASURES = ["throughput", "latency", "memory"] as const;
export type Measure = (typeof MEASURES)[number];

export interface CompareOptions extends Rounds {
  measures: Measure[];
  scenarios: Scenario[];
  rules: Rules;
  /** Path of another plugin.wasm, and its rules. */
  against?: string | undefined;
  againstRules: Rules;
  /** Folder of peers. */
  peers?: string | undefined;
  /** Parts of names: only these beside bare Traefik, the floor guest and Rolegate. */
  contenders?: string[] | undefined;
  /** Requests that are held. */
  held: number;
  gogc?: string | undefined;
  /** Called when something has been measured, with all so far. */
  save: (result: Comparison) => void;
}

export interface Comparison {
  throughput: Partial<Record<Scenario, Throughput>>;
  latency: Partial<Record<Scenario, Latency>>;
  footprints: Footprints | null;
  /** Requests in a second that the upstream answers without a Traefik. */
  upstream: number | null;
  /** Title of a peer -> its version. */
  versions: Record<string, string>;
  /** Peers that are not in the folder, and those that did not start or did not let the right requests in. */
  absent: string[];
  failed: Record<string, string>;
}

export async function compare(options: CompareOptions): Promise<Comparison> {
  const { contenders, absent } = chosen(options);
  const versions = Object.fromEntries(
    contenders.flatMap(({ title, version }) => (version ? [[title, version]] : [])),
  );
  const result: Comparison = {
    ...{ throughput: {}, latency: {}, footprints: null, upstream: null },
    ...{ versions, absent, failed: {} },
  };
  if (absent.length > 0) options.report(`not in ${options.peers}: ${absent.join(", ")}`);
  const world = await makeWorld(options.gogc);
  try {
    if (options.measures.some((it) => it !== "memory")) {
      await underLoad(contenders, world, options, result);
    }
    if (options.measures.includes("memory")) {
      const { rounds, held: requests, report } = options;
      const left = contenders.filter(({ name }) => !Object.hasOwn(result.failed, name));
      result.footprints = await measureFootprints(left, world, { rounds, requests, report });
      options.save(result);
    }
  } finally {
    await world.stop();
  }
  return result;
}

function chosen(options: CompareOptions): { contenders: Contender[]; absent: string[] } {
  const own = rolegate({ name: "rolegate", title: "Rolegate", rules: options.rules });
  const { found, absent } = options.peers ? peersIn(options.peers) : { found: [], absent: [] };
  const others = [
    ...(options.against ? against(options.against, options.againstRules) : []),
    ...found,
  ].filter(
    ({ name }) => !options.contenders || options.contenders.some((part) => name.includes(part)),
  );
  const contenders = [bare, ...own.map(floorBelow), ...own, ...others];
  const asked = contenders.filter(({ scenarios }) =>
    scenarios.some((it) => options.scenarios.includes(it)),
  );
  return { contenders: asked, absent };
}

/** All run at the same time; only one of them gets requests. */
async function underLoad(
  contenders: Contender[],
  world: World,
  options: CompareOptions,
  result: Comparison,
): Promise<void> {
  const running: Running[] = [];
  try {
    for (const contender of contenders) {
      try {
        running.push(await startContender(contender, world));
      } catch (error) {
        if (contender.ours) throw error;
        result.failed[contender.name] = (error as Error).message;
        options.report(`${contender.name} is left out: ${result.failed[contender.name]}`);
      }
    }
    const { scenarios, measures } = options;
    for (const scenario of measures.includes("throughput") ? scenarios : []) {
      result.throughput[scenario] = await measureThroughput(scenario, running, world, options);
      options.save(result);
    }
    for (const scenario of measures.includes("latency") ? scenarios : []) {
      const sides = result.throughput[scenario]?.sides ?? [];
      const most = Object.fromEntries(sides.map(({ name, rate }) => [name, rate.median]));
      result.latency[scenario] = await measureLatency(scenario, running, world, options, most);
      options.save(result);
    }
    result.upstream = await speedOfUpstream(running[0]!, world, options);
    options.save(result);
  } finally {
    for (const it of running) await it.stop();
  }
}

async function speedOfUpstream(some: Running, world: World, { connections }: CompareOptions) {
  const { file } = (await makeRequests("warm", [some], world)).requests.get(some)!;
  const target = { address: world.upstream.address };
  const { rate } = await runLoad({ world, target, file, start: 0, seconds: 2, connections });
  return rate;
}

/** The names that `--only` takes. */
export const PARTS: string[] = [...MEASURES, ...Object.keys(SCENARIOS)];

/** The measures and the scenarios that are named; all of a kind of which none is. */
export function partsOf(names: string[]): { measures: Measure[]; scenarios: Scenario[] } {
  const of = <T extends string>(all: readonly T[]) => {
    const some = all.filter((it) => names.includes(it));
    return some.length > 0 ? some : [...all];
  };
  return { measures: of(MEASURES), scenarios: of(Object.keys(SCENARIOS) as Scenario[]) };
}
