/**
 * ECDSA signatures on P-256, FIPS 186-4 §6.3, in the form r‖s of RFC 7518 §3.4, with the nonces of
 * RFC 6979: the same message gives the same signature, and no randomness is needed. Constant time
 * in the key and the nonce, except when a nonce's candidate is discarded, once in 2³² signatures.
 * Keys outside [1, n-1] are refused.
 */
import { Bytes } from "../text/bytes";
import { Curve, coordinateSize, parametersOf } from "./curve";
import { NonceSource } from "./deterministic-nonce";
import { readBytes, writeBytes } from "./integer";
import { SecretGroup } from "./secret-multiple";
import { SIZE, SecretModulus } from "./secret-modulus";

const WORDS = 8;

/** A private key; lives as long as the region that it was made in. */
@final
export class SigningKey {
  private constructor(
    private secret: Bytes,
    /** The public key's coordinates, 32 big-endian bytes each. */
    readonly x: Bytes,
    readonly y: Bytes,
  ) {}

  /**
   * Imports 32 big-endian bytes, which are copied; null for another length, or a number outside [1,
   * n-1].
   */
  static of(secret: Bytes): SigningKey | null {
    if (secret.length != coordinateSize(Curve.P256)) return null;
    const order = new SecretModulus(parametersOf(Curve.P256) + SIZE);
    const d = order.make();
    readBytes(d, WORDS, secret);
    if (!order.inRange(d)) return null;
    const point = heap.alloc(2 * SIZE);
    new SecretGroup().multiple(point, d);
    return new SigningKey(secret.copy(), writeBytes(point, WORDS), writeBytes(point + SIZE, WORDS));
  }

  /** r‖s, 64 bytes. `hash` is the message's SHA-256. */
  sign(hash: Bytes): Bytes {
    const order = new SecretModulus(parametersOf(Curve.P256) + SIZE);
    const d = order.make();
    readBytes(d, WORDS, this.secret);
    const e = order.make();
    readBytes(e, WORDS, hash);
    order.reduce(e, e);
    const nonces = new NonceSource(this.secret, writeBytes(e, WORDS));
    const group = new SecretGroup();
    const k = order.make();
    const point = heap.alloc(2 * SIZE);
    const r = order.make();
    const s = order.make();
    while (true) {
      readBytes(k, WORDS, nonces.next());
      if (order.inRange(k)) {
        // r = x of k G modulo n, and s = (e + r d) / k.
        group.multiple(point, k);
        order.reduce(r, point);
        order.enter(s, r);
        order.multiply(s, s, d);
        order.add(s, s, e);
        order.enter(k, k);
        order.invert(k, k);
        order.multiply(s, s, k);
        if (order.inRange(r) & order.inRange(s)) break;
      }
      nonces.skip();
    }
    const signature = Bytes.make(2 * <i32>SIZE);
    memory.copy(signature.start, writeBytes(r, WORDS).start, SIZE);
    memory.copy(signature.start + SIZE, writeBytes(s, WORDS).start, SIZE);
    return signature;
  }
}
