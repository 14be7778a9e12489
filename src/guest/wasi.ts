/**
 * The module `wasi_snapshot_preview1` as in wazero 1.8 within Traefik: files and environment, a
 * wall clock that the caller may set, a monotonic clock that advances 1 ms a call, and random bytes
 * that are always the same. A module may import the other functions, but they do nothing.
 */
import { ERRNO } from "./errno.ts";
import { fileFunctions, type Mount } from "./files.ts";

export interface WasiOptions {
  /** `host:guest`, or one path for both, with `:ro` for read-only: Traefik's `settings.mounts`. */
  mounts?: readonly string[] | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export type WasiModule = Record<string, (...args: never[]) => unknown>;

/** The first bytes that every guest in Traefik gets from random_get, measured. */
const RANDOM = Buffer.from("538c7f96b164bf1b", "hex");
const REALTIME = 0;
/** Functions that no guest here needs. */
const UNUSED = [
  ...["args_get", "args_sizes_get", "clock_res_get", "fd_advise", "fd_allocate", "fd_datasync"],
  ...["fd_fdstat_get", "fd_fdstat_set_flags", "fd_fdstat_set_rights", "fd_filestat_set_size"],
  ...["fd_filestat_set_times", "fd_pread", "fd_renumber", "fd_seek", "fd_sync"],
  ...["fd_tell", "path_filestat_set_times", "path_link", "path_readlink"],
  ...["path_remove_directory", "path_symlink", "proc_exit", "proc_raise", "sched_yield"],
  ...["sock_accept", "sock_recv", "sock_send", "sock_shutdown"],
];

export function parseMount(text: string): Mount {
  const readOnly = text.endsWith(":ro");
  const [host, guest = host, ...rest] = (readOnly ? text.slice(0, -3) : text).split(":");
  if (!host || !guest || rest.length > 0) throw new Error(`invalid directory "${text}"`);
  return { host, guest, readOnly };
}

export function wasiModule(options: WasiOptions, memory: () => WebAssembly.Memory): WasiModule {
  const view = () => new DataView(memory().buffer);
  const environment = Object.entries(options.env ?? {}).map(([name, value]) =>
    Buffer.from(`${name}=${value}\0`),
  );
  let ticks = 0n;
  return {
    ...Object.fromEntries(UNUSED.map((name) => [name, () => ERRNO.nosys])),
    ...fileFunctions((options.mounts ?? []).map(parseMount), memory),

    clock_time_get(clock: number, _precision: bigint, result: number) {
      const nanoseconds =
        clock === REALTIME ? BigInt(Math.trunc(options.now())) * 1_000_000n : ++ticks * 1_000_000n;
      view().setBigUint64(result >>> 0, nanoseconds, true);
      return ERRNO.success;
    },
    random_get(start: number, length: number) {
      const bytes = new Uint8Array(memory().buffer, start >>> 0, length >>> 0);
      bytes.forEach((_, i) => (bytes[i] = RANDOM[i % RANDOM.length]!));
      return ERRNO.success;
    },
    // A guest cannot wait: wazero's fake clock ends each wait at once.
    poll_oneoff: () => ERRNO.notsup,

    environ_sizes_get(count: number, size: number) {
      view().setUint32(count >>> 0, environment.length, true);
      view().setUint32(size >>> 0, Buffer.concat(environment).length, true);
      return ERRNO.success;
    },
    environ_get(pointers: number, start: number) {
      let at = start >>> 0;
      environment.forEach((variable, i) => {
        view().setUint32((pointers >>> 0) + 4 * i, at, true);
        variable.copy(Buffer.from(memory().buffer), at);
        at += variable.length;
      });
      return ERRNO.success;
    },
  };
}
