/** The probe's WASI calls for clocks, randomness, environment, and the first mount's name. */
import * as host from "./imports";
import { argument, BUFFER, bytes, line, text } from "./text";

const MOUNT = 3;
const RESULT = memory.data(16);

export function settings(operation: string, name: string): bool {
  if (operation == "clock") {
    host.clock(<i32>parseInt(name), 0, RESULT);
    line("clock", (load<i64>(RESULT) / 1000000).toString());
  } else if (operation == "random") {
    host.random(RESULT, 8);
    line("random", load<u64>(RESULT).toString(16));
  } else if (operation == "environment") line("environment", environment());
  else if (operation == "mount") {
    const errno = host.mountName(MOUNT, BUFFER, <i32>parseInt(name));
    line("mount", errno == 0 ? text(<i32>parseInt(name)) : `errno ${errno}`);
  } else return false;
  return true;
}

function environment(): string {
  host.environSizes(RESULT, RESULT + 4);
  const count = load<i32>(RESULT);
  const length = load<i32>(RESULT, 4);
  host.environ(BUFFER, BUFFER + 4 * count);
  return text(length, BUFFER + 4 * count).replaceAll("\0", ";");
}
