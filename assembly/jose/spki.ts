/**
 * Reads public keys from DER: SubjectPublicKeyInfo (RFC 5280 §4.1, RFC 3279 §2.3, RFC 5480, RFC
 * 8410), alone or inside a certificate. Only the key of a certificate is read: no date, name, use
 * or signature is checked.
 */
import { Curve, coordinateSize } from "../crypto/curve";
import { Bytes } from "../text/bytes";
import { curveOfOid } from "./curves";
import { Der, NULL, OBJECT_IDENTIFIER, SEQUENCE } from "./der";
import { ImportedKey, KeyProblem } from "./key";
import { ecKey, edwardsKey, rsaKey } from "./numbers";

/** 1.2.840.113549.1.1.1, RFC 3279 §2.3.1. */
const RSA_ENCRYPTION = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
/** 1.2.840.10045.2.1, RFC 5480 §2.1.1. */
export const EC_PUBLIC_KEY = "\x2a\x86\x48\xce\x3d\x02\x01";
/** Tag of the explicit version of a certificate, `[0]`. */
const VERSION: u32 = 0xa0;

/** The key of a DER document that is one SubjectPublicKeyInfo. */
export function importSpki(document: Bytes): ImportedKey {
  const reader = new Der(document);
  const info = reader.enter(SEQUENCE);
  return info && reader.atEnd ? readInfo(info) : ImportedKey.failed(KeyProblem.Malformed);
}

/** The key of a DER document that is one X.509 certificate. */
export function importCertificate(document: Bytes): ImportedKey {
  const malformed = ImportedKey.failed(KeyProblem.Malformed);
  const reader = new Der(document);
  const certificate = reader.enter(SEQUENCE);
  if (!certificate || !reader.atEnd) return malformed;
  const body = certificate.enter(SEQUENCE);
  const signed = certificate.read(SEQUENCE) != null && certificate.bits() != null;
  if (!body || !signed || !certificate.atEnd) return malformed;
  if (body.next(VERSION) && !body.any()) return malformed;
  if (!body.natural()) return malformed;
  // Signature algorithm, issuer, validity, subject.
  for (let i = 0; i < 4; i++) {
    if (!body.read(SEQUENCE)) return malformed;
  }
  const info = body.enter(SEQUENCE);
  return info ? readInfo(info) : malformed;
}

function readInfo(info: Der): ImportedKey {
  const malformed = ImportedKey.failed(KeyProblem.Malformed);
  const algorithm = info.enter(SEQUENCE);
  const key = info.bits();
  if (!algorithm || !key || !info.atEnd) return malformed;
  const name = algorithm.read(OBJECT_IDENTIFIER);
  if (!name) return malformed;
  if (name.is(RSA_ENCRYPTION)) {
    const parameters = algorithm.read(NULL);
    if (!parameters || parameters.length != 0 || !algorithm.atEnd) return malformed;
    return readRsa(key);
  }
  if (name.is(EC_PUBLIC_KEY)) {
    const curve = algorithm.read(OBJECT_IDENTIFIER);
    // CVE-2020-0601 used a curve spelled out in parameters, so only named curves are accepted.
    if (!curve || !algorithm.atEnd) return malformed;
    return readEc(curve, key);
  }
  if (curveOfOid(name) == Curve.Ed25519) {
    // RFC 8410 §3: no parameters.
    const right = algorithm.atEnd && key.length == coordinateSize(Curve.Ed25519);
    return right ? edwardsKey(key, false) : malformed;
  }
  return ImportedKey.failed(KeyProblem.Unsupported);
}

/** RSAPublicKey, RFC 8017 appendix A.1.1. */
export function readRsa(key: Bytes): ImportedKey {
  const reader = new Der(key);
  const numbers = reader.enter(SEQUENCE);
  if (!numbers || !reader.atEnd) return ImportedKey.failed(KeyProblem.Malformed);
  const n = numbers.natural();
  const e = numbers.natural();
  if (!n || !e || !numbers.atEnd) return ImportedKey.failed(KeyProblem.Malformed);
  return rsaKey(n, e, false);
}

/** ECPoint, SEC 1 §2.3.3, uncompressed: tokens do not use compressed and hybrid points. */
function readEc(name: Bytes, key: Bytes): ImportedKey {
  const curve = curveOfOid(name);
  const size = coordinateSize(curve);
  if (!curve || curve == Curve.Ed25519 || key.length != 1 + 2 * size || key.at(0) != 4) {
    return ImportedKey.failed(KeyProblem.Unsupported);
  }
  return ecKey(curve, key.slice(1, 1 + size), key.rest(1 + size), false);
}
