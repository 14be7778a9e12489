/** Every signature case of Wycheproof: each valid one accepted, each invalid one refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { FILES } from "./signature-files.ts";
import { read } from "./wycheproof.ts";

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
