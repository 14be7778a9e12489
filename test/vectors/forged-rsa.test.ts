/**
 * RSA-PSS where the encoding is a byte shorter than the modulus (RFC 8017 §9.1.2 and §8.1.2 step 2c): of a modulus of
 * 8 k + 1 bits the first byte must be zero. The signer has the private key, and signs an encoding that is too large.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { Random, toBigInt } from "./random.ts";
import { rsaSigner } from "./signers.ts";

for (const algorithm of ["PS256", "PS384", "PS512"]) {
  test(`${algorithm}: a modulus of 2049 bits`, () => {
    const random = new Random(`2049 bits, ${algorithm}`);
    const signer = rsaSigner(random, algorithm, 2049);
    const key = new Guest().key(signer.jwk);
    for (let forged = 0; forged < 2;) {
      const input = random.bytes(20);
      const encoded = signer.encode(input, random);
      const good = signer.power(encoded);
      const isGood = signer.verify(input, good);
      assert.equal(key.verify(algorithm, input, good), isGood);
      const larger = Buffer.concat([Buffer.of(1), encoded.subarray(1)]);
      if (!isGood || toBigInt(larger) >= signer.limit) continue;
      assert.equal(key.verify(algorithm, input, signer.power(larger)), false);
      forged++;
    }
  });
}
