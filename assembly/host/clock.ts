/** Wall-clock time. The host's monotonic clock is a fake (measured), so this is the only one. */
import { clockTimeGet } from "./imports";

const REALTIME = 0;
const result = memory.data(8, 8);

/** Nanoseconds since 1970. */
export function nanoseconds(): i64 {
  clockTimeGet(REALTIME, 1_000_000, result);
  return load<i64>(result);
}
