/**
 * Seals the values that browsers and files keep: base64url of a key id byte, a 24-byte nonce, and
 * the ciphertext with its tag (XChaCha20-Poly1305). The associated data names purpose and place. A
 * value that was not sealed by one of the secrets for this purpose, place and application is
 * refused without a reason.
 *
 * The nonce is synthetic, because no random source can be trusted: an HMAC of everything sealed and
 * of the time. Equal inputs give an equal value, which reveals nothing else. The time is only in
 * the nonce, not in the value: it makes equal contents look different. A value that must know its
 * age has a field for it.
 */
import { Hash } from "../crypto/hash";
import { hmac } from "../crypto/hmac";
import {
  NONCE_BYTES,
  TAG_BYTES,
  open as decrypt,
  seal as encrypt,
} from "../crypto/xchacha20-poly1305";
import { HEADER_BYTES } from "../limits";
import { decode, encode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { Fields } from "./fields";
import { KeyRing, Purpose, nameOfPurpose } from "./keys";

const NONCE = 1;
const CIPHERTEXT = NONCE + NONCE_BYTES;
const SHORTEST = CIPHERTEXT + TAG_BYTES;

/**
 * The text, sealed by the first secret. `name` is the place, such as the cookie's name; `now` is
 * nanoseconds since 1970. A result beyond HEADER_BYTES does not open again, because no browser
 * would send it back.
 */
export function seal(ring: KeyRing, purpose: Purpose, name: Bytes, now: i64, text: Bytes): Bytes {
  const keys = ring.keys(0, purpose);
  const inputs = new Fields().text(nameOfPurpose(purpose)).bytes(name).i64(now).bytes(text).all;
  const nonce = hmac(Hash.Sha256, keys.nonce, inputs).slice(0, NONCE_BYTES);
  // Null only for a key or a nonce of another length.
  const encrypted = encrypt(keys.encryption, nonce, dataOf(purpose, name), text)!;
  const sealed = Bytes.make(CIPHERTEXT + encrypted.length);
  sealed.set(0, keys.id);
  memory.copy(sealed.start + NONCE, nonce.start, NONCE_BYTES);
  memory.copy(sealed.start + CIPHERTEXT, encrypted.start, encrypted.length);
  return encode(sealed);
}

/** The sealed text, or null. Tries every secret whose id is the value's. */
export function open(ring: KeyRing, purpose: Purpose, name: Bytes, sealed: Bytes): Bytes | null {
  if (sealed.length > HEADER_BYTES) return null;
  const value = decode(sealed);
  if (!value || value.length < SHORTEST) return null;
  const data = dataOf(purpose, name);
  const nonce = value.slice(NONCE, CIPHERTEXT);
  for (let i = 0; i < ring.count; i++) {
    const keys = ring.keys(i, purpose);
    if (keys.id != value.at(0)) continue;
    const text = decrypt(keys.encryption, nonce, data, value.rest(CIPHERTEXT));
    if (text) return text;
  }
  return null;
}

function dataOf(purpose: Purpose, name: Bytes): Bytes {
  return new Fields().text(nameOfPurpose(purpose)).bytes(name).all;
}
