/**
 * The module `wasi_snapshot_preview1`: files and environment by node:wasi, and what wazero does its own way: a wall
 * clock that the caller may set, a monotonic clock that ticks 1 ms a call, random bytes that are always the same.
 */

export interface WasiOptions {
  /** `host:guest` or one path for both, with `:ro` for read-only: Traefik's `settings.mounts`. */
  mounts?: readonly string[] | undefined;
  env?: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export type WasiModule = Record<string, (...args: never[]) => unknown>;

/** The first bytes that every guest in Traefik gets from random_get, measured. */
const RANDOM = Buffer.from("538c7f96b164bf1b", "hex");
const REALTIME = 0;
const ERRNO = { success: 0, badf: 8, notSupported: 58, readOnly: 69 } as const;
/** path_open's oflags: create, exclusive, truncate; and the right to write. */
const CHANGES = 0b1101;
const RIGHT_WRITE = 1n << 6n;
/** Functions whose first argument is a directory, and which change something in it. */
const CHANGING = ["path_create_directory", "path_unlink_file", "path_remove_directory"] as const;

interface Mount {
  host: string;
  guest: string;
  readOnly: boolean;
}

export function parseMount(text: string): Mount {
  const readOnly = text.endsWith(":ro");
  const [host, guest = host, ...rest] = (readOnly ? text.slice(0, -3) : text).split(":");
  if (!host || !guest || rest.length > 0) throw new Error(`invalid directory "${text}"`);
  return { host, guest, readOnly };
}

/** `attach` is to be called with the instance before anything else; it also calls `_initialize`. */
export async function wasiModule(
  options: WasiOptions,
  memory: () => WebAssembly.Memory,
): Promise<{ imports: WasiModule; attach(instance: WebAssembly.Instance): void }> {
  const mounts = (options.mounts ?? []).map(parseMount);
  const wasi = await nodeWasi({
    version: "preview1",
    preopens: Object.fromEntries(mounts.map(({ host, guest }) => [guest, host])),
    env: { ...options.env },
    returnOnExit: true,
  });
  const imports: WasiModule = { ...(wasi.wasiImport as WasiModule) };
  const isReadOnly = (fd: number) => mounts[fd - 3]?.readOnly === true;
  const view = () => new DataView(memory().buffer);
  let ticks = 0n;

  imports.clock_time_get = (clock: number, _precision: bigint, result: number) => {
    const nanoseconds =
      clock === REALTIME ? BigInt(Math.trunc(options.now())) * 1_000_000n : ++ticks * 1_000_000n;
    view().setBigUint64(result >>> 0, nanoseconds, true);
    return ERRNO.success;
  };
  imports.random_get = (start: number, length: number) => {
    const bytes = new Uint8Array(memory().buffer, start >>> 0, length >>> 0);
    bytes.forEach((_, i) => (bytes[i] = RANDOM[i % RANDOM.length]!));
    return ERRNO.success;
  };
  // A guest cannot wait: wazero's fake clock lets each wait end at once.
  imports.poll_oneoff = () => ERRNO.notSupported;

  const open = imports.path_open as (...args: unknown[]) => number;
  imports.path_open = ((...args: unknown[]) => {
    const [fd, , , , flags, rights] = args as [number, number, number, number, number, bigint];
    const changes = (flags & CHANGES) !== 0 || (rights & RIGHT_WRITE) !== 0n;
    return isReadOnly(fd) && changes ? ERRNO.readOnly : open(...args);
  }) as never;
  for (const name of CHANGING) {
    const change = imports[name] as (...args: unknown[]) => number;
    imports[name] = ((fd: number, ...rest: unknown[]) =>
      isReadOnly(fd) ? ERRNO.readOnly : change(fd, ...rest)) as never;
  }
  const rename = imports.path_rename as (...args: unknown[]) => number;
  imports.path_rename = ((...args: unknown[]) =>
    isReadOnly(args[0] as number) || isReadOnly(args[3] as number)
      ? ERRNO.readOnly
      : rename(...args)) as never;
  return { imports, attach: (instance) => wasi.initialize(instance) };
}

/** node:wasi warns that it is experimental; that is Node's business, not that of who runs a test or a command. */
async function nodeWasi(options: import("node:wasi").WASIOptions) {
  const { emitWarning } = process;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes("WASI")) (emitWarning as Function)(warning, ...rest);
  }) as typeof emitWarning;
  try {
    const { WASI } = await import("node:wasi");
    return new WASI(options);
  } finally {
    process.emitWarning = emitWarning;
  }
}
