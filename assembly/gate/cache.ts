/**
 * Verified tokens of this guest, keyed by their exact bytes and bounded in bytes. The cache has two
 * halves: when the current half is full, the older one is emptied and used. A record holds no
 * pointers, so it is kept by copying. All tokens in it are visible ASCII: one that is found needs
 * no look for separators.
 */
import { Identity } from "../claims/identity";
import { TOKEN_CACHE_BYTES, TOKEN_CACHE_ENTRY_BYTES } from "../limits";
import { guest } from "../runtime/arena";
import { within } from "../runtime/within";
import { Bytes, isSame } from "../text/bytes";

const HALF = TOKEN_CACHE_BYTES / 2;
/** A record: its size, the token's length, the identity, the token. */
const RECORD_HEADER = 8;

/**
 * Identities of verified tokens and opened sessions, each until its `lastSecond`. Other guests have
 * their own cache.
 */
@final
export class TokenCache {
  private start: usize = 0;
  private current: i32 = 0;
  private used: StaticArray<i32> = [0, 0];

  /**
   * The cached identity of a token, or null when there is none or it has ended. Valid until the
   * next `store`. `now` in seconds.
   */
  find(token: Bytes, now: i64): Identity | null {
    within(this);
    if (token.length < 8) return null;
    const found = this.findIn(this.current, token) || this.findIn(1 - this.current, token);
    return found && found.lastSecond >= now ? found : null;
  }

  private findIn(half: i32, token: Bytes): Identity | null {
    let record = this.start + half * HALF;
    const end = record + unchecked(this.used[half]);
    // The end of a signature differs at once between tokens; the comparison below still covers all
    // bytes.
    const length = token.length;
    const tail = load<u64>(token.end - 8);
    for (; record < end; record += load<u32>(record)) {
      if (load<i32>(record, 4) != length) continue;
      const identity = changetype<Identity>(record + RECORD_HEADER);
      const bytes = record + RECORD_HEADER + identity.size;
      if (load<u64>(bytes + length - 8) != tail) continue;
      if (isSame(bytes, token.start, length)) return identity;
    }
    return null;
  }

  store(token: Bytes, identity: Identity): void {
    const size = (RECORD_HEADER + identity.size + token.length + 7) & ~7;
    if (size > TOKEN_CACHE_ENTRY_BYTES || token.length < 8 || !token.isVisible) return;
    if (this.start == 0) {
      const before = guest.enter();
      this.start = heap.alloc(TOKEN_CACHE_BYTES);
      before.enter();
    }
    if (this.used[this.current] + size > HALF) {
      this.current = 1 - this.current;
      this.used[this.current] = 0;
    }
    const record = this.start + this.current * HALF + this.used[this.current];
    store<u32>(record, size);
    store<i32>(record, token.length, 4);
    memory.copy(record + RECORD_HEADER, changetype<usize>(identity), identity.size);
    memory.copy(record + RECORD_HEADER + identity.size, token.start, token.length);
    // This one store publishes the record: one that a trap cut off is never visible.
    this.used[this.current] += size;
  }

  clear(): void {
    this.used[0] = 0;
    this.used[1] = 0;
  }
}
