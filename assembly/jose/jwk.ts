/**
 * Public keys out of JWKs, RFC 7517, RFC 7518 §6 and RFC 8037. Refused: symmetric and private keys, numbers
 * that are not in the one form that the RFCs allow, and everything that crypto/ refuses.
 */
import { Curve, coordinateSize } from "../crypto/curve";
import { Json } from "../json/value";
import { KEY_OPERATIONS } from "../limits";
import { decode } from "../text/base64url";
import { Bytes } from "../text/bytes";
import { algorithmOf, NO_ALGORITHM } from "./algorithms";
import { curveNamed } from "./curves";
import { ImportedKey, KeyProblem } from "./key";
import { ecKey, edwardsKey, rsaKey } from "./numbers";

/** Members that only private keys have: RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2. */
const PRIVATE: StaticArray<string> = ["d", "p", "q", "dp", "dq", "qi", "oth"];

/** The key, or what is wrong with it. The key lives in the region that is active now. */
export function importJwk(jwk: Json): ImportedKey {
  const kty = jwk.stringOf("kty");
  if (!kty) return ImportedKey.failed(KeyProblem.Malformed);
  if (kty.is("oct") || jwk.member("k")) return ImportedKey.failed(KeyProblem.Symmetric);
  for (let i = 0; i < PRIVATE.length; i++) {
    if (jwk.member(PRIVATE[i])) return ImportedKey.failed(KeyProblem.Private);
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
  return n && e ? rsaKey(n, e) : ImportedKey.failed(KeyProblem.Malformed);
}

function importEc(jwk: Json): ImportedKey {
  const crv = jwk.stringOf("crv");
  const x = numberOf(jwk, "x");
  const y = numberOf(jwk, "y");
  if (!crv || !x || !y) return ImportedKey.failed(KeyProblem.Malformed);
  const curve = curveNamed(crv);
  if (!curve || curve == Curve.Ed25519) return ImportedKey.failed(KeyProblem.Unsupported);
  const size = coordinateSize(curve);
  if (x.length != size || y.length != size) return ImportedKey.failed(KeyProblem.Malformed);
  return ecKey(curve, x, y);
}

function importOkp(jwk: Json): ImportedKey {
  const crv = jwk.stringOf("crv");
  const x = numberOf(jwk, "x");
  if (!crv || !x) return ImportedKey.failed(KeyProblem.Malformed);
  if (curveNamed(crv) != Curve.Ed25519) return ImportedKey.failed(KeyProblem.Unsupported);
  if (x.length != coordinateSize(Curve.Ed25519)) return ImportedKey.failed(KeyProblem.Malformed);
  return edwardsKey(x);
}

function numberOf(jwk: Json, name: string): Bytes | null {
  const text = jwk.stringOf(name);
  return text ? decode(text) : null;
}

/** Takes over `kid`, `alg`, `use` and `key_ops`, RFC 7517 §4.2 to §4.5; false when one is not well formed. */
function readOptions(jwk: Json, imported: ImportedKey): bool {
  const key = imported.key!;
  const kid = jwk.member("kid");
  if (kid) {
    if (!kid.isString) return false;
    key.kid = key.id = kid.text.copy();
  }
  const alg = jwk.member("alg");
  if (alg) {
    if (!alg.isString) return false;
    key.only = algorithmOf(alg.text);
    if (key.only == NO_ALGORITHM) key.verifying = false;
  }
  const use = jwk.member("use");
  if (use) {
    if (!use.isString) return false;
    if (!use.text.is("sig")) key.verifying = false;
  }
  const operations = jwk.member("key_ops");
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
