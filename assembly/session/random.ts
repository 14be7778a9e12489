/**
 * Unpredictable values without a source of randomness: the host's is the same in every guest (measured). Whoever
 * has no secret cannot tell them from random ones; a repeat needs one guest state, nanosecond, connection and
 * request, which is the same browser asking the same thing.
 */
import { Hash } from "../crypto/hash";
import { hmac } from "../crypto/hmac";
import { sha256 } from "../crypto/sha256";
import { encode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { guest } from "../runtime/arena";
import { Fields } from "./fields";
import { KeyRing, Purpose } from "./keys";

/** Bytes of each value. */
const SIZE = 32;
/** What no value's label is: the one of the chain itself. */
const CHAIN = "chain";

/** Of one purpose, as long-lived as the guest. */
@final
export class Generator {
  private chain: Bytes;
  private counter: i64 = 0;

  constructor(
    private ring: KeyRing,
    private purpose: Purpose,
  ) {
    const before = guest.enter();
    this.chain = Bytes.make(SIZE);
    before.enter();
  }

  /**
   * 32 bytes. `label` says what for, and is not "chain"; `peer` is the connection's address and port;
   * `request` is a digest of all of the request, its headers included.
   */
  next(label: string, nanoseconds: i64, peer: Bytes, request: Bytes): Bytes {
    const value = this.hash(label, nanoseconds, peer, request);
    // With all else equal, the next value is another one; and guests that differed once differ for ever.
    const chain = this.hash(CHAIN, nanoseconds, peer, request);
    memory.copy(this.chain.start, chain.start, SIZE);
    this.counter++;
    return value;
  }

  private hash(label: string, nanoseconds: i64, peer: Bytes, request: Bytes): Bytes {
    const inputs = new Fields()
      .text(label)
      .bytes(this.chain)
      .i64(this.counter)
      .i64(nanoseconds)
      .bytes(peer)
      .bytes(request).all;
    return hmac(Hash.Sha256, this.ring.keys(0, this.purpose).generator, inputs);
  }
}

/** One of several values out of a seed of 32 unpredictable bytes: 32 bytes that tell nothing of the seed or the others. */
export function derive(seed: Bytes, label: string): Bytes {
  return hmac(Hash.Sha256, seed, new Fields().text(label).all);
}

/** A seed's PKCE code verifier, RFC 7636 §4.1: 43 characters. */
export function verifierOf(seed: Bytes): Bytes {
  return encode(derive(seed, "verifier"));
}

/** A code verifier's challenge by S256, RFC 7636 §4.2: 43 characters. */
export function challengeOf(verifier: Bytes): Bytes {
  return encode(sha256(verifier));
}

/** A seed's OpenID Connect nonce: 43 characters. */
export function nonceOf(seed: Bytes): Bytes {
  return encode(derive(seed, "nonce"));
}
