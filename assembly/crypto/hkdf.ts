/** HKDF, RFC 5869: derives keys from one secret, each for one purpose. */
import { Bytes } from "../text/bytes";
import { Hash, digestSize } from "./hash";
import { hmac } from "./hmac";

/** `length` bytes, at most 255 digests; `salt` may be empty. */
export function hkdf(hash: Hash, secret: Bytes, salt: Bytes, info: Bytes, length: i32): Bytes {
  return expand(hash, extract(hash, secret, salt), info, length);
}

/** §2.2: a key as long as a digest, for several purposes. */
export function extract(hash: Hash, secret: Bytes, salt: Bytes): Bytes {
  return hmac(hash, salt, secret);
}

/** §2.3: `length` bytes for one purpose, at most 255 digests. */
export function expand(hash: Hash, key: Bytes, info: Bytes, length: i32): Bytes {
  const size = digestSize(hash);
  const result = Bytes.make(length);
  // Each block is the HMAC of the block before it, the purpose and a counter.
  const part = Bytes.make(size + info.length + 1);
  memory.copy(part.start + size, info.start, info.length);
  let done = 0;
  for (let counter = 1; done < length; counter++) {
    part.set(size + info.length, <u8>counter);
    const block = hmac(hash, key, counter == 1 ? part.rest(size) : part);
    memory.copy(part.start, block.start, size);
    memory.copy(result.start + done, block.start, min(size, length - done));
    done += size;
  }
  return result;
}
