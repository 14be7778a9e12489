/**
 * Reads the request's body whole and writes it back, because reading takes it away from the
 * upstream.
 */
import { BODY_BYTES, EMPTY_READS } from "../limits";
import { trim } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { readBody, REQUEST, writeBody } from "./imports";

const STEP = 64 * 1024;
/** Most bodies that rules read are small. */
const FIRST = 4096;

/**
 * The body; null when it has more than BODY_BYTES. What was read of it is then lost, so the request
 * must be refused.
 */
export function takeBody(): Bytes | null {
  const body = readWhole(BODY_BYTES);
  if (body) writeBody(REQUEST, body.start, body.length);
  return body;
}

/**
 * The body of a request that is not forwarded; null when it has more than `limit` bytes, or never
 * ends.
 */
export function readWhole(limit: i32): Bytes | null {
  let start = heap.alloc(FIRST);
  let room = FIRST;
  let length = 0;
  let empty = 0;
  while (true) {
    const result = readBody(REQUEST, start + length, room - length);
    length += <i32>result;
    if (length > limit) return null;
    if (result >> 32 != 0) break;
    empty = <i32>result == 0 ? empty + 1 : 0;
    if (empty == EMPTY_READS) return null;
    if (length < room) continue;
    // Usually the region gives the next bytes, and nothing is copied. One byte above the limit is
    // enough to know.
    const step = min(STEP, limit + 1 - room);
    const more = heap.alloc(step);
    if (more != start + room) {
      trim(more);
      start = moved(start, length, room + step);
    }
    room += step;
  }
  trim(start + length);
  return new Bytes(start, length);
}

function moved(start: usize, length: i32, room: i32): usize {
  const copy = heap.alloc(room);
  memory.copy(copy, start, length);
  return copy;
}
