/**
 * ECDSA signatures that no private key made, where x of the sum of points comes near to r: r and s of few bits, for keys
 * whose additions meet equal and opposite points (the base point and its opposite) and for one that has none of these.
 */
import assert from "node:assert/strict";
import { createECDH, createHash, generateKeyPairSync, type JsonWebKey } from "node:crypto";
import { test } from "node:test";
import { Guest } from "./guest.ts";
import { inverse, Random, toBigInt, toBytes } from "./random.ts";
import { orderOf } from "./signers.ts";

const CURVES = [
  ["P-256", "prime256v1", "ES256", 32, 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n],
  ["P-384", "secp384r1", "ES384", 48, 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n],
  ["P-521", "secp521r1", "ES512", 66, 2n ** 521n - 1n],
] as const;

const bytesOf = (number: bigint, size: number) =>
  Buffer.from(number.toString(16).padStart(2 * size, "0"), "hex");
const numberOf = (text: string) => BigInt(`0x${Buffer.from(text, "base64url").toString("hex")}`);

for (const [crv, name, algorithm, size, p] of CURVES) {
  const n = orderOf(algorithm);
  const guest = new Guest();
  const keys = (): JsonWebKey[] => {
    const one = createECDH(name);
    one.setPrivateKey(bytesOf(1n, size));
    const point = one.getPublicKey();
    const x = point.subarray(1, 1 + size).toString("base64url");
    const y = point.subarray(1 + size).toString("base64url");
    const opposite = bytesOf(p - numberOf(y), size).toString("base64url");
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: name });
    return [
      { kty: "EC", crv, x, y },
      { kty: "EC", crv, x, y: opposite },
      publicKey.export({ format: "jwk" }),
    ];
  };

  test(`${algorithm}: r and s of few bits sign nothing`, () => {
    for (const jwk of keys()) {
      const key = guest.key(jwk);
      for (const r of [1n, 2n, 3n, 7n]) {
        for (const s of [1n, 2n, 5n]) {
          const signature = Buffer.concat([bytesOf(r, size), bytesOf(s, size)]);
          for (let i = 0; i < 2; i++) {
            assert.equal(key.verify(algorithm, `message ${i}`, signature), false, `${jwk.y} ${r}`);
          }
        }
      }
    }
  });

  // Where r + n does not fit, or is not below p, there is no second number to compare with: x less than r by what is
  // left of it would pass for r. The keys' private numbers are 1, -1 and any, so the signatures can be made.
  test(`${algorithm}: x that is r + n and wraps`, () => {
    const random = new Random(`wraps on ${crv}`);
    const multiple = (k: bigint) => {
      const ecdh = createECDH(name);
      ecdh.setPrivateKey(toBytes(k, size));
      return ecdh.getPublicKey().subarray(1);
    };
    for (const d of [1n, n - 1n, random.natural(n)]) {
      const point = multiple(d);
      const [x, y] = [point.subarray(0, size), point.subarray(size)].map((it) =>
        it.toString("base64url"),
      );
      const key = guest.key({ kty: "EC", crv, x, y });
      for (let i = 0; i < 40; i++) {
        const message = random.bytes(20);
        const e = toBigInt(
          createHash(`sha${algorithm.slice(2)}`)
            .update(message)
            .digest(),
        );
        const k = random.natural(n);
        const abscissa = toBigInt(multiple(k).subarray(0, size));
        const signatureOf = (r: bigint) => {
          const s = (inverse(k, n) * (e + r * d)) % n;
          return Buffer.concat([toBytes(r, size), toBytes(s, size)]);
        };
        assert.equal(key.verify(algorithm, message, signatureOf(abscissa % n)), true, "right");
        for (const wrap of [2n ** BigInt(32 * Math.ceil(size / 4)), p]) {
          const r = abscissa + wrap - n;
          if (r <= 0n || r >= n) continue;
          assert.equal(key.verify(algorithm, message, signatureOf(r)), false, `${d} ${i} ${wrap}`);
        }
      }
    }
  });

  test(`${algorithm}: a coordinate is below p`, () => {
    const [jwk] = keys();
    for (const at of ["x", "y"] as const) {
      const larger = numberOf(jwk![at]!) + p;
      if (larger >= 2n ** BigInt(8 * size)) continue;
      const changed = { ...jwk, [at]: bytesOf(larger, size).toString("base64url") };
      assert.equal(guest.import(changed).problem, "NotOnCurve", at);
    }
  });
}
