/**
 * The private key of `private_key_jwt` (OpenID Connect Core §9): EC on P-256, signing by ES256,
 * from a JWK (RFC 7518 §6.2.2) or a PEM. Refuses every other kind, an encrypted key, a key with
 * another key's public half, and a JWK for another use.
 */
import { Curve } from "../crypto/curve";
import { sha256 } from "../crypto/sha256";
import { SigningKey } from "../crypto/sign-p256";
import { parse } from "../json/parse";
import { Json } from "../json/value";
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { curveNamed, nameOfCurve } from "./curves";
import { readPem } from "./pem";
import { EcPrivate, readEcPrivateKey, readPkcs8 } from "./pkcs8";
import { ecThumbprint } from "./thumbprint";

@final
export class PrivateKey {
  constructor(
    private key: SigningKey,
    /** The key's id at the provider: the JWK's `kid`, or the RFC 7638 thumbprint. */
    readonly id: Bytes,
  ) {}

  /** The ES256 signature of a token's signing input, 64 bytes. */
  sign(input: Bytes): Bytes {
    return this.key.sign(sha256(input));
  }
}

/** Why a key was not imported. */
export enum PrivateKeyProblem {
  None,
  Malformed,
  Unsupported,
  Encrypted,
  Public,
  OutOfRange,
  Mismatch,
  OtherUse,
}

/**
 * What is wrong with a key, and what to do: the end of a sentence that begins with the key's name.
 */
export function describePrivateKeyProblem(problem: PrivateKeyProblem): string {
  switch (problem) {
    case PrivateKeyProblem.None:
      return "the key is usable";
    case PrivateKeyProblem.Malformed:
      return "it is neither a JWK nor one PEM block of PKCS#8 or SEC 1: copy it again, without changing a character";
    case PrivateKeyProblem.Unsupported:
      return "it is not an EC key on P-256, which signs by ES256: make one with `openssl ecparam -name prime256v1 -genkey -noout`";
    case PrivateKeyProblem.Encrypted:
      return "it is encrypted: decrypt it with `openssl pkey`, and keep it in a file that only Traefik may read";
    case PrivateKeyProblem.Public:
      return "it is a public key: the private half is what signs";
    case PrivateKeyProblem.OutOfRange:
      return "its number is not in the range of its curve: make another key";
    case PrivateKeyProblem.Mismatch:
      return "its public half belongs to another private key: copy both from one place";
    case PrivateKeyProblem.OtherUse:
      return "its `alg`, `use` or `key_ops` says that it is not for signing by ES256";
    default:
      return "";
  }
}

@final
export class ImportedPrivateKey {
  constructor(
    readonly key: PrivateKey | null,
    readonly problem: PrivateKeyProblem,
  ) {}

  static failed(problem: PrivateKeyProblem): ImportedPrivateKey {
    return new ImportedPrivateKey(null, problem);
  }
}

/**
 * Imports a JWK's text or a PEM: the key, or what is wrong with it. It is allocated in the active
 * region.
 */
export function importPrivateKey(text: Bytes): ImportedPrivateKey {
  const jwk = parse(text);
  return jwk && jwk.isObject ? importJwk(jwk) : importPem(text);
}

function importPem(text: Bytes): ImportedPrivateKey {
  const pem = readPem(text);
  const document = pem ? pem.document : null;
  if (!pem || !document) return ImportedPrivateKey.failed(PrivateKeyProblem.Malformed);
  if (pem.label.is("ENCRYPTED PRIVATE KEY")) {
    return ImportedPrivateKey.failed(PrivateKeyProblem.Encrypted);
  }
  if (pem.label.is("PRIVATE KEY")) return fromDer(readPkcs8(document));
  if (pem.label.is("EC PRIVATE KEY")) return fromDer(readEcPrivateKey(document, Curve.None));
  if (pem.isPrivateKey) return ImportedPrivateKey.failed(PrivateKeyProblem.Unsupported);
  return ImportedPrivateKey.failed(PrivateKeyProblem.Public);
}

function fromDer(key: EcPrivate | null): ImportedPrivateKey {
  if (!key) return ImportedPrivateKey.failed(PrivateKeyProblem.Malformed);
  if (key.curve != Curve.P256) return ImportedPrivateKey.failed(PrivateKeyProblem.Unsupported);
  const point = key.point;
  if (!point) return finish(key.secret, null, null, null);
  // ECPoint, SEC 1 §2.3.3, uncompressed.
  if (point.length != 65 || point.at(0) != 4) {
    return ImportedPrivateKey.failed(PrivateKeyProblem.Unsupported);
  }
  return finish(key.secret, point.slice(1, 33), point.rest(33), null);
}

function importJwk(jwk: Json): ImportedPrivateKey {
  const kty = jwk.stringOf("kty");
  if (!kty) return ImportedPrivateKey.failed(PrivateKeyProblem.Malformed);
  const crv = jwk.stringOf("crv");
  if (!kty.is("EC") || !crv || curveNamed(crv) != Curve.P256) {
    return ImportedPrivateKey.failed(PrivateKeyProblem.Unsupported);
  }
  const x = numberOf(jwk, "x");
  const y = numberOf(jwk, "y");
  if (!x || !y) return ImportedPrivateKey.failed(PrivateKeyProblem.Malformed);
  if (!jwk.member("d")) return ImportedPrivateKey.failed(PrivateKeyProblem.Public);
  const d = numberOf(jwk, "d");
  const kid = jwk.member("kid");
  if (!d || (kid && !kid.isString)) return ImportedPrivateKey.failed(PrivateKeyProblem.Malformed);
  if (!allows(jwk, "alg", "ES256") || !allows(jwk, "use", "sig") || !maySign(jwk)) {
    return ImportedPrivateKey.failed(PrivateKeyProblem.OtherUse);
  }
  return finish(d, x, y, kid ? kid.text : null);
}

/** True if a member is absent or has that value. */
function allows(jwk: Json, name: string, value: string): bool {
  const member = jwk.member(name);
  return !member || (member.isString && member.text.is(value));
}

/** RFC 7517 §4.3. */
function maySign(jwk: Json): bool {
  const operations = jwk.member("key_ops");
  if (!operations) return true;
  if (!operations.isArray) return false;
  for (let it = operations.first; it; it = it!.next) {
    if (it.isString && it.text.is("sign")) return true;
  }
  return false;
}

function numberOf(jwk: Json, name: string): Bytes | null {
  const text = jwk.stringOf(name);
  return text ? decode(text) : null;
}

function finish(d: Bytes, x: Bytes | null, y: Bytes | null, kid: Bytes | null): ImportedPrivateKey {
  const key = SigningKey.of(d);
  if (!key) return ImportedPrivateKey.failed(PrivateKeyProblem.OutOfRange);
  // The provider would refuse what this key signs, and its users could not see why.
  if ((x && !x.equals(key.x)) || (y && !y.equals(key.y))) {
    return ImportedPrivateKey.failed(PrivateKeyProblem.Mismatch);
  }
  const id = kid ? kid.copy() : ecThumbprint(nameOfCurve(Curve.P256), key.x, key.y);
  return new ImportedPrivateKey(new PrivateKey(key, id), PrivateKeyProblem.None);
}
