/**
 * Ed25519 verification, RFC 8032 §5.1.7, strictly: canonical encodings only, S below the order of B, keys of
 * small order refused. The equation is the one without the cofactor. Not constant time: public values only.
 */
import { Bytes } from "../text/bytes";
import { Hash, Hasher } from "./hash";
import { compare } from "./integer";
import { EdwardsGroup } from "./edwards";

export const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const WORDS = 8;

@final
export class EdwardsKey {
  private constructor(private encoded: Bytes) {}

  /** Null for bytes that encode no point, encode one in a second way, or encode one of small order. */
  static of(encoded: Bytes): EdwardsKey | null {
    if (encoded.length != KEY_BYTES) return null;
    const group = new EdwardsGroup();
    const point = group.decode(encoded);
    if (!point) return null;
    // The cofactor is 8. A key that vanishes in it would accept one signature for every message.
    for (let i = 0; i < 3; i++) group.double(point, point);
    return group.isIdentity(point) ? null : new EdwardsKey(encoded.copy());
  }

  verify(message: Bytes, signature: Bytes): bool {
    if (signature.length != SIGNATURE_BYTES) return false;
    const group = new EdwardsGroup();
    const order = group.order;
    const s = order.make();
    memory.copy(s, signature.start + 32, 32);
    if (compare(s, order.n, WORDS) >= 0) return false;
    const first = signature.slice(0, 32);
    const hasher = new Hasher(Hash.Sha512).update(first).update(this.encoded).update(message);
    const hash = hasher.finish();
    // 512 bits modulo L: high R + low, R = 2²⁵⁶.
    const k = order.make();
    const low = order.make();
    order.enter(k, hash.start + 32);
    order.enter(low, hash.start);
    order.leave(low, low);
    order.add(k, k, low);
    // R = S B - k A; R's encoding is canonical when it equals ours.
    const point = group.decode(this.encoded);
    group.negatePoint(point);
    const sum = group.makePoint();
    group.combine(sum, s, k, point);
    return group.encode(sum).equals(first);
  }
}
