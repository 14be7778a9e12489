/**
 * A public key that verifies signatures, with what its owner said it is for. Which algorithms it allows is
 * decided by the key, never by a token's header alone (RFC 8725 §3.1).
 */
import { Curve } from "../crypto/curve";
import { EcdsaKey } from "../crypto/ecdsa";
import { digest } from "../crypto/hash";
import { RsaKey } from "../crypto/rsa";
import { Bytes } from "../text/bytes";
import { Algorithm, KeyType, Scheme, curveOf, hashOf, keyTypeOf, schemeOf } from "./algorithms";

@final
export class Key {
  /** The JWK's `kid`; null for a PEM or a JWK without one. */
  kid: Bytes | null = null;
  /** `kid`, or the RFC 7638 thumbprint (SHA-256, base64url): what logs call this key. */
  id: Bytes = Bytes.empty();
  /** Whether the JWK's `alg` is absent or in the registry, and `use` and `key_ops` leave room for verifying. */
  verifying: bool = true;
  /** The JWK's `alg`, or None where it has none. */
  only: Algorithm = Algorithm.None;

  private constructor(
    readonly type: KeyType,
    readonly curve: Curve,
    private rsa: RsaKey | null,
    private ecdsa: EcdsaKey | null,
  ) {}

  static ofRsa(key: RsaKey): Key {
    return new Key(KeyType.Rsa, Curve.None, key, null);
  }

  static ofEcdsa(key: EcdsaKey): Key {
    return new Key(KeyType.Ec, key.curve, null, key);
  }

  /** Whether the key's type, curve, `alg`, `use` and `key_ops` all agree with verifying by this algorithm. */
  allows(algorithm: Algorithm): bool {
    return (
      algorithm != Algorithm.None &&
      this.verifying &&
      keyTypeOf(algorithm) == this.type &&
      curveOf(algorithm) == this.curve &&
      (this.only == Algorithm.None || this.only == algorithm)
    );
  }

  /** Whether `signature` is this key's over `input`; false for a wrong length, range or algorithm as well. */
  verify(algorithm: Algorithm, input: Bytes, signature: Bytes): bool {
    if (!this.allows(algorithm)) return false;
    const hash = hashOf(algorithm);
    const rsa = this.rsa;
    const ecdsa = this.ecdsa;
    switch (schemeOf(algorithm)) {
      case Scheme.Pkcs1:
        return rsa != null && rsa.verifyPkcs1(hash, input, signature);
      case Scheme.Ecdsa:
        return ecdsa != null && ecdsa.verify(digest(hash, input), signature);
      default:
        return false;
    }
  }
}

/** Why a key was not imported. */
export enum KeyProblem {
  None,
  Unsupported,
  Symmetric,
  Private,
  TooWeak,
  TooLarge,
  Malformed,
  NotOnCurve,
  BadExponent,
  Breakable,
}

@final
export class ImportedKey {
  constructor(
    readonly key: Key | null,
    readonly problem: KeyProblem,
  ) {}

  static failed(problem: KeyProblem): ImportedKey {
    return new ImportedKey(null, problem);
  }
}

/** In the order of the enumeration. */
const DESCRIPTIONS: StaticArray<string> = [
  "the key is usable",
  "its type or curve is not supported: use an RSA key, or an EC key on P-256",
  "it is a symmetric key (`oct`), which does not belong in a key set: put the secret into `signingSecret`",
  "it holds a private key, which must not be given to a verifier: give the public half, and replace this key, as it may have leaked",
  "its RSA modulus is shorter than 2048 bits: have the provider issue a longer key",
  "its RSA modulus is longer than 8192 bits: have the provider issue a shorter key",
  "it is not well formed: copy it again from the provider, without changing a character",
  "its point is not on its curve: copy it again from the provider",
  "its RSA exponent is not an odd number from 3 to 4294967295: have the provider issue another key",
  "its RSA modulus was made by the library of CVE-2017-15361 (ROCA) and can be factored: replace the key",
];

/** What is wrong with a key, and what to do: the end of a sentence that begins with the key's name. */
export function describeProblem(problem: KeyProblem): string {
  return DESCRIPTIONS[problem];
}
