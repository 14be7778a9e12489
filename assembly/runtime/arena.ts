/**
 * The guest's memory: an AssemblyScript runtime of regions instead of a garbage collector.
 *
 * A region is only filled, and then cleared as a whole. Clearing what one request allocated is one
 * store when the next request begins, so nothing leaks and nothing is traced. A region keeps its
 * chunks for reuse: memory grows to the largest request seen, and no further.
 */
// @ts-nocheck: AssemblyScript has decorators of functions and variables, TypeScript has none.

import { within } from "./within";

/** Small, because each request in flight holds its own guest, so few pages are touched. */
const CHUNK: usize = 512;
/** A request with a new token needs as much, and its tables need room in one piece. */
const REQUEST_CHUNK: usize = 13312;
const CHUNK_HEADER: usize = 8;
/** Alignment of objects that are large enough for vector instructions, and of chunks. */
const ALIGN: usize = 15;
/** Alignment of all other objects, which mostly have a few words. */
const ALIGN_SMALL: usize = 7;
const SMALL: usize = 64;
/** Bytes of a view: where its text is, and how long that is. */
export const PAIR: usize = 8;
/**
 * The standard library reads an object's class and size before it, and nothing else of a header.
 */
const HEADER: usize = 8;
/** Bytes of a buffer beside its content: its view, and the view's alignment. */
export const AROUND: usize = PAIR + ALIGN_SMALL;
const PAGE: usize = 65536;
/** The compiler takes every custom runtime for this one, without that transform. */
const INCREMENTAL: i32 = 2;

@unmanaged
class Chunk {
  next: Chunk | null;
  end: usize;
}

/** A place for allocations. Regions themselves are in the guest's region and never end. */
@unmanaged
@final
export class Region {
  first: Chunk | null;
  current: Chunk | null;
  top: usize;

  /** Releases everything in the region. */
  clear(): void {
    this.current = this.first;
    this.top = this.first ? changetype<usize>(this.first) + CHUNK_HEADER : 0;
    if (this == active) resume();
  }

  /** Makes this the active region, and releases everything in it. In line: once a request. */
  @inline restart(): void {
    if (active != this) this.enter();
    // This region, but by a variable: each access to a constant address would be checked.
    const it = active;
    within(it);
    const first = it.first;
    it.current = first;
    top = first ? changetype<usize>(first) + CHUNK_HEADER : 0;
    end = first ? first.end : 0;
  }

  /** Makes this the active region, and returns the one that was active before. */
  enter(): Region {
    const before = active;
    before.top = top;
    active = this;
    resume();
    return before;
  }
}

/** Lives as long as the guest: the configuration, the caches. */
export const guest: Region = changetype<Region>(memory.data(12, 4));
/**
 * Lives as long as the guest, too: what is made at its first use. In another region the caller
 * might release it.
 */
export const lasting: Region = changetype<Region>(memory.data(12, 4));
/** Lives until the next request begins. */
export const request: Region = changetype<Region>(memory.data(12, 4));

// @ts-ignore: decorator
@lazy let heapEnd: usize = (__heap_base + ALIGN) & ~ALIGN;
let active: Region = guest;
let top: usize = 0;
let end: usize = 0;

function resume(): void {
  const chunk = active.current;
  top = active.top;
  end = chunk ? chunk.end : 0;
}

function grow(to: usize): void {
  const size = (<usize>memory.size()) << 16;
  if (to > size && memory.grow(<i32>((to - size + PAGE - 1) >> 16)) < 0) unreachable();
  heapEnd = to;
}

function room(chunk: Chunk): usize {
  return chunk.end - changetype<usize>(chunk) - CHUNK_HEADER;
}

/**
 * Gives the active region `need` more contiguous bytes: extends its last chunk, reuses the next
 * one, or makes one.
 */
function advance(need: usize): void {
  let last = active.current;
  if (last && last.end == heapEnd) {
    grow(max((top + need + ALIGN) & ~ALIGN, heapEnd + CHUNK));
    end = last.end = heapEnd;
    return;
  }
  let next = last ? last.next : null;
  while (next && room(next) < need) {
    last = next;
    next = next.next;
  }
  if (!next && last && last != active.current && last.end == heapEnd) {
    // A free chunk at the end of memory grows: requests that are each a little larger than the one
    // before would otherwise each leave a chunk.
    next = last;
    grow(heapEnd + max(CHUNK, (need - room(last) + ALIGN) & ~ALIGN));
    next.end = heapEnd;
  }
  if (!next) {
    next = changetype<Chunk>(heapEnd);
    const least = !last && active == request ? REQUEST_CHUNK : CHUNK;
    grow(heapEnd + max(least, (need + CHUNK_HEADER + ALIGN) & ~ALIGN));
    next.next = null;
    next.end = heapEnd;
    if (last) last.next = next;
    else active.first = next;
  }
  active.current = next;
  top = changetype<usize>(next) + CHUNK_HEADER;
  end = next.end;
}

/** In line in the functions that allocate: what is rare stays out of line then. */
// @ts-ignore: decorator
@inline
export function take(size: usize): usize {
  const align = size < SMALL ? ALIGN_SMALL : ALIGN;
  let start = (top + align) & ~align;
  if (start + size > end) {
    advance(size + align);
    start = (top + align) & ~align;
  }
  top = start + size;
  return start;
}

// @ts-ignore: decorator
@unsafe @global
export function __alloc(size: usize): usize {
  return take(size);
}

/** Two words in the active region: what most objects of a request are. */
export function pair(first: usize, second: i32): usize {
  const start = nextView();
  const after = start + PAIR;
  if (after > end) return pairFurther(first, second);
  top = after;
  // The second first, as in runtime/within.ts.
  store<i32>(start, second, 4);
  store<usize>(start, first);
  return start;
}

/** The same where the chunk is full. */
function pairFurther(first: usize, second: i32): usize {
  advance(PAIR + ALIGN_SMALL);
  return pair(first, second);
}

/** Makes sure that the next bytes are in one piece. They are not taken. */
// @ts-ignore: decorator
@inline
export function reserve(bytes: usize): void {
  if (top + bytes > end) advance(bytes);
}

/** Where the next view is, if there is room for it. */
// @ts-ignore: decorator
@inline
export function nextView(): usize {
  return (top + ALIGN_SMALL) & ~ALIGN_SMALL;
}

/** The next view, with so many bytes behind it: a buffer for the host. They are not taken. */
export function buffer(size: usize): usize {
  reserve(AROUND + size);
  return nextView();
}

/** Takes a view and the bytes behind it that have been written: it is their view then. */
// @ts-ignore: decorator
@inline
export function filled(view: usize, length: i32): usize {
  top = view + PAIR + length;
  store<i32>(view, length, 4);
  store<usize>(view, view + PAIR);
  return view;
}

/** The end of the active region, for `release`. */
export function mark(): usize {
  return top;
}

/** Releases what the active region allocated since that mark. */
export function release(to: usize): void {
  if (to > changetype<usize>(active.current) && to <= end) top = to;
  else releaseChunks(to);
}

/** The same if the region has begun another chunk since then. */
function releaseChunks(to: usize): void {
  let chunk = active.first;
  while (chunk && !(to > changetype<usize>(chunk) && to <= chunk.end)) chunk = chunk.next;
  if (!chunk) return;
  active.current = chunk;
  end = chunk.end;
  top = to;
}

/** Returns the last allocation's bytes from `to` on: a buffer larger than its content. */
export function trim(to: usize): void {
  top = to;
}

// @ts-ignore: decorator
@unsafe @global
export function __new(size: usize, id: u32): usize {
  const object = take(HEADER + size) + HEADER;
  store<u32>(object - HEADER, id);
  store<u32>(object - HEADER, <u32>size, 4);
  // Not zeroed where there is no need: a constructor writes every field, and the standard library
  // zeroes its buffers itself when there is no collector (tools/no-collector.mjs).
  if (ASC_RUNTIME == INCREMENTAL) memory.fill(object, 0, size);
  return object;
}

// @ts-ignore: decorator
@unsafe @global
export function __renew(old: usize, size: usize): usize {
  const before: usize = load<u32>(old - HEADER, 4);
  if (size > before) {
    if (old + before != top || old + size > end) {
      const fresh = __new(size, load<u32>(old - HEADER));
      memory.copy(fresh, old, before);
      return fresh;
    }
    top = old + size;
    if (ASC_RUNTIME == INCREMENTAL) memory.fill(old + before, 0, size - before);
  }
  store<u32>(old - HEADER, <u32>size, 4);
  return old;
}

// Clearing a region replaces a garbage collector's work.

// @ts-ignore: decorator
@unsafe @global
export function __free(_pointer: usize): void {}

// @ts-ignore: decorator
@unsafe @global
export function __link(_parent: usize, _child: usize, _expectMultiple: bool): void {}

// @ts-ignore: decorator
@unsafe @global
export function __pin(pointer: usize): usize {
  return pointer;
}

// @ts-ignore: decorator
@unsafe @global
export function __unpin(_pointer: usize): void {}

// @ts-ignore: decorator
@unsafe @global
export function __visit(_pointer: usize, _cookie: u32): void {}

// @ts-ignore: decorator
@unsafe @global
export function __collect(): void {}
