/** ChaCha20, RFC 8439 §2.3, and HChaCha20, draft-irtf-cfrg-xchacha-03 §2.2. Constant time: no branch or index on secrets. */

/** Words of the state before the rounds: "expand 32-byte k", the key, then 16 bytes of counter and nonce. */
function prepare(state: usize, key: usize, input: usize): void {
  store<u32>(state, 0x61707865);
  store<u32>(state, 0x3320646e, 4);
  store<u32>(state, 0x79622d32, 8);
  store<u32>(state, 0x6b206574, 12);
  memory.copy(state + 16, key, 32);
  memory.copy(state + 48, input, 16);
}

function quarter(state: usize, a: usize, b: usize, c: usize, d: usize): void {
  let x = load<u32>(state + a);
  let y = load<u32>(state + b);
  let z = load<u32>(state + c);
  let w = load<u32>(state + d);
  x += y;
  w = rotl<u32>(w ^ x, 16);
  z += w;
  y = rotl<u32>(y ^ z, 12);
  x += y;
  w = rotl<u32>(w ^ x, 8);
  z += w;
  y = rotl<u32>(y ^ z, 7);
  store<u32>(state + a, x);
  store<u32>(state + b, y);
  store<u32>(state + c, z);
  store<u32>(state + d, w);
}

function rounds(state: usize): void {
  for (let i = 0; i < 10; i++) {
    for (let column: usize = 0; column < 16; column += 4) {
      quarter(state, column, column + 16, column + 32, column + 48);
    }
    for (let column: usize = 0; column < 16; column += 4) {
      const b: usize = 16 + ((column + 4) & 15);
      const c: usize = 32 + ((column + 8) & 15);
      quarter(state, column, b, c, 48 + ((column + 12) & 15));
    }
  }
}

/** HChaCha20: a key of 32 bytes at `out` for the first 16 bytes of a long nonce. */
export function deriveKey(out: usize, key: usize, nonce: usize): void {
  const state = heap.alloc(64);
  prepare(state, key, nonce);
  rounds(state);
  memory.copy(out, state, 16);
  memory.copy(out + 16, state + 48, 16);
}

/** A key stream in blocks of 64 bytes. */
@unmanaged
@final
export class ChaCha20 {
  private state: usize = heap.alloc(64);

  /** `input` is 16 bytes: room for a block's number, 32 bits, and a nonce of 12 bytes. */
  constructor(key: usize, input: usize) {
    prepare(this.state, key, input);
  }

  /** Writes the block of that number. */
  block(out: usize, number: u32): void {
    const state = this.state;
    store<u32>(state, number, 48);
    memory.copy(out, state, 64);
    rounds(out);
    for (let i: usize = 0; i < 64; i += 4) {
      store<u32>(out + i, load<u32>(out + i) + load<u32>(state + i));
    }
  }
}
