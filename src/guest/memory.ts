/**
 * The guest's linear memory as http-wasm-host-go reads and writes it. Text is kept as strings of
 * one character a byte, because a Go string is bytes. A range outside the memory is a host panic,
 * which traps the guest.
 */

/** A panic of Traefik's host: it ends the guest's call. */
export class HostPanic extends Error {
  override name = "HostPanic";
}

/** Words of 8 bytes in a page of 4 KiB, the unit in which an operating system gives memory. */
const PAGE_WORDS = 4096 / 8;

export class GuestMemory {
  constructor(private readonly memory: WebAssembly.Memory) {}

  /** Pages of 64 KiB. */
  get pages(): number {
    return this.memory.buffer.byteLength >>> 16;
  }

  /** Pages of 4 KiB that are not all zero. */
  get touched(): number {
    const words = new BigUint64Array(this.memory.buffer);
    let count = 0;
    for (let at = 0; at < words.length; at += PAGE_WORDS) {
      if (words.subarray(at, at + PAGE_WORDS).some((word) => word !== 0n)) count++;
    }
    return count;
  }

  /** The bytes themselves, not a copy. */
  view(start: number, length: number, what: string): Buffer {
    const [from, count] = [start >>> 0, length >>> 0];
    if (count === 0) return Buffer.alloc(0);
    if (from + count > this.memory.buffer.byteLength) {
      throw new HostPanic(`out of memory reading ${what}`);
    }
    return Buffer.from(this.memory.buffer, from, count);
  }

  text(start: number, length: number, what: string): string {
    return this.view(start, length, what).toString("latin1");
  }

  /**
   * Writes the text if it fits `limit`; returns its length, so that the guest can call again with
   * more room.
   */
  writeText(start: number, limit: number, text: string): number {
    if (text.length > 0 && text.length <= limit >>> 0) {
      // wazero's Write reports a range outside the memory, and the host ignores the report.
      const from = start >>> 0;
      if (from + text.length <= this.memory.buffer.byteLength) {
        Buffer.from(this.memory.buffer).write(text, from, "latin1");
      }
    }
    return text.length;
  }

  /** Writes each text with a NUL after it if all fit; returns count << 32 | bytes. */
  writeList(start: number, limit: number, list: readonly string[]): bigint {
    if (list.length === 0) return 0n;
    const text = list.map((item) => `${item}\0`).join("");
    if (text.length <= limit >>> 0) {
      this.view(start, text.length, "list").write(text, "latin1");
    }
    return (BigInt(list.length) << 32n) | BigInt(text.length);
  }
}
