/** A set of ids of 16 bytes. They are hashes, so their own first bytes say where they are. */
import { Bytes, isSame } from "../text/bytes";

export const ID_BYTES = 16;
const SLOT: i32 = 4;

@final
export class Ids {
  /** Addresses of ids; 0: free. At least half of them are. */
  private slots: Bytes;
  private mask: i32;

  /** `known`: ids one after the other. `more`: as many can be added. */
  constructor(known: Bytes, more: i32) {
    const count = known.length / ID_BYTES;
    let size = 2;
    while (size < 2 * (count + more)) size <<= 1;
    this.slots = Bytes.make(size * SLOT);
    this.mask = size - 1;
    for (let i = 0; i < count; i++) this.add(known.slice(i * ID_BYTES, (i + 1) * ID_BYTES));
  }

  /** False: it is there already. */
  add(id: Bytes): bool {
    for (let i = load<i32>(id.start) & this.mask; ; i = (i + 1) & this.mask) {
      const slot = this.slots.start + i * SLOT;
      const at = load<usize>(slot);
      if (at != 0 && isSame(at, id.start, ID_BYTES)) return false;
      if (at != 0) continue;
      store<usize>(slot, id.start);
      return true;
    }
  }
}
