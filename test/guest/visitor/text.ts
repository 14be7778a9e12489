/** What the visitor reads of its request, and how it shows bytes. */
import * as host from "../../../assembly/host/imports";
import { Bytes } from "../../../assembly/text/bytes";

const ROOM = 65536;

/** A request header's first value, or null. */
export function value(name: string): Bytes | null {
  const start = heap.alloc(ROOM);
  const result = host.getHeaderValues(host.REQUEST, Bytes.of(name).start, name.length, start, ROOM);
  if (result >> 32 == 0) return null;
  const all = new Bytes(start, <i32>result);
  return all.slice(0, all.indexOf(0));
}

export function split(text: Bytes, separator: u8): Array<Bytes> {
  const parts: Array<Bytes> = [];
  let from = 0;
  let to = 0;
  while ((to = text.indexOf(separator, from)) >= 0) {
    parts.push(text.slice(from, to));
    from = to + 1;
  }
  parts.push(text.rest(from));
  return parts;
}

export function words(text: Bytes): Array<Bytes> {
  return split(text, 0x20);
}

/** Length and FNV-1a: tells whether all of it came without showing any. */
export function digest(bytes: Bytes): Bytes {
  let hash: u32 = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = (hash ^ bytes.at(i)) * 0x01000193;
  return Bytes.of(`${bytes.length} ${hash.toString(16)}`);
}
