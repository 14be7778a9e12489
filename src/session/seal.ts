/**
 * The guest's sealed values (assembly/session/seal.ts), by independent code: docs/key-schedule.md.
 */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fields } from "./fields.ts";
import { type Purpose, type Scope, keysOf } from "./keys.ts";

const NONCE = 1;
const CIPHERTEXT = NONCE + 24;
const SHORTEST = CIPHERTEXT + 16;

/** The purpose and place of a sealed value. `name` is its place, such as a cookie's name. */
export interface Place {
  scope: Scope;
  purpose: Purpose;
  name: string;
}

/** Base64url text; `now` is nanoseconds since 1970. */
export function seal(secret: Uint8Array, place: Place, now: bigint, text: Uint8Array): string {
  const { purpose, name } = place;
  const { encryption, nonce, id } = keysOf(secret, purpose, place.scope);
  const iv = hmac(sha256, nonce, fields(purpose, name, now, text)).subarray(0, 24);
  const encrypted = xchacha20poly1305(encryption, iv, fields(purpose, name)).encrypt(text);
  return Buffer.concat([Uint8Array.of(id), iv, encrypted]).toString("base64url");
}

/** What one of the secrets sealed, or null. */
export function open(secrets: Uint8Array[], place: Place, sealed: string): Uint8Array | null {
  const value = Uint8Array.from(Buffer.from(sealed, "base64url"));
  // Node ignores characters outside the alphabet, padding and stray bits.
  if (Buffer.from(value).toString("base64url") !== sealed || value.length < SHORTEST) return null;
  const { purpose, name } = place;
  for (const secret of secrets) {
    const { encryption, id } = keysOf(secret, purpose, place.scope);
    if (id !== value[0]) continue;
    const iv = value.subarray(NONCE, CIPHERTEXT);
    try {
      const cipher = xchacha20poly1305(encryption, iv, fields(purpose, name));
      return cipher.decrypt(value.subarray(CIPHERTEXT));
    } catch {
      // A wrong tag: it may belong to another secret with the same id.
    }
  }
  return null;
}
