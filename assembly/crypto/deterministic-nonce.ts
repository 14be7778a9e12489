/**
 * Nonces of deterministic signatures, RFC 6979 §3.2, with SHA-256 and an order of 256 bits: an HMAC
 * over key and message instead of randomness. One nonce used for two messages would reveal the key.
 */
import { Bytes } from "../text/bytes";
import { Hash } from "./hash";
import { hmac } from "./hmac";

const SIZE = 32;

@unmanaged
@final
export class NonceSource {
  private key: Bytes;
  private value: Bytes;

  /**
   * `secret` is the private key, and `message` the digest modulo the order, both 32 big-endian
   * bytes.
   */
  constructor(secret: Bytes, message: Bytes) {
    this.key = Bytes.make(SIZE);
    this.value = Bytes.make(SIZE);
    memory.fill(this.value.start, 1, SIZE);
    const seed = Bytes.make(2 * SIZE);
    memory.copy(seed.start, secret.start, SIZE);
    memory.copy(seed.start + SIZE, message.start, SIZE);
    this.update(0, seed);
    this.update(1, seed);
  }

  /** The next candidate, 32 big-endian bytes: any number of 256 bits. */
  next(): Bytes {
    const value = hmac(Hash.Sha256, this.key, this.value);
    this.value = value;
    return value;
  }

  /** Advances after an unusable candidate. */
  skip(): void {
    this.update(0, Bytes.empty());
  }

  private update(round: u8, seed: Bytes): void {
    const message = Bytes.make(SIZE + 1 + seed.length);
    memory.copy(message.start, this.value.start, SIZE);
    message.set(SIZE, round);
    memory.copy(message.start + SIZE + 1, seed.start, seed.length);
    this.key = hmac(Hash.Sha256, this.key, message);
    this.value = hmac(Hash.Sha256, this.key, this.value);
  }
}
