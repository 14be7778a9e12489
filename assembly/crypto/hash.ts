/**
 * SHA-256, SHA-384 and SHA-512, FIPS 180-4. Messages below 2 GiB: a length is what memory can hold.
 */
import { Bytes } from "../text/bytes";
import { compress as compress256, initialize as initialize256 } from "./kernels/sha256";
import {
  compress as compress512,
  initialize as initialize512,
  initialize384,
} from "./kernels/sha512";

export enum Hash {
  Sha256,
  Sha384,
  Sha512,
}

/** Bytes of a digest: 32, 48 or 64. */
export function digestSize(hash: Hash): i32 {
  return 32 + ((<i32>hash) << 4);
}

/** Bytes of a block, as HMAC needs it: 64 or 128. */
export function blockSize(hash: Hash): i32 {
  return hash == Hash.Sha256 ? 64 : 128;
}

export function digest(hash: Hash, message: Bytes): Bytes {
  return new Hasher(hash).update(message).finish();
}

/** Hashes a message given in parts; its scratch is in the active region. */
@unmanaged
@final
export class Hasher {
  private state: usize;
  /** The bytes of an incomplete block: `length` modulo a block. */
  private rest: usize;
  private length: i32 = 0;

  constructor(readonly hash: Hash) {
    // Room for two blocks: the padding may need a second one.
    this.state = heap.alloc(64 + 2 * blockSize(hash));
    this.rest = this.state + 64;
    initialize(hash, this.state);
  }

  private compress(at: usize, blocks: i32): void {
    compress(this.hash, this.state, at, blocks);
  }

  update(part: Bytes): this {
    const block = blockSize(this.hash);
    const held = this.length & (block - 1);
    this.length += part.length;
    let at = part.start;
    let left = part.length;
    if (held > 0) {
      const taken = min(left, block - held);
      memory.copy(this.rest + held, at, taken);
      if (held + taken < block) return this;
      this.compress(this.rest, 1);
      at += taken;
      left -= taken;
    }
    const whole = left & -block;
    if (whole > 0) this.compress(at, whole / block);
    memory.copy(this.rest, at + whole, left - whole);
    return this;
  }

  /** The digest. Nothing may be added after it. */
  finish(): Bytes {
    const block = blockSize(this.hash);
    const held = this.length & (block - 1);
    // The length's field is an eighth of a block: 8 or 16 bytes.
    const blocks = held + 1 + (block >> 3) <= block ? 1 : 2;
    const end = this.rest + blocks * block;
    memory.fill(this.rest + held, 0, blocks * block - held);
    store<u8>(this.rest + held, 0x80);
    store<u64>(end - 8, bswap<u64>((<u64>this.length) << 3));
    this.compress(this.rest, blocks);
    return digestOf(this.hash, this.state);
  }
}

/** Hashes messages that differ in a few bytes and fit into one block: they are padded once. */
@unmanaged
@final
export class OneBlock {
  /** The message's place, for the caller to fill. */
  readonly text: usize;
  private state: usize;

  /** `length`: bytes of each message, less than a block by an eighth of it and one byte. */
  constructor(
    readonly hash: Hash,
    length: i32,
  ) {
    const block = blockSize(hash);
    this.text = heap.alloc(block);
    this.state = heap.alloc(64);
    memory.fill(this.text, 0, block);
    store<u8>(this.text + length, 0x80);
    store<u64>(this.text + block - 8, bswap<u64>((<u64>length) << 3));
  }

  /** Valid until the next call. */
  digest(): Bytes {
    initialize(this.hash, this.state);
    compress(this.hash, this.state, this.text, 1);
    return digestOf(this.hash, this.state);
  }
}

function initialize(hash: Hash, state: usize): void {
  if (hash == Hash.Sha256) initialize256(state);
  else if (hash == Hash.Sha384) initialize384(state);
  else initialize512(state);
}

function compress(hash: Hash, state: usize, at: usize, blocks: i32): void {
  if (hash == Hash.Sha256) compress256(state, at, blocks);
  else compress512(state, at, blocks);
}

/** Uses the state's memory for the digest's bytes. */
function digestOf(hash: Hash, state: usize): Bytes {
  if (hash == Hash.Sha256) {
    for (let i: usize = 0; i < 32; i += 4) store<u32>(state + i, bswap<u32>(load<u32>(state + i)));
  } else {
    for (let i: usize = 0; i < 64; i += 8) store<u64>(state + i, bswap<u64>(load<u64>(state + i)));
  }
  return new Bytes(state, digestSize(hash));
}
