/**
 * Waits until one of some files changes. It polls, because editors replace files, and not every
 * system reports that.
 */
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const INTERVAL = 200;

/** The current state of the files. */
export function stateOf(paths: string[]): string {
  return paths
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : "";
    })
    .join("\n");
}

/**
 * Waits until their state changes and is then stable, because a file may still be being written.
 * False: interrupted.
 */
export async function changed(
  paths: string[],
  before: string,
  signal: AbortSignal,
): Promise<boolean> {
  let last = before;
  while (!signal.aborted) {
    const state = stateOf(paths);
    if (state !== before && state === last) return true;
    last = state;
    await sleep(INTERVAL, undefined, { signal }).catch(() => {});
  }
  return false;
}
