/**
 * A running guest of a middleware, at log level debug; a block with errors is refused with the
 * first of them.
 */
import type { Guest } from "../../guest/guest.ts";
import { loadGuest } from "../../guest/load.ts";
import { CliError, EXIT } from "../failure.ts";
import { type Block, withKeys } from "./block.ts";
import type { Surroundings } from "./surroundings.ts";

export interface OpenOptions {
  wasm: string;
  around: Pick<Surroundings, "mounts" | "env">;
  /** Milliseconds since the epoch. */
  now?: number | undefined;
}

export async function openGate(block: Block, { wasm, around, now }: OpenOptions): Promise<Guest> {
  const guest = await loadGuest({
    wasm,
    config: withKeys(block, { logLevel: "debug" }),
    ...{ mounts: around.mounts, env: around.env },
    ...(now === undefined ? {} : { now: () => now }),
  });
  const { errors, logs } = guest.check();
  if (errors === 0) return guest;
  const first = logs.find(({ level }) => level === "error")?.data;
  throw new CliError(
    "config_error",
    `the block has ${errors === 1 ? "an error" : `${errors} errors`}: ${String(first?.path)}: ${String(first?.message)}`,
    "rolegate check shows all of them with their place",
    EXIT.found,
  );
}
