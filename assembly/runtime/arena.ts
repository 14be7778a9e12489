/**
 * The guest's memory: an AssemblyScript runtime of regions, in place of a garbage collector.
 *
 * A region is a list of chunks that is only ever filled and then cleared as a whole. What one request
 * allocates is forgotten in one store when the next begins, so nothing leaks and nothing is traced.
 * Chunks are kept by their region for reuse: memory grows to the largest request seen, and no further.
 */
import { OBJECT_OVERHEAD, BLOCK_OVERHEAD, OBJECT } from "rt/common";

/** Where allocations go. `Guest`: kept for the guest's life. `Request`: until the next request.
 * `KeysA` and `KeysB`: key sets read while running; one is in use while the other is built. */
export enum Region {
  Guest,
  Request,
  KeysA,
  KeysB,
}

/** Small, because every request in flight holds a guest of its own: few pages are touched. */
const CHUNK: usize = 4096;
const PAGE: usize = 65536;
const ALIGN: usize = 15;
const REGIONS = 4;

@unmanaged
class Chunk {
  next: usize;
  end: usize;
}

@unmanaged
class Bounds {
  first: usize;
  current: usize;
  top: usize;
}

const CHUNK_HEADER: usize = 8;
const bounds = memory.data(REGIONS * 12, 4);

// @ts-ignore: decorator
@lazy let heapEnd: usize = (__heap_base + ALIGN) & ~ALIGN;
let active: Region = Region.Guest;
let top: usize = 0;
let end: usize = 0;

function at(region: Region): Bounds {
  return changetype<Bounds>(bounds + (<usize>region) * 12);
}

/** Sends further allocations to a region, and returns the one that was in use. */
export function enter(region: Region): Region {
  const before = active;
  at(before).top = top;
  active = region;
  const chunk = at(region).current;
  top = at(region).top;
  end = chunk == 0 ? 0 : changetype<Chunk>(chunk).end;
  return before;
}

/** Forgets all that a region holds. Its chunks are kept. */
export function clear(region: Region): void {
  const it = at(region);
  it.current = it.first;
  it.top = it.first == 0 ? 0 : it.first + CHUNK_HEADER;
  if (region == active) {
    top = it.top;
    end = it.first == 0 ? 0 : changetype<Chunk>(it.first).end;
  }
}

function grow(to: usize): void {
  const size = (<usize>memory.size()) << 16;
  if (to > size && memory.grow(<i32>((to - size + PAGE - 1) >> 16)) < 0) unreachable();
  heapEnd = to;
}

/** Moves the active region to a chunk with room for `need` bytes: the next of its own, or a new one. */
function advance(need: usize): void {
  const it = at(active);
  let last = it.current;
  if (last != 0 && changetype<Chunk>(last).end == heapEnd) {
    // Nobody else has taken memory since: extend in place.
    grow(max<usize>((top + need + ALIGN) & ~ALIGN, heapEnd + CHUNK));
    end = heapEnd;
    changetype<Chunk>(last).end = end;
    return;
  }
  while (last != 0 && changetype<Chunk>(last).next != 0) {
    last = changetype<Chunk>(last).next;
    if (changetype<Chunk>(last).end - last - CHUNK_HEADER >= need + ALIGN) break;
  }
  let chunk: usize = last;
  if (last == 0 || last == it.current || changetype<Chunk>(last).end - last - CHUNK_HEADER < need + ALIGN) {
    chunk = heapEnd;
    grow(chunk + max<usize>(CHUNK, (need + CHUNK_HEADER + ALIGN + ALIGN) & ~ALIGN));
    changetype<Chunk>(chunk).next = 0;
    changetype<Chunk>(chunk).end = heapEnd;
    if (last != 0) changetype<Chunk>(last).next = chunk;
    else it.first = chunk;
  }
  it.current = chunk;
  top = chunk + CHUNK_HEADER;
  end = changetype<Chunk>(chunk).end;
}

// @ts-ignore: decorator
@unsafe @global
export function __alloc(size: usize): usize {
  let start = (top + BLOCK_OVERHEAD + ALIGN) & ~ALIGN;
  if (start + size > end) {
    advance(size + BLOCK_OVERHEAD + ALIGN);
    start = (top + BLOCK_OVERHEAD + ALIGN) & ~ALIGN;
  }
  store<usize>(start - BLOCK_OVERHEAD, size);
  top = start + size;
  return start;
}

// @ts-ignore: decorator
@unsafe @global
export function __new(size: usize, id: u32): usize {
  const start = __alloc(OBJECT_OVERHEAD + size);
  const object = changetype<OBJECT>(start - BLOCK_OVERHEAD);
  object.gcInfo = 0;
  object.gcInfo2 = 0;
  object.rtId = id;
  object.rtSize = <u32>size;
  return start + OBJECT_OVERHEAD;
}

// @ts-ignore: decorator
@unsafe @global
export function __renew(old: usize, size: usize): usize {
  const object = changetype<OBJECT>(old - OBJECT_OVERHEAD - BLOCK_OVERHEAD);
  if (size <= <usize>object.rtSize) {
    object.rtSize = <u32>size;
    return old;
  }
  if (old + <usize>object.rtSize == top && old + size <= end) {
    // The last thing allocated: grows in place.
    object.rtSize = <u32>size;
    top = old + size;
    return old;
  }
  const fresh = __new(size, object.rtId);
  memory.copy(fresh, old, object.rtSize);
  return fresh;
}

// @ts-ignore: decorator
@unsafe @global
export function __free(pointer: usize): void {}

// @ts-ignore: decorator
@unsafe @global
export function __link(parent: usize, child: usize, expectMultiple: bool): void {}

// @ts-ignore: decorator
@unsafe @global
export function __pin(pointer: usize): usize {
  return pointer;
}

// @ts-ignore: decorator
@unsafe @global
export function __unpin(pointer: usize): void {}

// @ts-ignore: decorator
@unsafe @global
export function __visit(pointer: usize, cookie: u32): void {}

// @ts-ignore: decorator
@unsafe @global
export function __collect(): void {}
