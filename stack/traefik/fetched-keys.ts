/**
 * The provider's keys as mode keys fetches them: the first visit of Traefik's health check comes
 * one interval after the start.
 */
import { existsSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Traefik } from "./running.ts";

/** Until `file` is there and every guest has it; `patience` in milliseconds. */
export async function waitForKeys(
  file: string,
  traefik: Traefik,
  patience = 20_000,
): Promise<void> {
  for (const end = Date.now() + patience; !existsSync(file); await sleep(50)) {
    if (Date.now() > end)
      throw new Error(`the provider's keys have not come:\n${file}\n${traefik.log.tail()}`);
  }
  // A guest that looked in vain looks again in the next second, and not before.
  const { mtimeMs } = statSync(file);
  await sleep((Math.floor(mtimeMs / 1000) + 1) * 1000 - Date.now());
}
