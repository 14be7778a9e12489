/** The probe's WASI calls: clocks, randomness, environment, files on the first mount. */
import * as host from "./imports";
import { argument, BUFFER, bytes, line, text } from "./text";

const MOUNT = 3;
const CREATE = 1 | 8;
const READ = 2;
const WRITE = 64;
const RESULT = memory.data(16);
const VECTOR = memory.data(8, 4);

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

/** `write NAME TEXT`, `read NAME`, `rename OLD NEW`: reports the text or the errno. */
export function files(operation: string, step: string): bool {
  const name = argument(step, 1);
  const value = argument(step, 2);
  if (operation == "rename") {
    const errno = host.rename(MOUNT, bytes(name), name.length, MOUNT, bytes(value), value.length);
    line("rename", errno.toString());
    return true;
  }
  const writes = operation == "write";
  if (!writes && operation != "read") return false;
  const errno = host.open(
    MOUNT,
    0,
    bytes(name),
    name.length,
    writes ? CREATE : 0,
    writes ? WRITE : READ,
    0,
    0,
    RESULT,
  );
  if (errno != 0) {
    line(operation, `errno ${errno}`);
    return true;
  }
  const fd = load<i32>(RESULT);
  store<u32>(VECTOR, <u32>(writes ? bytes(value) : BUFFER));
  store<u32>(VECTOR, writes ? value.length : 4096, 4);
  const failed = writes ? host.write(fd, VECTOR, 1, RESULT) : host.read(fd, VECTOR, 1, RESULT);
  const count = load<i32>(RESULT);
  host.close(fd);
  line(operation, failed ? `errno ${failed}` : writes ? count.toString() : text(count));
  return true;
}
