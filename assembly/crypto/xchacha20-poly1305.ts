/**
 * XChaCha20-Poly1305, draft-irtf-cfrg-xchacha-03 §2.3 over RFC 8439 §2.8: seals values that a
 * browser keeps. Nonces have 24 bytes, so that nonces made by hashing do not collide. Constant time
 * in key and text.
 */
import { Bytes } from "../text/bytes";
import { ChaCha20, deriveKey } from "./chacha20";
import { equal } from "./constant-time";
import { Poly1305 } from "./poly1305";

const KEY_BYTES = 32;
export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;

/** The ciphertext with its tag at the end, or null for a key or nonce of the wrong length. */
export function seal(key: Bytes, nonce: Bytes, data: Bytes, text: Bytes): Bytes | null {
  if (key.length != KEY_BYTES || nonce.length != NONCE_BYTES) return null;
  const cipher = new Cipher(key, nonce);
  const sealed = Bytes.make(text.length + TAG_BYTES);
  cipher.apply(sealed.start, text);
  cipher.tag(sealed.start + text.length, data, sealed.slice(0, text.length));
  return sealed;
}

/** The text, or null when anything is wrong. `data` is what was only authenticated. */
export function open(key: Bytes, nonce: Bytes, data: Bytes, sealed: Bytes): Bytes | null {
  const length = sealed.length - TAG_BYTES;
  if (key.length != KEY_BYTES || nonce.length != NONCE_BYTES || length < 0) return null;
  const cipher = new Cipher(key, nonce);
  const tag = Bytes.make(TAG_BYTES);
  cipher.tag(tag.start, data, sealed.slice(0, length));
  // Nothing is decrypted before the tag has been checked.
  if (!equal(tag, sealed.rest(length))) return null;
  const text = Bytes.make(length);
  cipher.apply(text.start, sealed.slice(0, length));
  return text;
}

/** ChaCha20 with a derived key; block 0 is the key of the tag, and the text begins with block 1. */
@unmanaged
@final
class Cipher {
  private cipher: ChaCha20;
  private stream: usize = heap.alloc(64);

  constructor(key: Bytes, nonce: Bytes) {
    const derived = heap.alloc(32);
    deriveKey(derived, key.start, nonce.start);
    // The block's number, and a nonce of 4 zeros and the last 8 bytes of the long one.
    const input = heap.alloc(16);
    store<u64>(input, 0);
    memory.copy(input + 8, nonce.start + 16, 8);
    this.cipher = new ChaCha20(derived, input);
  }

  apply(out: usize, text: Bytes): void {
    for (let done = 0; done < text.length; done += 64) {
      this.cipher.block(this.stream, <u32>(done >> 6) + 1);
      const size = min(64, text.length - done);
      const from = text.start + done;
      const to = out + done;
      let i = 0;
      for (; i + 8 <= size; i += 8) {
        store<u64>(to + i, load<u64>(from + i) ^ load<u64>(this.stream + i));
      }
      for (; i < size; i++) store<u8>(to + i, load<u8>(from + i) ^ load<u8>(this.stream + i));
    }
  }

  tag(out: usize, data: Bytes, text: Bytes): void {
    this.cipher.block(this.stream, 0);
    const poly = new Poly1305(this.stream);
    const lengths = heap.alloc(16);
    store<u64>(lengths, data.length);
    store<u64>(lengths, text.length, 8);
    poly.update(data.start, data.length);
    poly.update(text.start, text.length);
    poly.update(lengths, 16);
    poly.finish(out);
  }
}
