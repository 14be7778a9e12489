/** Loads plugin.wasm as Traefik does. One guest handles one request at a time. */
import { readFileSync, statSync } from "node:fs";
import { marshal } from "./config.ts";
import { type Exports, Guest, type Journal } from "./guest.ts";
import { hostModule, type HostState, type Shared } from "./host.ts";
import { GuestMemory } from "./memory.ts";
import type { Buffering } from "./proxy.ts";
import { wasiModule } from "./wasi.ts";

export interface GuestOptions {
  /** Path of plugin.wasm, or the module. */
  wasm: string | WebAssembly.Module;
  /** The middleware's block, or its JSON as text or bytes; undefined: no configuration at all. */
  config?: unknown;
  /** As Traefik's `settings.mounts`. */
  mounts?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; default: the clock. */
  now?: () => number;
  /** Traefik's `buffering` after the plugin, as a sign-in router has it; default: none. */
  buffering?: Buffering;
  /** Shared by all guests of the middleware. Default: this guest's own. */
  shared?: Shared;
  /** Called before each host function runs. An exception traps the guest. */
  onCall?: (name: string, args: readonly unknown[], memory: WebAssembly.Memory) => void;
  /** Imports beyond Traefik's, of a module that was instrumented. */
  more?: WebAssembly.Imports;
}

const modules = new Map<string, { modified: number; module: WebAssembly.Module }>();

/** Compiles a file once, until it changes. */
function compile(wasm: string | WebAssembly.Module): WebAssembly.Module {
  if (typeof wasm !== "string") return wasm;
  const modified = statSync(wasm).mtimeMs;
  const known = modules.get(wasm);
  if (known?.modified === modified) return known.module;
  const module = new WebAssembly.Module(readFileSync(wasm));
  modules.set(wasm, { modified, module });
  return module;
}

/** Starts a new guest. Rejects when the guest traps during the start. */
export async function loadGuest(options: GuestOptions): Promise<Guest> {
  return startGuest(options);
}

/** The same, synchronously. */
export function startGuest(options: GuestOptions): Guest {
  const module = compile(options.wasm);
  const journal: Journal = { logs: [], calls: [] };
  const state: HostState = {
    memory: null as unknown as GuestMemory,
    config: marshal(options.config),
    shared: options.shared ?? { features: 0 },
    exchange: null,
    buffering: options.buffering ?? null,
    log: (line) => journal.logs.push(line),
  };
  let memory: WebAssembly.Memory;
  const wasi = wasiModule(
    { mounts: options.mounts, env: options.env, now: options.now ?? Date.now },
    () => memory,
  );
  const watch = (name: string, args: readonly unknown[]) => {
    journal.calls.push(name);
    options.onCall?.(name, args, memory);
  };
  const instance = new WebAssembly.Instance(module, {
    http_handler: watched(hostModule(state) as Functions, watch),
    wasi_snapshot_preview1: watched(wasi as Functions, watch),
    ...options.more,
  });
  const exports = instance.exports as unknown as Exports;
  memory = exports.memory;
  state.memory = new GuestMemory(memory);
  exports._initialize?.();
  return new Guest(exports, state, journal);
}

type Functions = Record<string, (...args: unknown[]) => unknown>;

function watched(
  functions: Functions,
  watch: (name: string, args: readonly unknown[]) => void,
): Functions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, call]) => [
      name,
      (...args: unknown[]) => {
        watch(name, args);
        return call(...args);
      },
    ]),
  );
}
