/** Numbers names in the order of their first use: a small hash table that only grows. */
import { Bytes } from "./bytes";
import { lengthOf, narrowed } from "./sixteen";

@final
export class Names {
  private list: Array<Bytes> = [];
  /** Position in the list plus one, by hash; 0: free. The length is a power of two. */
  private slots: StaticArray<u32> = new StaticArray<u32>(16);

  get length(): i32 {
    return this.list.length;
  }

  at(index: i32): Bytes {
    return this.list[index];
  }

  /** The name's number, or -1. */
  find(name: Bytes): i32 {
    const slot = this.slots[this.slotOf(name)];
    return <i32>slot - 1;
  }

  /** The name's number; an unknown name is copied and gets a new one. */
  add(name: Bytes): i32 {
    const found = this.find(name);
    if (found >= 0) return found;
    this.list.push(name.copy());
    if (this.list.length * 2 > this.slots.length) this.rehash();
    else this.slots[this.slotOf(name)] = <u32>this.list.length;
    return this.list.length - 1;
  }

  /** The name's slot, or the free slot where it belongs. */
  private slotOf(name: Bytes): i32 {
    const mask = this.slots.length - 1;
    let slot = (<i32>hashOf(name)) & mask;
    while (true) {
      const entry = <i32>this.slots[slot];
      if (entry == 0 || this.list[entry - 1].equals(name)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private rehash(): void {
    this.slots = new StaticArray<u32>(this.slots.length * 2);
    for (let i = 0; i < this.list.length; i++) {
      this.slots[this.slotOf(this.list[i])] = <u32>(i + 1);
    }
  }
}

/** Mixes bytes: an odd number, 2⁶⁴ by the golden ratio. */
export const MIX: u64 = 0x9e3779b97f4a7c15;
const KEY_BYTES = 8;
const HALF = 32;
/** The bits in which keys of a name in another case differ, because a key adds no bytes up. */
export const CASE: u64 = 0x2020202020202020;

/** Fast and not collision-resistant: names chosen to collide cost only time. */
function hashOf(name: Bytes): u32 {
  let h: u64 = name.length;
  let at = name.start;
  for (; at + KEY_BYTES <= name.end; at += KEY_BYTES) {
    h = (h ^ load<u64>(at)) * MIX;
    h ^= h >> 32;
  }
  const rest = <i32>(name.end - at);
  if (rest > 0) h = (h ^ (load<u64>(name.end - KEY_BYTES) >> ((KEY_BYTES - rest) << 3))) * MIX;
  return <u32>(h >> 32);
}

/**
 * A key that names seldom share: the last eight bytes and, of a longer name, the first eight too.
 * It is for short lists, where a hash of all bytes would take longer than the search.
 */
export function keyOf(name: Bytes): u64 {
  const length = name.length;
  if (length == 0) return 0;
  // No name begins in memory's first bytes, so there is something before it.
  const last = load<u64>(name.end - KEY_BYTES);
  if (length <= KEY_BYTES) return last >> ((KEY_BYTES - length) << 3);
  return last ^ rotl(load<u64>(name.start), HALF);
}

/** The same of an ASCII text. */
export function keyOfText(name: string): u64 {
  const length = lengthOf(name);
  if (length == 0) return 0;
  const start = changetype<usize>(name);
  const last = narrow(start + ((length - KEY_BYTES) << 1));
  if (length <= KEY_BYTES) return last >> ((KEY_BYTES - length) << 3);
  return last ^ rotl(narrow(start), HALF);
}

/** The same without regard to case, where `CASE` is set in a name's key. */
export function foldedKeyOf(name: string): u64 {
  return keyOfText(name) | CASE;
}

/** Eight characters as bytes. */
function narrow(at: usize): u64 {
  return i64x2.extract_lane(narrowed(at), 0);
}
