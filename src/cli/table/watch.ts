/** Waits until one of some files changes. By looking: editors put another file in a file's place, which not every system tells. */
import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const INTERVAL = 200;

/** What they look like now. */
export function stateOf(paths: string[]): string {
  return paths
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : "";
    })
    .join("\n");
}

/** Until they look otherwise, and keep looking so: a file that is being written is none yet. False: interrupted. */
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
