/** Wall-clock time, the only clock: the host's monotonic one is a fake (measured). */
import { clockTimeGet } from "./imports";

const REALTIME = 0;
const result = memory.data(8, 8);

/** Nanoseconds since 1970. */
export function nanoseconds(): i64 {
  clockTimeGet(REALTIME, 1_000_000, result);
  return load<i64>(result);
}
