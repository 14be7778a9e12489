/**
 * A key that verifies signatures, and the uses that its owner allows. The key decides which
 * algorithms it allows, never a token's header alone (RFC 8725 §3.1).
 */
import { Curve } from "../crypto/curve";
import { EcdsaKey } from "../crypto/ecdsa";
import { EdwardsKey } from "../crypto/ed25519";
import { digest, digestSize } from "../crypto/hash";
import { verifyHmac } from "../crypto/hmac";
import { RsaKey } from "../crypto/rsa";
import { mark, release } from "../runtime/arena";
import { Bytes } from "../text/bytes";
import { Algorithm, KeyType, NO_ALGORITHM, Scheme } from "./algorithms";

@final
export class Key {
  /** The JWK's `kid`; null for a PEM or a JWK without one. */
  kid: Bytes | null = null;
  /** The key's name in logs: `kid`, or the RFC 7638 thumbprint (SHA-256, base64url). */
  id: Bytes = Bytes.empty();
  /** The JWK's `issuer`, which Entra ID writes into its key sets: whose tokens the key signs. */
  issuer: Bytes | null = null;
  /**
   * True if the JWK's `alg` is absent or in the registry, and `use` and `key_ops` permit verifying.
   */
  verifying: bool = true;
  /** The JWK's `alg`, or NO_ALGORITHM without one. */
  only: Algorithm = NO_ALGORITHM;

  private rsa: RsaKey | null = null;
  private ecdsa: EcdsaKey | null = null;
  private edwards: EdwardsKey | null = null;
  private secret: Bytes | null = null;

  private constructor(
    readonly type: KeyType,
    readonly curve: Curve,
  ) {}

  static ofRsa(rsa: RsaKey): Key {
    const key = new Key(KeyType.Rsa, Curve.None);
    key.rsa = rsa;
    return key;
  }

  static ofEcdsa(ecdsa: EcdsaKey): Key {
    const key = new Key(KeyType.Ec, ecdsa.curve);
    key.ecdsa = ecdsa;
    return key;
  }

  static ofEdwards(edwards: EdwardsKey): Key {
    const key = new Key(KeyType.Okp, Curve.Ed25519);
    key.edwards = edwards;
    return key;
  }

  /**
   * A shared secret, which is copied. It allows HMACs whose digest is no longer than the secret
   * (RFC 7518 §3.2), so none below 32 bytes. It has no `id`, because a thumbprint in a log would
   * let its reader test guesses.
   */
  static symmetric(secret: Bytes): Key {
    const key = new Key(KeyType.Oct, Curve.None);
    key.secret = secret.copy();
    return key;
  }

  /**
   * True if the key's type, curve, `alg`, `use` and `key_ops` all permit verifying by this
   * algorithm.
   */
  allows(algorithm: Algorithm): bool {
    return (
      algorithm != NO_ALGORITHM &&
      this.verifying &&
      algorithm.keyType == this.type &&
      algorithm.curve == this.curve &&
      (this.only == NO_ALGORITHM || this.only == algorithm) &&
      this.isLongEnough(algorithm)
    );
  }

  private isLongEnough(algorithm: Algorithm): bool {
    const secret = this.secret;
    return secret == null || secret.length >= digestSize(algorithm.hash);
  }

  /**
   * True if `signature` over `input` is this key's; false also for a wrong length, range or
   * algorithm.
   */
  verify(algorithm: Algorithm, input: Bytes, signature: Bytes): bool {
    if (!this.allows(algorithm)) return false;
    // Nothing is kept of the numbers on the way, and they are most of a request's memory.
    const before = mark();
    const isGood = this.isSignature(algorithm, input, signature);
    release(before);
    return isGood;
  }

  private isSignature(algorithm: Algorithm, input: Bytes, signature: Bytes): bool {
    const hash = algorithm.hash;
    const rsa = this.rsa;
    const ecdsa = this.ecdsa;
    const edwards = this.edwards;
    const secret = this.secret;
    switch (algorithm.scheme) {
      case Scheme.Pkcs1:
        return rsa != null && rsa.verifyPkcs1(hash, input, signature);
      case Scheme.Pss:
        return rsa != null && rsa.verifyPss(hash, input, signature);
      case Scheme.Ecdsa:
        return ecdsa != null && ecdsa.verify(digest(hash, input), signature);
      case Scheme.Eddsa:
        return edwards != null && edwards.verify(input, signature);
      case Scheme.Hmac:
        return secret != null && verifyHmac(hash, secret, input, signature);
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
  /** An EC or Ed25519 point that is not on its curve, or has a small order. */
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

/**
 * What is wrong with a key, and what to do: the end of a sentence that begins with the key's name.
 */
export function describeProblem(problem: KeyProblem): string {
  switch (problem) {
    case KeyProblem.None:
      return "the key is usable";
    case KeyProblem.Unsupported:
      return "its type or curve is not supported: use an RSA key, an EC key on P-256, P-384 or P-521, or an Ed25519 key";
    case KeyProblem.Symmetric:
      return "it is a symmetric key (`oct`), which does not belong in a key set: put the secret into `signingSecret`";
    case KeyProblem.Private:
      return "it holds a private key, which must not be given to a verifier: give the public half, and replace this key, as it may have leaked";
    case KeyProblem.TooWeak:
      return "its RSA modulus is shorter than 2048 bits: have the provider issue a longer key";
    case KeyProblem.TooLarge:
      return "its RSA modulus is longer than 8192 bits: have the provider issue a shorter key";
    case KeyProblem.Malformed:
      return "it is not well formed: copy it again from the provider, without changing a character";
    case KeyProblem.NotOnCurve:
      return "its point is not on its curve, or of small order: copy it again from the provider";
    case KeyProblem.BadExponent:
      return "its RSA exponent is not an odd number from 3 to 4294967295: have the provider issue another key";
    case KeyProblem.Breakable:
      return "its RSA modulus was made by the library of CVE-2017-15361 (ROCA) and can be factored: replace the key";
    default:
      return "";
  }
}
