/** Keys for tests, made once in each process; none is written anywhere. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";

export type Algorithm = "RS256" | "ES256" | "Ed25519";

export interface TestKey {
  kid: string;
  algorithm: Algorithm;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** The public key as key sets have it: with kid, alg and use. */
  jwk: JsonWebKey & { kid: string };
  /** SubjectPublicKeyInfo. */
  pem: string;
}

/**
 * As text, and read again: Node 20 can lock itself up for good when a key that it generated is exported while its
 * collector takes away what generated it (seen once in some thousand runs: ~KeyGenJob waits for the key's mutex).
 */
const publicKeyEncoding = { type: "spki" as const, format: "pem" as const };
const privateKeyEncoding = { type: "pkcs8" as const, format: "pem" as const };

function pairOf(algorithm: Algorithm, modulusLength: number) {
  switch (algorithm) {
    case "RS256":
      return generateKeyPairSync("rsa", { modulusLength, publicKeyEncoding, privateKeyEncoding });
    case "ES256": {
      const namedCurve = "P-256";
      return generateKeyPairSync("ec", { namedCurve, publicKeyEncoding, privateKeyEncoding });
    }
    case "Ed25519":
      return generateKeyPairSync("ed25519", { publicKeyEncoding, privateKeyEncoding });
  }
}

function make(kid: string, algorithm: Algorithm, modulusLength = 2048): TestKey {
  const pair = pairOf(algorithm, modulusLength);
  const privateKey = createPrivateKey(pair.privateKey);
  const publicKey = createPublicKey(pair.publicKey);
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: algorithm, use: "sig" };
  return { kid, algorithm, privateKey, publicKey, jwk, pem: pair.publicKey };
}

const made = new Map<string, TestKey>();

/** The key of that name; the same one every time. */
export function testKey(kid: string, algorithm: Algorithm = "RS256", bits?: number): TestKey {
  const key = made.get(kid) ?? make(kid, algorithm, bits);
  made.set(kid, key);
  return key;
}

/** The issuer's keys in most cases. */
export const rsa = testKey("rsa-1");
export const ec = testKey("ec-1", "ES256");
/** Keys of nobody: what they sign must never pass. */
export const strangerRsa = testKey("stranger-rsa");
export const strangerEc = testKey("stranger-ec", "ES256");

export function keySet(...keys: TestKey[]): { keys: JsonWebKey[] } {
  return { keys: keys.map(({ jwk }) => jwk) };
}
