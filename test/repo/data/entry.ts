/** What uses the tables, for ../data.test.ts: compiled with the transform and without. */
import { guest, mark, release, request } from "../../../assembly/runtime/arena";
import { own, SIGNED as renamed, WIDE } from "./crypto/curve";

class Reader {
  static signed(index: i32): i32 {
    return load<i32>(renamed + ((<usize>index) << 2));
  }
}

export function signed(index: i32): i32 {
  return Reader.signed(index);
}

export function wide(index: i32): u64 {
  return load<u64>(WIDE + ((<usize>index) << 3));
}

export function unsigned(index: i32): u32 {
  return own(index);
}

/** Uses the tables for the first time where a caller releases what it has allocated, and fills memory then. */
export function firstUse(isRequest: bool): void {
  const region = isRequest ? request : guest;
  region.enter();
  const before = mark();
  signed(0);
  wide(0);
  unsigned(0);
  release(before);
  region.clear();
  memory.fill(heap.alloc(20000), 0xaa, 20000);
}
