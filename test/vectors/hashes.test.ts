/** SHA-2, HMAC and HKDF: the standards' own examples, and every length around a block against Node's crypto. */
import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync } from "node:crypto";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { Random } from "./random.ts";

const guest = new Guest();
/** In the order of Hash in assembly/crypto/hash.ts. */
const HASHES = ["sha256", "sha384", "sha512"];

/** FIPS 180-4 examples (csrc.nist.gov, SHA256.pdf, SHA384.pdf, SHA512.pdf): "abc". */
const ABC = [
  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
];

/** RFC 5869 appendix A.1 to A.3, SHA-256: secret, salt, info, output. */
const HKDF = [
  [
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
    "000102030405060708090a0b0c",
    "f0f1f2f3f4f5f6f7f8f9",
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  ],
  [
    Buffer.from(Array.from({ length: 80 }, (_, i) => i)).toString("hex"),
    Buffer.from(Array.from({ length: 80 }, (_, i) => 0x60 + i)).toString("hex"),
    Buffer.from(Array.from({ length: 80 }, (_, i) => 0xb0 + i)).toString("hex"),
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  ],
  [
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
    "",
    "",
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  ],
] as const;

for (const [hash, name] of HASHES.entries()) {
  test(`${name}: "abc", and all lengths from 0 to 300`, () => {
    assert.equal(guest.bytes("hash", hash, "abc").toString("hex"), ABC[hash]);
    const random = new Random("hashes");
    for (let length = 0; length <= 300; length++) {
      const message = random.bytes(length);
      const expected = createHash(name).update(message).digest();
      assert.deepEqual(guest.bytes("hash", hash, message), expected, `${length} bytes`);
      const cut = random.below(length + 1);
      const parts = [message.subarray(0, cut), message.subarray(cut)] as const;
      assert.deepEqual(guest.bytes("hashParts", hash, ...parts), expected, `${cut} of ${length}`);
    }
    const long = random.bytes(100_000);
    assert.deepEqual(guest.bytes("hash", hash, long), createHash(name).update(long).digest());
  });

  test(`HMAC-${name}: keys around a block`, () => {
    const random = new Random("codes");
    for (let length = 0; length <= 140; length++) {
      const [key, message] = [random.bytes(length), random.bytes(random.below(200))];
      const expected = createHmac(name, key).update(message).digest();
      assert.deepEqual(guest.bytes("mac", hash, key, message), expected, `${length} bytes`);
    }
  });

  test(`HKDF-${name} against Node's crypto`, () => {
    const random = new Random("derivation");
    for (let length = 1; length <= 200; length += 7) {
      const [secret, salt, info] = [32, random.below(150), random.below(90)].map((n) =>
        random.bytes(n),
      ) as [Buffer, Buffer, Buffer];
      const expected = Buffer.from(hkdfSync(name, secret, salt, info, length));
      assert.deepEqual(guest.bytes("derive", hash, secret, salt, info, length), expected);
    }
  });
}

for (const [i, [secret, salt, info, output]] of HKDF.entries()) {
  test(`HKDF: RFC 5869 appendix A.${i + 1}`, () => {
    const args = [secret, salt, info].map((text) => Buffer.from(text, "hex"));
    const derived = guest.bytes("derive", 0, ...args, output.length / 2);
    assert.equal(derived.toString("hex"), output);
  });
}
