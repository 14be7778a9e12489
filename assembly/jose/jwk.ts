/**
 * Imports public keys from JWKs, RFC 7517, RFC 7518 §6 and RFC 8037. Refuses symmetric and private
 * keys, and all keys that crypto/ refuses. Accepts forms that the RFCs do not have, but that
 * signers write for the same number: leading zeros, plain base64, padding. A member that is null
 * counts as absent.
 */
import { Curve, coordinateSize } from "../crypto/curve";
import { Json, Kind } from "../json/value";
import { KEY_OPERATIONS } from "../limits";
import { decodeEither } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { algorithmOf, NO_ALGORITHM } from "./algorithms";
import { curveNamed } from "./curves";
import { ImportedKey, KeyProblem } from "./key";
import { ecKey, edwardsKey, rsaKey } from "./numbers";

/** Members that only private keys have: RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2. */
const PRIVATE: StaticArray<string> = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/** The key, or what is wrong with it. It is allocated in the active region. */
export function importJwk(jwk: Json): ImportedKey {
  const kty = jwk.stringOf("kty");
  if (!kty) return ImportedKey.failed(KeyProblem.Malformed);
  if (kty.is("oct") || memberOf(jwk, "k")) return ImportedKey.failed(KeyProblem.Symmetric);
  for (let i = 0; i < PRIVATE.length; i++) {
    if (memberOf(jwk, PRIVATE[i])) return ImportedKey.failed(KeyProblem.Private);
  }
  let imported: ImportedKey;
  if (kty.is("RSA")) imported = importRsa(jwk);
  else if (kty.is("EC")) imported = importEc(jwk);
  else if (kty.is("OKP")) imported = importOkp(jwk);
  else return ImportedKey.failed(KeyProblem.Unsupported);
  const key = imported.key;
  if (!key) return imported;
  if (!readOptions(jwk, imported)) return ImportedKey.failed(KeyProblem.Malformed);
  return imported;
}

function importRsa(jwk: Json): ImportedKey {
  const n = numberOf(jwk, "n");
  const e = numberOf(jwk, "e");
  if (!n || !e) return ImportedKey.failed(KeyProblem.Malformed);
  return rsaKey(withoutZeros(n), withoutZeros(e), nameLength(jwk) > 0);
}

function importEc(jwk: Json): ImportedKey {
  const crv = jwk.stringOf("crv");
  const bytesOfX = numberOf(jwk, "x");
  const bytesOfY = numberOf(jwk, "y");
  if (!crv || !bytesOfX || !bytesOfY) return ImportedKey.failed(KeyProblem.Malformed);
  const curve = curveNamed(crv);
  if (!curve || curve == Curve.Ed25519) return ImportedKey.failed(KeyProblem.Unsupported);
  const size = coordinateSize(curve);
  const x = inLength(bytesOfX, size);
  const y = inLength(bytesOfY, size);
  return x && y
    ? ecKey(curve, x, y, nameLength(jwk) > 0)
    : ImportedKey.failed(KeyProblem.Malformed);
}

function importOkp(jwk: Json): ImportedKey {
  const crv = jwk.stringOf("crv");
  const x = numberOf(jwk, "x");
  if (!crv || !x) return ImportedKey.failed(KeyProblem.Malformed);
  if (curveNamed(crv) != Curve.Ed25519) return ImportedKey.failed(KeyProblem.Unsupported);
  if (x.length != coordinateSize(Curve.Ed25519)) return ImportedKey.failed(KeyProblem.Malformed);
  return edwardsKey(x, nameLength(jwk) > 0);
}

/** Length of the `kid`, which readOptions takes if it is not empty. */
function nameLength(jwk: Json): i32 {
  const kid = jwk.stringOf("kid");
  return kid ? kid.length : 0;
}

function numberOf(jwk: Json, name: string): Bytes | null {
  const text = jwk.stringOf(name);
  const number = text ? decodeEither(text) : null;
  return number && number.length > 0 ? number : null;
}

function withoutZeros(number: Bytes): Bytes {
  let from = 0;
  while (from < number.length - 1 && number.at(from) == 0) from++;
  return number.rest(from);
}

/** The number in exactly `size` bytes; null: it is too large for them. */
function inLength(number: Bytes, size: i32): Bytes | null {
  const digits = withoutZeros(number);
  if (digits.length > size) return null;
  const padded = Bytes.make(size);
  memory.copy(padded.start + (size - digits.length), digits.start, digits.length);
  return padded;
}

/** Java's and Go's encoders write an unset member as null. */
function memberOf(jwk: Json, name: string): Json | null {
  const member = jwk.member(name);
  return member && member.kind != Kind.Null ? member : null;
}

/** Reads `kid`, `alg`, `use` and `key_ops`, RFC 7517 §4.2 to §4.5; false when one is malformed. */
function readOptions(jwk: Json, imported: ImportedKey): bool {
  const key = imported.key!;
  const kid = memberOf(jwk, "kid");
  if (kid) {
    if (!kid.isString) return false;
    // An empty `kid` names nothing.
    if (kid.text.length > 0) key.kid = key.id = kid.text.copy();
  }
  const alg = memberOf(jwk, "alg");
  if (alg) {
    if (!alg.isString) return false;
    key.only = algorithmOf(alg.text);
    if (key.only == NO_ALGORITHM) key.verifying = false;
  }
  const issuer = jwk.stringOf("issuer");
  if (issuer) key.issuer = issuer.copy();
  const use = memberOf(jwk, "use");
  if (use) {
    if (!use.isString) return false;
    if (!use.text.is("sig")) key.verifying = false;
  }
  const operations = memberOf(jwk, "key_ops");
  return !operations || readOperations(operations, imported);
}

/** Names of operations are unique, RFC 7517 §4.3, and verifying is one of them. */
function readOperations(operations: Json, imported: ImportedKey): bool {
  if (!operations.isArray || operations.count > KEY_OPERATIONS) return false;
  let verify = false;
  let it = operations.first;
  while (it) {
    if (!it.isString) return false;
    let other = it.next;
    while (other) {
      if (other.text.equals(it.text)) return false;
      other = other.next;
    }
    if (it.text.is("verify")) verify = true;
    it = it.next;
  }
  if (!verify) imported.key!.verifying = false;
  return true;
}
