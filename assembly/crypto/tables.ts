/**
 * Memory for tables of keys in frequent use, bounded for the whole guest. When it is full, all
 * tables are released, and keys must be used more often before they get one again: keys that
 * alternate must not spend their time on tables.
 */
import { KEY_TABLE_BYTES, KEY_TABLE_USES } from "../limits";
import { Region } from "../runtime/arena";

const region: Region = changetype<Region>(memory.data(12, 4));
let used: i32 = 0;
let generation: i32 = 0;

/** After that many releases the required number of uses is no longer doubled. */
const DOUBLINGS = 10;

/** A key's table: part of the key, and lives as long. */
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

  /** Counts a use of the key; returns its table, or 0 when it has none. */
  use(): usize {
    const at = this.current;
    if (!at) this.uses++;
    return at;
  }

  /** True if the table should be made now. */
  get isDue(): bool {
    return this.uses >= KEY_TABLE_USES << min(generation, DOUBLINGS);
  }

  /** Leaves the key without a table. */
  drop(): void {
    this.at = 0;
    this.uses = 0;
  }

  /** Allocates the key's table. The tables of other keys may be gone afterwards. */
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

/** Bytes in use now. */
export function tableBytes(): i32 {
  return used;
}
