/** Signatures have one length: the same numbers with a zero more or less, anywhere, are refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { Random } from "./random.ts";
import { ecdsaSigner, edwardsSigner, hmacSigner, rsaSigner, type Signer } from "./signers.ts";

const KINDS: [algorithm: string, make: (random: Random) => Signer][] = [
  ["RS256", (random) => rsaSigner(random, "RS256", 2048)],
  ["PS256", (random) => rsaSigner(random, "PS256", 2048)],
  ["ES256", (random) => ecdsaSigner(random, "ES256")],
  ["ES384", (random) => ecdsaSigner(random, "ES384")],
  ["ES512", (random) => ecdsaSigner(random, "ES512")],
  ["EdDSA", (random) => edwardsSigner(random)],
  ["Ed25519", (random) => edwardsSigner(random, "Ed25519")],
  ["HS256", (random) => hmacSigner(random, "HS256")],
];

/** A signature that is right and, where `zero`, begins with a zero byte. */
function signatureOf(signer: Signer, random: Random, zero: boolean): [Buffer, Buffer] {
  for (;;) {
    const input = random.bytes(20);
    const signature = signer.sign(input, random);
    if (signer.verify(input, signature) && (!zero || signature[0] === 0)) return [input, signature];
  }
}

for (const [algorithm, make] of KINDS) {
  test(`${algorithm}: one length`, () => {
    const guest = new Guest();
    const random = new Random(`length of ${algorithm}`);
    const signer = make(random);
    const { kty, k } = signer.jwk;
    const key = kty === "oct" ? guest.secret(Buffer.from(k!, "base64url"))! : guest.key(signer.jwk);
    const [input, signature] = signatureOf(signer, random, false);
    assert.equal(key.verify(algorithm, input, signature), true);
    for (let at = 0; at <= signature.length; at++) {
      const longer = Buffer.concat([
        signature.subarray(0, at),
        Buffer.of(0),
        signature.subarray(at),
      ]);
      assert.equal(key.verify(algorithm, input, longer), false, `a zero at ${at}`);
    }
    const [other, leading] = signatureOf(signer, random, true);
    assert.equal(key.verify(algorithm, other, leading), true);
    assert.equal(key.verify(algorithm, other, leading.subarray(1)), false, "without its zero");
    assert.equal(key.verify(algorithm, other, Buffer.alloc(0)), false, "nothing");
  });
}
