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
/** A record: its size, the token's length, the token, the identity. */
const RECORD_HEADER = 8;

/**
 * Identities of verified tokens and opened sessions, each until its `lastSecond`. Other guests have
 * their own cache.
 */
@final
export class TokenCache {
  /** Where the current half begins, and where its records end. */
  private start: usize = 0;
  private end: usize = 0;
  private olderStart: usize = 0;
  private olderEnd: usize = 0;

  /**
   * The cached identity of a token, or null when there is none or it has ended. Valid until the
   * next `store`. `now` in seconds.
   */
  find(token: Bytes, now: i64): Identity | null {
    within(this);
    within(token);
    let record = this.start;
    let end = this.end;
    const start = token.start;
    const length = token.length;
    if (length < 8) return null;
    // The end of a signature differs at once between tokens; the comparison below still covers all
    // bytes. In a record it begins `length` bytes after the record's start.
    const tail = load<u64>(start + length - 8);
    for (let halves = 2; halves > 0; halves--) {
      for (; record < end; record += load<u32>(record)) {
        if (load<i32>(record, 4) != length || load<u64>(record + length) != tail) continue;
        if (!isSame(record + RECORD_HEADER, start, length)) continue;
        const found = changetype<Identity>(record + TokenCache.before(length));
        return found.lastSecond >= now ? found : null;
      }
      record = this.olderStart;
      end = this.olderEnd;
    }
    return null;
  }

  store(token: Bytes, identity: Identity): void {
    const length = token.length;
    const size = TokenCache.before(length) + ((identity.size + 7) & ~7);
    if (size > TOKEN_CACHE_ENTRY_BYTES || length < 8 || !token.isVisible) return;
    if (this.start == 0) {
      const before = guest.enter();
      this.end = this.start = heap.alloc(TOKEN_CACHE_BYTES);
      this.olderEnd = this.olderStart = this.start + HALF;
      before.enter();
    }
    if (this.end + size > this.start + HALF) {
      const start = this.olderStart;
      this.olderStart = this.start;
      this.olderEnd = this.end;
      this.end = this.start = start;
    }
    const record = this.end;
    store<u32>(record, size);
    store<i32>(record, length, 4);
    memory.copy(record + RECORD_HEADER, token.start, length);
    memory.copy(record + TokenCache.before(length), changetype<usize>(identity), identity.size);
    // This one store publishes the record: one that a trap cut off is never visible.
    this.end = record + size;
  }

  /** Bytes of a record before its identity. */
  @inline private static before(length: i32): i32 {
    return (RECORD_HEADER + length + 7) & ~7;
  }

  clear(): void {
    this.end = this.start;
    this.olderEnd = this.olderStart;
  }
}
