/** Text in and out of the probe's memory; one character a byte. */

export const LIMIT: i32 = 131072;
export const BUFFER: usize = heap.alloc(LIMIT);

/** What the probe found out so far. */
export let out: string = "";

/** Adds a line; a name of no characters begins anew. */
export function line(name: string, value: string): void {
  out = name.length == 0 ? "" : `${out}${name}=${value}\n`;
}

/** The bytes of a string, in memory that stays. */
export function bytes(value: string): usize {
  const start = heap.alloc(value.length);
  for (let i = 0; i < value.length; i++) store<u8>(start + i, <u8>value.charCodeAt(i));
  return start;
}

export function at(value: string): usize {
  return bytes(value);
}

export function text(length: i32, start: usize = BUFFER): string {
  let result = "";
  for (let i = 0; i < length; i++) result += String.fromCharCode(load<u8>(start + i));
  return result;
}

/** A list as the host writes it: count << 32 | length, NUL after each; shown joined by `\0`. */
export function listText(countAndLength: i64): string {
  const all = text(<i32>(countAndLength & 0xffffffff)).split("\0");
  return all.slice(0, <i32>(countAndLength >> 32)).join("\\0");
}

/** Argument 0 is the operation, 1 the first after it; the last of three has the rest. */
export function argument(step: string, index: i32): string {
  const parts = step.split(" ");
  if (index >= parts.length) return "";
  return index == 2 ? parts.slice(2).join(" ") : parts[index];
}
