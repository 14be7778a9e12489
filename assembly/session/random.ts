/**
 * Unpredictable values without a random source, because the host's is the same in every guest
 * (measured). Without the secret they look random. A repeat needs the same guest state, nanosecond,
 * connection and request, which means that the same browser asks the same thing.
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
/** Label reserved for advancing the chain. */
const CHAIN = "chain";

/** Generates values for one purpose, for as long as the guest lives. */
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
   * 32 bytes. `label` names their use and must not be "chain"; `peer` is the connection's address
   * and port; `request` is a digest of the whole request with its headers.
   */
  next(label: string, nanoseconds: i64, peer: Bytes, request: Bytes): Bytes {
    const value = this.hash(label, nanoseconds, peer, request);
    // The next value differs even with equal inputs, and guests that differed once differ for ever.
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

/**
 * 32 bytes derived from a seed of 32 unpredictable bytes. They reveal neither the seed nor values
 * of other labels.
 */
export function derive(seed: Bytes, label: string): Bytes {
  return hmac(Hash.Sha256, seed, new Fields().text(label).all);
}

/** The seed's PKCE code verifier, RFC 7636 §4.1: 43 characters. */
export function verifierOf(seed: Bytes): Bytes {
  return encode(derive(seed, "verifier"));
}

/** The S256 challenge of a code verifier, RFC 7636 §4.2: 43 characters. */
export function challengeOf(verifier: Bytes): Bytes {
  return encode(sha256(verifier));
}

/** The seed's OpenID Connect nonce: 43 characters. */
export function nonceOf(seed: Bytes): Bytes {
  return encode(derive(seed, "nonce"));
}
