/**
 * Counts of a warm request on the guest's memory: loads, stores, lines of 64 bytes, pages of 4 KiB, and calls of
 * the host. Under load a guest finds its memory outside the processor's caches, so lines are time; and counts are the
 * same on every machine.
 */
import { readFileSync } from "node:fs";
import binaryen from "assemblyscript/binaryen";
import { startGuest } from "../src/guest/load.ts";
import { loads } from "./loads.ts";
import { shapes } from "./shapes.ts";
import type { Call } from "./workload.ts";

const LINE = 6;
const PAGE = 12;

/** The counts of one request. */
export interface Touched {
  loads: number;
  stores: number;
  /** How many different ones. */
  lines: number;
  pages: number;
  /** Names of the host's functions, in order. */
  calls: string[];
}

/** One access: where, and by which function of a module with names. */
export type Watcher = (address: number, bytes: number, isStore: boolean) => void;

type Access = (id: number, bytes: number, offset: number, pointer: number) => number;

/** The module with a call before each load and store: Binaryen's pass `instrument-memory`. */
function instrumented(file: string): WebAssembly.Module {
  const module = binaryen.readBinary(readFileSync(file));
  try {
    module.setFeatures(binaryen.Features.All);
    module.runPasses(["instrument-memory"]);
    binaryen.setDebugInfo(true);
    return new WebAssembly.Module(module.emitBinary());
  } finally {
    module.dispose();
  }
}

/** The imports that the pass adds: of each value that they are given, they return it. */
function imports(module: WebAssembly.Module, watcher: { current: Watcher | null }) {
  const access =
    (isStore: boolean): Access =>
    (_id, bytes, offset, pointer) => {
      watcher.current?.((pointer >>> 0) + (offset >>> 0), bytes, isStore);
      return pointer;
    };
  const same = (_id: number, value: unknown) => value;
  const added = WebAssembly.Module.imports(module).filter(({ module: from }) => from === "env");
  return {
    env: {
      ...Object.fromEntries(added.map(({ name }) => [name, same])),
      load_ptr: access(false),
      store_ptr: access(true),
    },
  };
}

/** A guest whose accesses can be counted. */
function watchedGuest(module: WebAssembly.Module, config: unknown) {
  const watcher: { current: Watcher | null } = { current: null };
  const guest = startGuest({ wasm: module, config, more: imports(module, watcher) });
  return {
    guest,
    /** Handles a request; tells the watcher of each access. */
    async watch(call: Call, current: Watcher): Promise<string[]> {
      watcher.current = current;
      const { forwarded, calls } = await guest.handle(call);
      watcher.current = null;
      if (!forwarded) throw new Error(`the guest refused ${call.method} ${call.target}`);
      return calls;
    },
  };
}

/** Counts the last of the calls; those before it warm the guest. */
async function countLines(
  module: WebAssembly.Module,
  config: unknown,
  calls: readonly Call[],
): Promise<Touched> {
  const { watch } = watchedGuest(module, config);
  for (const call of calls.slice(0, -1)) await watch(call, () => {});
  const [lines, pages] = [new Set<number>(), new Set<number>()];
  const count = { loads: 0, stores: 0 };
  const made = await watch(calls.at(-1)!, (address, bytes, isStore) => {
    count[isStore ? "stores" : "loads"]++;
    for (const at of [address, address + bytes - 1]) {
      lines.add(at >>> LINE);
      pages.add(at >>> PAGE);
    }
  });
  return { ...count, lines: lines.size, pages: pages.size, calls: made };
}

/** As often as it takes until nothing is new. */
const ROUNDS = 4;

/** The benchmark's loads, and other shapes of a request with a token. */
export async function measureLines(wasm: string): Promise<(Touched & { name: string })[]> {
  const module = instrumented(wasm);
  const results = [];
  for (const { name, config, calls } of [...loads(false), ...shapes()]) {
    const round = await calls(wasm);
    const all = Array.from({ length: ROUNDS }, () => round).flat();
    results.push({ name, ...(await countLines(module, config, all)) });
  }
  return results;
}
