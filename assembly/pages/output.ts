/** Bytes written one after the other, into the region that is active at the time. */
import { Bytes } from "../text/bytes";

@unmanaged
@final
export class Output {
  private start: usize;
  private length: i32 = 0;

  constructor(private capacity: i32) {
    this.start = heap.alloc(capacity);
  }

  byte(c: u32): void {
    if (this.length == this.capacity) this.grow(1);
    store<u8>(this.start + this.length++, <u8>c);
  }

  bytes(text: Bytes): void {
    if (this.length + text.length > this.capacity) this.grow(text.length);
    memory.copy(this.start + this.length, text.start, text.length);
    this.length += text.length;
  }

  /** An ASCII text. */
  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
  }

  /** All that was written so far. */
  get all(): Bytes {
    return new Bytes(this.start, this.length);
  }

  private grow(by: i32): void {
    this.capacity = max(2 * this.capacity, this.length + by);
    const start = heap.alloc(this.capacity);
    memory.copy(start, this.start, this.length);
    this.start = start;
  }
}
