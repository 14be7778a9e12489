/**
 * Garbage where earlier requests have been. Before a guest reads a request, its region for requests is filled with
 * random bytes: whoever counts on zeros, or on what was there, answers differently then. Buffers for the host must lie
 * within the region, because the host may fill them whole.
 */
import assert from "node:assert/strict";
import { Dice } from "../../support/dice.ts";

/** Size of the first buffer for a method (assembly/host/exchange.ts). */
const FIRST_TRY = 2048;
/** Where a request's first buffer is in the region's first chunk: after the chunk's own two words, and a view. */
const FIRST_BUFFER = 16;
/** The position of a buffer's address among the arguments; its size follows. */
const BUFFERS: Readonly<Record<string, number>> = {
  get_method: 0,
  get_uri: 0,
  get_source_addr: 0,
  get_header_names: 1,
  get_header_values: 3,
};
const OF_REQUEST = 0;
const GARBAGE = new Dice("garbage").bytes(1 << 20);
/** From one request's garbage to the next one's. */
const STEP = 4099;

export class Leftovers {
  /** How many requests met garbage. */
  requests = 0;
  private first = 0;
  /** The next request begins with the log of a trap, so its first buffer is elsewhere. */
  private isRecovering = false;

  /** Before the host function runs. */
  onCall(name: string, args: readonly unknown[], memory: WebAssembly.Memory): void {
    const place = BUFFERS[name];
    if (place === undefined || (place > 0 && args[0] !== OF_REQUEST)) return;
    const [address, size] = [Number(args[place]), Number(args[place + 1])];
    if (name === "get_method" && size === FIRST_TRY) {
      if (!this.isRecovering) this.first ||= address - FIRST_BUFFER;
      this.isRecovering = false;
      for (const { from, to } of this.chunks(memory)) {
        const at = (this.requests * STEP) % (GARBAGE.length - (to - from));
        new Uint8Array(memory.buffer).set(GARBAGE.subarray(at, at + to - from), from);
      }
      if (this.first !== 0) this.requests++;
    }
    if (this.first === 0) return;
    const isWithin = this.chunks(memory).some(
      ({ from, to }) => address >= from && address + size <= to,
    );
    assert.ok(isWithin, `${name} got ${size} bytes at ${address}`);
  }

  trapped(): void {
    this.isRecovering = true;
  }

  /** Each chunk begins with the address of the next one and its own end (assembly/runtime/arena.ts). */
  private chunks(memory: WebAssembly.Memory): { from: number; to: number }[] {
    const words = new DataView(memory.buffer);
    const found = [];
    for (let chunk = this.first; chunk !== 0; chunk = words.getUint32(chunk, true)) {
      found.push({ from: chunk + 8, to: words.getUint32(chunk + 4, true) });
    }
    return found;
  }
}
