/**
 * Memory for what is precomputed for keys in frequent use, bounded for the whole guest. When it is full all of it
 * is forgotten, and keys have to be used more often before they earn theirs again: keys that take turns must not
 * spend their time on tables.
 */
import { KEY_TABLE_BYTES, KEY_TABLE_USES } from "../limits";
import { Region } from "../runtime/arena";

const region: Region = changetype<Region>(memory.data(12, 4));
let used: i32 = 0;
let generation: i32 = 0;

/** After so many times of forgetting, the number of uses that it takes is not doubled any more. */
const DOUBLINGS = 10;

/** A key's share: part of the key, and as long-lived as it. */
@final
export class Table {
  private at: usize = 0;
  private made: i32 = 0;
  private uses: i32 = 0;

  /** The table, or 0 when there is none. */
  get current(): usize {
    if (this.made != generation) {
      this.made = generation;
      this.at = 0;
      this.uses = 0;
    }
    return this.at;
  }

  /** Counts a use of the key, and returns its table, or 0 when it has none. */
  use(): usize {
    const at = this.current;
    if (!at) this.uses++;
    return at;
  }

  /** Whether the table should be made now. */
  get isDue(): bool {
    return this.uses >= KEY_TABLE_USES << min(generation, DOUBLINGS);
  }

  /** Leaves the key without a table. */
  drop(): void {
    this.at = 0;
    this.uses = 0;
  }

  /** Room for the table, which is now the key's. What others had may be gone afterwards. */
  make(size: i32): usize {
    if (used + size > KEY_TABLE_BYTES) {
      region.clear();
      used = 0;
      generation++;
    }
    used += size;
    this.made = generation;
    const before = region.enter();
    this.at = heap.alloc(size);
    before.enter();
    return this.at;
  }
}

/** Bytes that are in use now. */
export function tableBytes(): i32 {
  return used;
}
