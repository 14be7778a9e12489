/**
 * The registry of JWS algorithms, RFC 7518 §3.1, RFC 8037 §3.1 and RFC 9864 §2.2, as one table. An
 * algorithm outside it is refused; `none` is outside.
 */
import { Curve } from "../crypto/curve";
import { Hash } from "../crypto/hash";
import { Bytes } from "../text/bytes";

/** A JWK's `kty`. */
export enum KeyType {
  None,
  Rsa,
  Ec,
  Okp,
  Oct,
}

/** The signature scheme, without its hash. */
export enum Scheme {
  None,
  Pkcs1,
  Pss,
  Ecdsa,
  Eddsa,
  Hmac,
}

/**
 * A row of the registry. Tokens, keys and configurations hold the row itself, looked up once by
 * name.
 */
@final
export class Algorithm {
  constructor(
    readonly name: string,
    readonly keyType: KeyType,
    readonly scheme: Scheme,
    readonly hash: Hash,
    /** The only curve of the algorithm; None: it has no curve. */
    readonly curve: Curve,
  ) {}
}

/** Used for every unknown name; no key has its type. */
export const NO_ALGORITHM = new Algorithm("none", KeyType.None, Scheme.None, <Hash>0, Curve.None);

function rsa(name: string, scheme: Scheme, hash: Hash): Algorithm {
  return new Algorithm(name, KeyType.Rsa, scheme, hash, Curve.None);
}

function ecdsa(name: string, hash: Hash, curve: Curve): Algorithm {
  return new Algorithm(name, KeyType.Ec, Scheme.Ecdsa, hash, curve);
}

function ed25519(name: string): Algorithm {
  return new Algorithm(name, KeyType.Okp, Scheme.Eddsa, Hash.Sha512, Curve.Ed25519);
}

function hmac(name: string, hash: Hash): Algorithm {
  return new Algorithm(name, KeyType.Oct, Scheme.Hmac, hash, Curve.None);
}

/** The most common algorithms come first. */
const ALGORITHMS: StaticArray<Algorithm> = [
  rsa("RS256", Scheme.Pkcs1, Hash.Sha256),
  ecdsa("ES256", Hash.Sha256, Curve.P256),
  rsa("RS384", Scheme.Pkcs1, Hash.Sha384),
  rsa("RS512", Scheme.Pkcs1, Hash.Sha512),
  rsa("PS256", Scheme.Pss, Hash.Sha256),
  rsa("PS384", Scheme.Pss, Hash.Sha384),
  rsa("PS512", Scheme.Pss, Hash.Sha512),
  ecdsa("ES384", Hash.Sha384, Curve.P384),
  ecdsa("ES512", Hash.Sha512, Curve.P521),
  // Two names of one algorithm; a key's `alg` and a configuration's `algorithms` mean only the name
  // that they use.
  ed25519("EdDSA"),
  ed25519("Ed25519"),
  hmac("HS256", Hash.Sha256),
  hmac("HS384", Hash.Sha384),
  hmac("HS512", Hash.Sha512),
];

/** The algorithm of that name, exactly as registered, or NO_ALGORITHM. */
export function algorithmOf(name: Bytes): Algorithm {
  for (let i = 0; i < ALGORITHMS.length; i++) {
    if (name.is(ALGORITHMS[i].name)) return ALGORITHMS[i];
  }
  return NO_ALGORITHM;
}
