/**
 * Keys and signatures out of seeded randomness, for tests that compare the guest with Node's crypto. Signing is
 * done from nonces and encodings chosen here, so that a seed repeats a run, and so that wrong encodings and
 * numbers at the edges can be signed as well.
 */
import {
  checkPrimeSync,
  constants,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  privateEncrypt,
  sign,
  verify,
  type JsonWebKey,
} from "node:crypto";
import { Random, inverse, toBigInt, toBytes } from "./random.ts";

/** A key with what the mutations of its signatures need to know. */
export interface Signer {
  algorithm: string;
  jwk: JsonWebKey;
  /** Bytes of each number in a signature, and the number that it must stay below. */
  size: number;
  limit: bigint;
  /** The other way round than JOSE's numbers otherwise are: Ed25519. */
  littleEndian?: true;
  sign(input: Buffer, random: Random): Buffer;
  /** What Node's crypto says. */
  verify(input: Buffer, signature: Buffer): boolean;
}

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

const SMALL_PRIMES = Array.from({ length: 4000 }, (_, i) => i).filter(
  (n) => n > 2 && Array.from({ length: 61 }, (_, i) => i + 2).every((d) => d >= n || n % d !== 0),
);

/** The first prime from `start` on. A sieve leaves few candidates for the real test, which is slow. */
function primeFrom(start: bigint): bigint {
  const first = start | 1n;
  const residues = SMALL_PRIMES.map((p) => Number(first % BigInt(p)));
  for (let step = 0; ; step += 2) {
    if (SMALL_PRIMES.some((p, i) => (residues[i]! + step) % p === 0)) continue;
    const candidate = first + BigInt(step);
    if (checkPrimeSync(candidate, { checks: 4 })) return candidate;
  }
}

const prime = (random: Random, bits: number) =>
  primeFrom(toBigInt(random.bytes(bits >> 3)) | (3n << BigInt(bits - 2)));

/** An RSA key; `ones` gives a modulus whose upper half is all ones. */
function rsaNumbers(random: Random, bits: number, e: bigint, ones: boolean) {
  for (;;) {
    const p = prime(random, bits >> 1);
    const q = ones ? primeFrom((1n << BigInt(bits)) / p - 100000n) : prime(random, (bits + 1) >> 1);
    const n = p * q;
    const phi = (p - 1n) * (q - 1n);
    if (p === q || n.toString(2).length !== bits || (inverse(e, phi) * e) % phi !== 1n) continue;
    return { n, p, q, d: inverse(e, phi), size: (bits + 7) >> 3 };
  }
}

const DIGEST_INFO: Record<string, string> = {
  sha256: "3031300d060960864801650304020105000420",
  sha384: "3041300d060960864801650304020205000430",
  sha512: "3051300d060960864801650304020305000440",
};

function encodePkcs1(hash: string, input: Buffer, size: number): Buffer {
  const digest = createHash(hash).update(input).digest();
  const info = Buffer.concat([Buffer.from(DIGEST_INFO[hash]!, "hex"), digest]);
  const ones = Buffer.alloc(size - info.length - 3, 0xff);
  return Buffer.concat([Buffer.of(0, 1), ones, Buffer.of(0), info]);
}

/** An encoding that is almost right, one time in eight: signed, it must be refused. */
function spoil(encoded: Buffer, random: Random): Buffer {
  if (!random.chance(8)) return encoded;
  const spoilt = Buffer.from(encoded);
  spoilt[1 + random.below(encoded.length - 1)]! ^= 1 << random.below(8);
  return spoilt;
}

/** MGF1, RFC 8017 appendix B.2.1, xored onto data. */
function mask(hash: string, seed: Buffer, data: Buffer): Buffer {
  const masked = Buffer.from(data);
  for (let at = 0, counter = 0; at < data.length; counter++) {
    const part = createHash(hash)
      .update(seed)
      .update(toBytes(BigInt(counter), 4))
      .digest();
    for (let i = 0; i < part.length && at < data.length; i++, at++) masked[at]! ^= part[i]!;
  }
  return masked;
}

/** EMSA-PSS, RFC 8017 §9.1.1, with a salt of any length: only that of the digest is right for JOSE. */
function encodePss(hash: string, input: Buffer, bits: number, random: Random): Buffer {
  const digest = createHash(hash).update(input).digest();
  const length = Math.ceil((bits - 1) / 8);
  const salt = random.bytes(random.chance(6) ? random.below(60) : digest.length);
  const check = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
  const zeros = Buffer.alloc(length - salt.length - digest.length - 2);
  const masked = mask(hash, check, Buffer.concat([zeros, Buffer.of(1), salt]));
  masked[0]! &= 0xff >> (8 * length - (bits - 1));
  const size = Math.ceil(bits / 8);
  return Buffer.concat([Buffer.alloc(size - length), masked, check, Buffer.of(0xbc)]);
}

export interface RsaSigner extends Signer {
  /** The encoding of an input, as long as the modulus. */
  encode(input: Buffer, random: Random): Buffer;
  /** The signature of an encoding, whatever it is. */
  power(encoded: Buffer): Buffer;
}

export function rsaSigner(random: Random, algorithm: string, bits: number): RsaSigner {
  const hash = `sha${algorithm.slice(2)}`;
  const e = random.pick([3n, 17n, 65537n, 65537n, 65537n, 4294967295n]);
  const { n, p, q, d, size } = rsaNumbers(random, bits, e, random.chance(3));
  const number = (value: bigint, length: number) => base64url(toBytes(value, length));
  const exponent = toBytes(e, 4);
  const jwk = {
    kty: "RSA",
    n: number(n, size),
    e: base64url(exponent.subarray(exponent.findIndex((byte) => byte !== 0))),
  };
  const half = (size + 1) >> 1;
  const key = createPrivateKey({
    format: "jwk",
    key: {
      ...jwk,
      d: number(d, size),
      p: number(p, half),
      q: number(q, half),
      dp: number(d % (p - 1n), half),
      dq: number(d % (q - 1n), half),
      qi: number(inverse(q, p), half),
    },
  });
  const publicKey = createPublicKey(key);
  const pss = algorithm.startsWith("PS");
  const padding = pss
    ? {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : {};
  const encode = (input: Buffer, random: Random) =>
    pss ? encodePss(hash, input, bits, random) : encodePkcs1(hash, input, size);
  const power = (encoded: Buffer) =>
    privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded);
  return {
    algorithm,
    jwk,
    size,
    limit: n,
    encode,
    power,
    sign: (input, random) => power(spoil(encode(input, random), random)),
    // OpenSSL takes a PSS signature whose leading zeros are missing; RFC 8017 §8.1.2 step 1 does not.
    verify: (input, signature) =>
      signature.length === size && verify(hash, input, { key: publicKey, ...padding }, signature),
  };
}

/** OpenSSL's name, coordinate bytes and group order (SEC 2 §2). */
const CURVES: Record<string, [name: string, crv: string, size: number, order: bigint]> = {
  ES256: [
    "prime256v1",
    "P-256",
    32,
    0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  ],
  ES384: [
    "secp384r1",
    "P-384",
    48,
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  ],
  ES512: [
    "secp521r1",
    "P-521",
    66,
    (1n << 521n) -
      (1n << 260n) +
      0xa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  ],
};

/** The order of an algorithm's group. */
export const orderOf = (algorithm: string): bigint => CURVES[algorithm]![3];

export function ecdsaSigner(random: Random, algorithm: string): Signer {
  const [name, crv, size, order] = CURVES[algorithm]!;
  const hash = `sha${algorithm.slice(2)}`;
  // Small scalars and scalars near the order are where additions meet a point or its inverse.
  const scalar = () =>
    random.pick([
      random.natural(order),
      random.natural(order),
      random.natural(40n),
      order - random.natural(40n),
    ]);
  const multiple = (k: bigint) => {
    const ecdh = createECDH(name);
    ecdh.setPrivateKey(toBytes(k, size));
    return ecdh.getPublicKey();
  };
  const d = scalar();
  const point = multiple(d);
  const jwk = {
    kty: "EC",
    crv,
    x: base64url(point.subarray(1, 1 + size)),
    y: base64url(point.subarray(1 + size)),
  };
  const publicKey = createPublicKey({ format: "jwk", key: jwk });
  return {
    algorithm,
    jwk,
    size,
    limit: order,
    sign(input) {
      const e = toBigInt(createHash(hash).update(input).digest());
      for (;;) {
        const k = scalar();
        const r = toBigInt(multiple(k).subarray(1, 1 + size)) % order;
        const s = (inverse(k, order) * (e + r * d)) % order;
        if (r !== 0n && s !== 0n) return Buffer.concat([toBytes(r, size), toBytes(s, size)]);
      }
    },
    verify: (input, signature) =>
      verify(hash, input, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature),
  };
}

/** The order of the base point, RFC 8032 §5.1. */
const EDWARDS_ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

/** RFC 8037 calls the algorithm EdDSA, RFC 9864 Ed25519. */
export function edwardsSigner(random: Random, algorithm = "EdDSA"): Signer {
  // RFC 8410 §7: a private key is 16 fixed bytes and 32 random ones.
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = createPrivateKey({
    key: Buffer.concat([prefix, random.bytes(32)]),
    format: "der",
    type: "pkcs8",
  });
  const publicKey = createPublicKey(key);
  return {
    algorithm,
    jwk: publicKey.export({ format: "jwk" }),
    size: 32,
    limit: EDWARDS_ORDER,
    littleEndian: true,
    sign: (input) => sign(null, input, key),
    verify: (input, signature) => verify(null, input, publicKey, signature),
  };
}

export function hmacSigner(random: Random, algorithm: string): Signer {
  const hash = `sha${algorithm.slice(2)}`;
  const size = Number(algorithm.slice(2)) / 8;
  const secret = random.bytes(size + random.below(100));
  const code = (input: Buffer) => createHmac(hash, secret).update(input).digest();
  return {
    algorithm,
    jwk: { kty: "oct", k: base64url(secret) },
    size,
    limit: 1n << BigInt(8 * size),
    sign: code,
    verify: (input, signature) => code(input).equals(signature),
  };
}
