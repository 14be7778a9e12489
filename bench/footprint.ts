/**
 * The footprint of a contender: time until it answers after a start and after a change of configuration, resident memory when
 * it is idle, and for each request that the upstream holds.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Contender } from "./contenders.ts";
import { residentMemory } from "./machine.ts";
import { startServer } from "./program.ts";
import { send, startContender, type Running } from "./stage.ts";
import { middle } from "./rounds.ts";
import { spread, type Spread } from "./statistics.ts";
import { readCall, wire, type Call } from "./workload.ts";
import type { World } from "./world.ts";

export interface Footprint {
  name: string;
  title: string;
  /** The kind of its credential. */
  scenario: string;
  /** From Traefik's start until it answers. Milliseconds. */
  start: Spread;
  /** From a change of the configuration until it answers by the new one. Milliseconds. */
  reload: Spread;
  /** MiB, of Traefik and a process beside it. */
  idle: Spread;
  /** KiB more for each request that is held; null if it is too slow to have as many. */
  held: Spread | null;
}

export interface Footprints {
  /** How many requests are held. */
  requests: number;
  footprints: Footprint[];
  failed: Record<string, string>;
}

type Once = Record<"start" | "reload" | "idle", number> & { held: number | null };

/** For all requests to arrive at the upstream. Milliseconds. */
const PATIENCE = 20_000;

export async function measureFootprints(
  contenders: Contender[],
  world: World,
  { rounds, requests, report }: { rounds: number; requests: number; report(line: string): void },
): Promise<Footprints> {
  const taken = new Map<Contender, Once[]>(contenders.map((it) => [it, []]));
  const failed: Record<string, string> = {};
  for (let round = 0; round < rounds; round++) {
    const left = [...taken.keys()];
    for (const contender of round % 2 === 0 ? left : left.reverse()) {
      try {
        const once = await measureOnce(contender, world, requests);
        taken.get(contender)!.push(once);
        report(
          `${contender.name} ${round + 1}/${rounds}: start ${once.start.toFixed(0)} ms, ` +
            `reload ${once.reload.toFixed(0)} ms, idle ${once.idle.toFixed(0)} MiB, ` +
            `held ${once.held?.toFixed(0) ?? "?"} KiB each`,
        );
      } catch (error) {
        if (contender.ours) throw error;
        failed[contender.name] = (error as Error).message;
        report(`${contender.name} is left out: ${failed[contender.name]}`);
        taken.delete(contender);
      }
    }
  }
  const footprints = [...taken].map(([{ name, title, scenarios }, all]): Footprint => {
    const of = (which: "start" | "reload" | "idle") => spread(all.map((one) => one[which]));
    const held = all.some((one) => one.held === null) ? null : middle(all.map((one) => one.held));
    const [scenario = ""] = scenarios;
    const measures = {
      start: of("start"),
      reload: of("reload"),
      idle: of("idle"),
    };
    return { name, title, scenario, ...measures, held };
  });
  return { requests, footprints, failed };
}

async function measureOnce(contender: Contender, world: World, requests: number): Promise<Once> {
  const running = await startContender(contender, world);
  try {
    const idle = memoryOf(running);
    const reload = await running.reload();
    const call = readCall(await running.credential(contender.scenarios[0]!));
    const before = memoryOf(running);
    const held = await hold(running, world, requests, call);
    const each = held === null ? null : ((held - before) * 1024) / requests;
    return { start: running.start, reload, idle, held: each };
  } finally {
    await running.stop();
    await reached(world, 0);
  }
}

const memoryOf = ({ pid, beside }: Running) =>
  residentMemory(pid) + (beside === null ? 0 : residentMemory(beside));

/** Memory while the upstream holds so many requests, MiB; null if they do not all arrive there. */
async function hold(running: Running, world: World, requests: number, call: Call) {
  const file = join(world.folder, "held.json");
  const [path] = call.target.split("?");
  writeFileSync(file, JSON.stringify([wire({ ...call, target: `${path}?hold` })]));
  const options = ["-address", running.address, "-requests", file];
  const program = await startServer(world.traffic, [
    "hold",
    ...options,
    ...["-connections", String(requests)],
  ]);
  try {
    return (await reached(world, requests)) ? memoryOf(running) : null;
  } finally {
    program.stop();
  }
}

/** Waits until the upstream has so many; false if that takes too long. */
async function reached(world: World, count: number): Promise<boolean> {
  const ask = { ...readCall(""), target: "/held" };
  for (const end = Date.now() + PATIENCE; ; await sleep(20)) {
    const { user } = await send(world.upstream.address, ask);
    if (user === String(count)) return true;
    if (Date.now() > end) return false;
  }
}
