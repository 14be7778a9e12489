/**
 * A list of byte strings, each with its length before it (32 bits, big-endian). Equal bytes mean
 * equal lists, so what is hashed or sealed can be read in only one way. A reader refuses a list
 * that is cut short or too long.
 */
import { Bytes } from "../text/bytes";
import { isUtf8 } from "../text/utf8";

/** Bytes of a length, of a number, and of a writer's first buffer. */
const LENGTH = 4;
const NUMBER = 8;
const ROOM = 256;

/** Writes fields into the region that is active at the time. */
@unmanaged
@final
export class Fields {
  private at: usize = heap.alloc(ROOM);
  private room: i32 = ROOM;
  private length: i32 = 0;

  bytes(value: Bytes): this {
    memory.copy(this.next(value.length), value.start, value.length);
    return this;
  }

  /** A text, as UTF-8. */
  text(value: string): this {
    const length = String.UTF8.byteLength(value);
    const at = this.next(length);
    String.UTF8.encodeUnsafe(changetype<usize>(value), value.length, at);
    return this;
  }

  /** One byte. */
  u8(value: u8): this {
    store<u8>(this.next(1), value);
    return this;
  }

  /** Eight bytes, big-endian, two's complement. */
  i64(value: i64): this {
    store<i64>(this.next(NUMBER), bswap<i64>(value));
    return this;
  }

  /** All fields written so far. */
  get all(): Bytes {
    return new Bytes(this.at, this.length);
  }

  /** Makes room for a field of `length` bytes and writes its length. */
  private next(length: i32): usize {
    const end = this.length + LENGTH + length;
    if (end > this.room) {
      const room = max(end, this.room << 1);
      const fresh = heap.alloc(room);
      memory.copy(fresh, this.at, this.length);
      this.at = fresh;
      this.room = room;
    }
    const at = this.at + this.length;
    store<i32>(at, bswap<i32>(length));
    this.length = end;
    return at + LENGTH;
  }
}

/**
 * Reads fields back, as views. A missing or malformed field is read as empty or 0 and makes the
 * reader `failed` for good, so a caller must check `done` at the end, before it uses anything.
 */
@unmanaged
@final
export class FieldReader {
  private at: i32 = 0;
  private broken: bool = false;

  constructor(private content: Bytes) {}

  /**
   * True if a field was missing or malformed. With `atEnd` it ends loops over lists of unknown
   * length.
   */
  get failed(): bool {
    return this.broken;
  }

  get atEnd(): bool {
    return this.at == this.content.length;
  }

  /** True if every field was there and no more follow. */
  get done(): bool {
    return !this.broken && this.atEnd;
  }

  bytes(): Bytes {
    const left = this.content.length - this.at - LENGTH;
    if (this.broken || left < 0) return this.fail();
    const start = this.content.start + this.at + LENGTH;
    const length = bswap<u32>(load<u32>(start - LENGTH));
    if (length > <u32>left) return this.fail();
    this.at += LENGTH + <i32>length;
    return new Bytes(start, <i32>length);
  }

  /** Bytes that must be UTF-8. */
  text(): Bytes {
    const value = this.bytes();
    return isUtf8(value) ? value : this.fail();
  }

  u8(): u8 {
    const value = this.sized(1);
    return value ? load<u8>(value) : 0;
  }

  i64(): i64 {
    const value = this.sized(NUMBER);
    return value ? bswap<i64>(load<i64>(value)) : 0;
  }

  /** The address of a field of exactly `length` bytes, or 0. */
  private sized(length: i32): usize {
    const value = this.bytes();
    if (!this.broken && value.length != length) this.fail();
    return this.broken ? 0 : value.start;
  }

  private fail(): Bytes {
    this.broken = true;
    return Bytes.empty();
  }
}
