/** HMAC, RFC 2104 and FIPS 198-1. */
import { Bytes } from "../text/bytes";
import { equal } from "./constant-time";
import { Hash, Hasher, blockSize, digest } from "./hash";

/** The full code, as long as the hash's digest. */
export function hmac(hash: Hash, key: Bytes, message: Bytes): Bytes {
  const size = blockSize(hash);
  const pad = Bytes.make(size);
  const short = key.length > size ? digest(hash, key) : key;
  memory.copy(pad.start, short.start, short.length);
  for (let i = 0; i < size; i++) pad.set(i, pad.at(i) ^ 0x36);
  const inner = new Hasher(hash).update(pad).update(message).finish();
  for (let i = 0; i < size; i++) pad.set(i, pad.at(i) ^ (0x36 ^ 0x5c));
  return new Hasher(hash).update(pad).update(inner).finish();
}

/** True if `code` is the full code of the message. */
export function verifyHmac(hash: Hash, key: Bytes, message: Bytes, code: Bytes): bool {
  return equal(hmac(hash, key, message), code);
}
