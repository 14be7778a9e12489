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
  ["rsa_signature_2048_sha384", "RS384", 258],
  ["rsa_signature_2048_sha512", "RS512", 259],
  ["rsa_signature_4096_sha512", "RS512", 259],
  ["rsa_pss_2048_sha256_mgf1_32", "PS256", 108],
  ["rsa_pss_3072_sha256_mgf1_32", "PS256", 108],
  ["rsa_pss_4096_sha384_mgf1_48", "PS384", 141],
  ["rsa_pss_4096_sha512_mgf1_64", "PS512", 179],
  ["ecdsa_secp256r1_sha256_p1363", "ES256", 262],
  ["ecdsa_secp384r1_sha384_p1363", "ES384", 280],
  ["ecdsa_secp521r1_sha512_p1363", "ES512", 318],
  ["ed25519", "EdDSA", 151],
];

/**
 * `acceptable` cases, all refused: a DigestInfo without its NULL is not the one encoding of RFC 8017 §9.2,
 * and we compare encodings. One in each of the six PKCS#1 files.
 */
const ACCEPTABLE = { flag: "MissingNull", cases: 6 };

let acceptable = 0;

for (const [name, algorithm, cases] of FILES) {
  test(`${algorithm}: ${cases} cases of ${name}`, () => {
    const guest = new Guest();
    let count = 0;
    for (const group of read(name)) {
      guest.clearKeys();
      const keys = [guest.key(group.publicKeyPem)];
      if (group.publicKeyJwk) keys.push(guest.key(group.publicKeyJwk));
      for (const { tcId, comment, msg, sig, result, flags } of group.tests) {
        if (result === "acceptable") {
          assert.deepEqual(flags, [ACCEPTABLE.flag]);
          acceptable++;
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

test("the acceptable cases that are refused, counted", () => {
  assert.equal(acceptable, ACCEPTABLE.cases);
});
