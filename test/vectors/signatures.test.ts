/** Every signature case of Wycheproof: each valid one accepted, each invalid one refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { read } from "./wycheproof.ts";

/** File, algorithm, and how many cases it holds: a file that loses cases must not pass unseen. */
const FILES: [name: string, algorithm: string, cases: number][] = [
  ["rsa_signature_2048_sha256", "RS256", 259],
  ["rsa_signature_3072_sha256", "RS256", 259],
  ["rsa_signature_4096_sha256", "RS256", 258],
  ["ecdsa_secp256r1_sha256_p1363", "ES256", 262],
];

/**
 * `acceptable` cases by flag, all refused: a DigestInfo without its NULL is not the one encoding of
 * RFC 8017 §9.2, and we compare encodings.
 */
const REFUSED_ACCEPTABLE = new Set(["MissingNull"]);

for (const [name, algorithm, cases] of FILES) {
  test(`${name}: ${cases} cases`, () => {
    const guest = new Guest();
    let count = 0;
    for (const group of read(name)) {
      guest.clearKeys();
      const keys = [guest.key(group.publicKeyPem)];
      if (group.publicKeyJwk) keys.push(guest.key(group.publicKeyJwk));
      for (const { tcId, comment, msg, sig, result, flags } of group.tests) {
        if (result === "acceptable") {
          assert.ok(flags.every((flag) => REFUSED_ACCEPTABLE.has(flag)));
        }
        for (const key of keys) {
          const actual = key.verify(algorithm, Buffer.from(msg, "hex"), Buffer.from(sig, "hex"));
          assert.equal(actual, result === "valid", `${tcId} ${comment}`);
        }
        count++;
      }
    }
    assert.equal(count, cases);
  });
}
