/**
 * A mark that the fetched keys are stale: a token named a key that is not among them. At most one in a share of the
 * time that keys are fresh, whatever arrives: an unknown `kid` costs nobody but its sender.
 */
import { Bytes } from "../text/bytes";
import { State } from "./state";

/** Of the time that keys are fresh: how long after a fetch another one can be asked for. */
const SHARE = 10;

/** Seconds that the clocks of a machine and a file server may differ. */
const AHEAD = 300;

function markOf(file: Bytes): Bytes {
  return file.concat(Bytes.of(".stale"));
}

/** `file`: name of the key set; times in seconds. */
export function markStale(state: State, file: Bytes, now: i64, refresh: i64, tag: Bytes): void {
  const fetched = state.modified(file);
  if (fetched >= 0 && now >= fetched && now - fetched < refresh / SHARE) return;
  const mark = markOf(file);
  if (state.modified(mark) < 0) state.write(mark, Bytes.of(now.toString()), tag);
}

/** Whether the keys need not be fetched now. */
export function areFresh(state: State, file: Bytes, now: i64, refresh: i64): bool {
  const fetched = state.modified(file);
  // The file system's clock may be ahead of ours; a clock that was set back must not keep them for ever.
  if (fetched < 0 || fetched - now > AHEAD || now - fetched >= refresh) return false;
  return state.modified(markOf(file)) < 0;
}

export function unmark(state: State, file: Bytes): void {
  const mark = markOf(file);
  if (state.modified(mark) >= 0) state.remove(mark);
}
