/** The guest's unpredictable values and what comes out of their seeds, by other code: assembly/session/random.ts. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fields } from "../../../src/session/fields.ts";

export class Chain {
  #chain: Uint8Array = new Uint8Array(32);
  #counter = 0n;

  constructor(readonly key: Uint8Array) {}

  next(label: string, now: bigint, peer: string, request: Uint8Array): Uint8Array {
    const rest = [this.#chain, this.#counter++, now, peer, request];
    this.#chain = hmac(sha256, this.key, fields("chain", ...rest));
    return hmac(sha256, this.key, fields(label, ...rest));
  }
}

export function derive(seed: Uint8Array, label: string): Uint8Array {
  return hmac(sha256, seed, fields(label));
}
