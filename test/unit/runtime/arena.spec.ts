import { guest, mark, Region, release, request } from "../../../assembly/runtime/arena";

/** Allocates about `bytes`, in pieces, and returns where the first one is. */
function fill(bytes: i32): usize {
  const first = heap.alloc(64);
  for (let used = 64; used < bytes; used += 64) memory.fill(heap.alloc(64), 0xaa, 64);
  return first;
}

describe("a region", () => {
  test("is used again after it was cleared, and memory does not grow", () => {
    const before = request.enter();
    request.clear();
    const first = fill(40000);
    const pages = memory.size();
    for (let i = 0; i < 100; i++) {
      request.clear();
      expect(fill(40000)).toBe(first);
    }
    expect(memory.size()).toBe(pages);
    request.clear();
    before.enter();
  });
  test("makes objects whose memory is zero, whatever was there before", () => {
    const before = request.enter();
    request.clear();
    fill(10000);
    request.clear();
    const numbers = new StaticArray<i32>(500);
    let sum = 0;
    for (let i = 0; i < 500; i++) sum |= numbers[i];
    expect(sum).toBe(0);
    const grown = new Array<i32>();
    for (let i = 0; i < 1000; i++) grown.push(i);
    for (let i = 0; i < 1000; i++) sum |= grown[i] ^ i;
    expect(sum).toBe(0);
    request.clear();
    before.enter();
  });
  test("gives back what was allocated since a mark, also in chunks that it has begun since", () => {
    const region = new Region();
    const before = region.enter();
    fill(500);
    const start = mark();
    let pages = 0;
    let wrong = 0;
    for (let i = 0; i < 50; i++) {
      fill(700);
      // Another region's chunk is at the end of memory, so this one has to begin a chunk.
      guest.enter();
      heap.alloc(i == 0 ? 2000 : 8);
      region.enter();
      fill(9000);
      release(start);
      if (mark() != start) wrong++;
      if (i == 1) pages = memory.size();
    }
    const first = heap.alloc(8);
    before.enter();
    expect(wrong).toBe(0);
    expect(first - start).toBeLessThan(16);
    expect(memory.size()).toBe(pages);
  });
  test("does not touch another", () => {
    const before = guest.enter();
    const kept = new StaticArray<i32>(100);
    for (let i = 0; i < 100; i++) kept[i] = i;
    const other = new Region();
    for (let round = 0; round < 5; round++) {
      other.enter();
      other.clear();
      fill(9000);
      guest.enter();
      memory.fill(heap.alloc(3000), 0xbb, 3000);
    }
    let sum = 0;
    for (let i = 0; i < 100; i++) sum |= kept[i] ^ i;
    expect(sum).toBe(0);
    before.enter();
  });
});
