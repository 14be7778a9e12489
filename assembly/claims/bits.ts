/** A set of small numbers: the roles or scopes of the configuration that a caller has. */
import { pair } from "../runtime/arena";

@unmanaged
@final
export class Bits {
  constructor(
    readonly start: usize,
    /** Words of 64 bits. */
    readonly words: i32,
  ) {}

  /** Like a view of bytes (text/bytes.ts): the constructor would call the allocator. */
  @inline static view(start: usize, words: i32): Bits {
    return changetype<Bits>(pair(start, words));
  }

  static wordsFor(count: i32): i32 {
    return (count + 63) >> 6;
  }

  /** An empty set over `count` numbers. */
  static make(count: i32): Bits {
    const words = Bits.wordsFor(count);
    const start = heap.alloc(words << 3);
    memory.fill(start, 0, words << 3);
    return Bits.view(start, words);
  }

  has(index: i32): bool {
    return ((load<u64>(this.start + ((index >> 6) << 3)) >> (index & 63)) & 1) != 0;
  }

  add(index: i32): void {
    const at = this.start + ((index >> 6) << 3);
    store<u64>(at, load<u64>(at) | ((<u64>1) << (index & 63)));
  }

  addAll(other: Bits): void {
    for (let i = 0; i < this.words << 3; i += 8) {
      store<u64>(this.start + i, load<u64>(this.start + i) | load<u64>(other.start + i));
    }
  }

  hasAll(other: Bits): bool {
    for (let i = 0; i < this.words << 3; i += 8) {
      if (load<u64>(other.start + i) & ~load<u64>(this.start + i)) return false;
    }
    return true;
  }

  /** True if the two sets, over the same numbers, share one. */
  get isEmpty(): bool {
    for (let i = 0; i < this.words << 3; i += 8) if (load<u64>(this.start + i)) return false;
    return true;
  }

  meets(other: Bits): bool {
    for (let i = 0; i < this.words << 3; i += 8) {
      if (load<u64>(this.start + i) & load<u64>(other.start + i)) return true;
    }
    return false;
  }
}
