/**
 * Data that lies in the code, because all guests share that, and each has its own copy of what lies
 * in the module's memory. It is there when a function has written it: pack.mjs makes its body.
 */

import { lasting } from "./arena";

let at: usize = 0;

/** A class, because the compiler warns of exported functions that take vectors. */
export class CodeData {
  /** Writes a block from `to` on. */
  static write(put: (block: i32) => void, block: i32, to: usize): void {
    at = to;
    put(block);
  }

  /** Writes a block to memory of `room` bytes, where it lasts as long as the guest. */
  static lasting(put: (block: i32) => void, block: i32, room: i32): usize {
    const before = lasting.enter();
    const to = heap.alloc(room);
    before.enter();
    CodeData.write(put, block, to);
    return to;
  }

  /** Writes the next 128 bytes. */
  static put(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128): void {
    const to = at;
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
    v128.store(to, e, 64);
    v128.store(to, f, 80);
    v128.store(to, g, 96);
    v128.store(to, h, 112);
    at = to + 128;
  }
}
