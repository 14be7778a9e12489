/**
 * ChaCha20, RFC 8439 §2.3, and HChaCha20, draft-irtf-cfrg-xchacha-03 §2.2. Constant time: no branch
 * or index on secrets.
 */

/**
 * Words of the state before the rounds: "expand 32-byte k", the key, then 16 bytes of counter and
 * nonce.
 */
function prepare(state: usize, key: usize, input: usize): void {
  store<u32>(state, 0x61707865);
  store<u32>(state, 0x3320646e, 4);
  store<u32>(state, 0x79622d32, 8);
  store<u32>(state, 0x6b206574, 12);
  memory.copy(state + 16, key, 32);
  memory.copy(state + 48, input, 16);
}

function rotate(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/** The four rows of the state as vectors: a step works on four columns, or diagonals, at once. */
function rounds(state: usize): void {
  let a = v128.load(state);
  let b = v128.load(state, 16);
  let c = v128.load(state, 32);
  let d = v128.load(state, 48);
  for (let i = 0; i < 20; i++) {
    a = i32x4.add(a, b);
    d = rotate(v128.xor(d, a), 16);
    c = i32x4.add(c, d);
    b = rotate(v128.xor(b, c), 12);
    a = i32x4.add(a, b);
    d = rotate(v128.xor(d, a), 8);
    c = i32x4.add(c, d);
    b = rotate(v128.xor(b, c), 7);
    // Columns become diagonals: rows turn by one, two and three places; and turn back.
    if (i & 1) {
      b = v128.shuffle<i32>(b, b, 3, 0, 1, 2);
      d = v128.shuffle<i32>(d, d, 1, 2, 3, 0);
    } else {
      b = v128.shuffle<i32>(b, b, 1, 2, 3, 0);
      d = v128.shuffle<i32>(d, d, 3, 0, 1, 2);
    }
    c = v128.shuffle<i32>(c, c, 2, 3, 0, 1);
  }
  v128.store(state, a);
  v128.store(state, b, 16);
  v128.store(state, c, 32);
  v128.store(state, d, 48);
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
    for (let i: usize = 0; i < 64; i += 16) {
      v128.store(out + i, i32x4.add(v128.load(out + i), v128.load(state + i)));
    }
  }
}
