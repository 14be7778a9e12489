/**
 * The registry of JWS algorithms, RFC 7518 §3.1 and RFC 8037 §3.1, as one table. What is not in it is refused;
 * `none` is not in it.
 */
import { Curve } from "../crypto/curve";
import { Hash } from "../crypto/hash";
import { Bytes } from "../text/bytes";

export enum Algorithm {
  None,
  RS256,
  ES256,
  RS384,
  RS512,
  PS256,
  PS384,
  PS512,
  ES384,
  ES512,
  EdDSA,
  HS256,
  HS384,
  HS512,
}

/** A JWK's `kty`. */
export enum KeyType {
  None,
  Rsa,
  Ec,
  Okp,
  Oct,
}

/** How a signature is made, apart from the hash. */
export enum Scheme {
  None,
  Pkcs1,
  Pss,
  Ecdsa,
  Eddsa,
  Hmac,
}

/** In the order of the enumeration. */
// prettier-ignore
const NAMES: StaticArray<string> = [
  "none", "RS256", "ES256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES384", "ES512", "EdDSA",
  "HS256", "HS384", "HS512",
];

const ROW = 4;
/** Key type, scheme, hash and curve; a row for each name. */
// prettier-ignore
const ROWS: StaticArray<i32> = [
  KeyType.None, Scheme.None, 0, Curve.None,
  KeyType.Rsa, Scheme.Pkcs1, Hash.Sha256, Curve.None,
  KeyType.Ec, Scheme.Ecdsa, Hash.Sha256, Curve.P256,
  KeyType.Rsa, Scheme.Pkcs1, Hash.Sha384, Curve.None,
  KeyType.Rsa, Scheme.Pkcs1, Hash.Sha512, Curve.None,
  KeyType.Rsa, Scheme.Pss, Hash.Sha256, Curve.None,
  KeyType.Rsa, Scheme.Pss, Hash.Sha384, Curve.None,
  KeyType.Rsa, Scheme.Pss, Hash.Sha512, Curve.None,
  KeyType.Ec, Scheme.Ecdsa, Hash.Sha384, Curve.P384,
  KeyType.Ec, Scheme.Ecdsa, Hash.Sha512, Curve.P521,
  KeyType.Okp, Scheme.Eddsa, Hash.Sha512, Curve.Ed25519,
  KeyType.Oct, Scheme.Hmac, Hash.Sha256, Curve.None,
  KeyType.Oct, Scheme.Hmac, Hash.Sha384, Curve.None,
  KeyType.Oct, Scheme.Hmac, Hash.Sha512, Curve.None,
];

/** The algorithm of that name, exactly as registered, or None. */
export function algorithmOf(name: Bytes): Algorithm {
  for (let i = <i32>Algorithm.None + 1; i < NAMES.length; i++) {
    if (name.is(NAMES[i])) return i;
  }
  return Algorithm.None;
}

export function nameOfAlgorithm(algorithm: Algorithm): string {
  return NAMES[algorithm];
}

export function keyTypeOf(algorithm: Algorithm): KeyType {
  return ROWS[algorithm * ROW];
}

export function schemeOf(algorithm: Algorithm): Scheme {
  return ROWS[algorithm * ROW + 1];
}

export function hashOf(algorithm: Algorithm): Hash {
  return ROWS[algorithm * ROW + 2];
}

/** The only curve that the algorithm goes with, or None for an algorithm without one. */
export function curveOf(algorithm: Algorithm): Curve {
  return ROWS[algorithm * ROW + 3];
}
