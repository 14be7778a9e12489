/**
 * A mark that the fetched keys are stale, because a token named an unknown key. At most one is made
 * in a share of the time for which keys are fresh, so unknown `kid` values cannot cause more
 * fetches.
 */
import { Bytes } from "../text/bytes";
import { State } from "./state";

/** One fetch is allowed for each such share of the time that keys are fresh. */
const SHARE = 10;

/** Seconds by which clocks of a machine and a file server may differ. */
const AHEAD = 300;

function markOf(file: Bytes): Bytes {
  return file.concat(Bytes.of(".stale"));
}

/**
 * Writes the mark, unless the keys were fetched just now. `file`: name of the key set; times in
 * seconds.
 */
export function markStale(state: State, file: Bytes, now: i64, refresh: i64, tag: Bytes): void {
  const fetched = state.modified(file);
  if (fetched >= 0 && now >= fetched && now - fetched < refresh / SHARE) return;
  const mark = markOf(file);
  if (state.modified(mark) < 0) state.write(mark, Bytes.of(now.toString()), tag);
}

/** True if the keys need not be fetched now. */
export function areFresh(state: State, file: Bytes, now: i64, refresh: i64): bool {
  const fetched = state.modified(file);
  // The file system's clock may be ahead, but a clock that was set back must not keep keys for
  // ever.
  if (fetched < 0 || fetched - now > AHEAD || now - fetched >= refresh) return false;
  return state.modified(markOf(file)) < 0;
}

export function unmark(state: State, file: Bytes): void {
  const mark = markOf(file);
  if (state.modified(mark) >= 0) state.remove(mark);
}
