/** Numbers names in the order of their first use: a small hash table that only grows. */
import { Bytes } from "./bytes";

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

/** FNV-1a, which is fast and not collision-resistant: names chosen to collide cost only time. */
export function hashOf(name: Bytes): u32 {
  let h: u32 = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = (h ^ name.at(i)) * 0x01000193;
  return h ^ (h >> 15);
}
