/** Environment variables of Traefik that `settings.envs` names. */
import { Bytes } from "../text/bytes";
import { Char } from "../text/char";
import { environGet, environSizesGet } from "./imports";

const sizes = memory.data(8, 4);

/** The variable's value; null when the plugin does not get it. */
export function environmentVariable(name: Bytes): Bytes | null {
  if (environSizesGet(sizes, sizes + 4) != 0) return null;
  const count = load<i32>(sizes);
  const pointers = heap.alloc(count * 4);
  const size = load<i32>(sizes, 4);
  const buffer = new Bytes(heap.alloc(size), size);
  if (environGet(pointers, buffer.start) != 0) return null;
  for (let i = 0; i < count; i++) {
    const from = <i32>(load<usize>(pointers + i * 4) - buffer.start);
    const end = buffer.indexOf(0, from);
    const equals = buffer.indexOf(Char.Equals, from);
    if (end < 0 || equals < 0 || equals > end) continue;
    if (buffer.slice(from, equals).equals(name)) return buffer.slice(equals + 1, end);
  }
  return null;
}
