/** Makes keys from public numbers, with the checks that apply to JWKs and PEMs alike. */
import { Curve } from "../crypto/curve";
import { EcdsaKey } from "../crypto/ecdsa";
import { EdwardsKey } from "../crypto/ed25519";
import { RsaKey } from "../crypto/rsa";
import { RSA_BITS_MAX, RSA_BITS_MIN } from "../limits";
import { Bytes } from "../text/bytes";
import { nameOfCurve } from "./curves";
import { ImportedKey, Key, KeyProblem } from "./key";
import { ecThumbprint, okpThumbprint, rsaThumbprint } from "./thumbprint";

/**
 * An RSA key from big-endian numbers without leading zeros, of at least one byte each. `hasName`,
 * here and below: it gets its `id` from the caller.
 */
export function rsaKey(n: Bytes, e: Bytes, hasName: bool): ImportedKey {
  if (!isOdd(n)) return ImportedKey.failed(KeyProblem.Malformed);
  const bits = (n.length << 3) - (<i32>clz<u32>(n.at(0)) - 24);
  if (bits < RSA_BITS_MIN) return ImportedKey.failed(KeyProblem.TooWeak);
  if (bits > RSA_BITS_MAX) return ImportedKey.failed(KeyProblem.TooLarge);
  // With e = 1 a signature is its own message, and an even e is no RSA exponent.
  if (e.length > 4 || !isOdd(e)) return ImportedKey.failed(KeyProblem.BadExponent);
  let exponent: u32 = 0;
  for (let i = 0; i < e.length; i++) exponent = (exponent << 8) | e.at(i);
  if (exponent < 3) return ImportedKey.failed(KeyProblem.BadExponent);
  const rsa = new RsaKey(n, exponent);
  if (rsa.isBreakable()) return ImportedKey.failed(KeyProblem.Breakable);
  const imported = new ImportedKey(Key.ofRsa(rsa), KeyProblem.None);
  if (!hasName) imported.key!.id = rsaThumbprint(n, e);
  return imported;
}

/** An EC key from coordinates in the curve's full length, RFC 7518 §6.2.1.2. */
export function ecKey(curve: Curve, x: Bytes, y: Bytes, hasName: bool): ImportedKey {
  const key = EcdsaKey.of(curve, x, y);
  if (!key) return ImportedKey.failed(KeyProblem.NotOnCurve);
  const imported = new ImportedKey(Key.ofEcdsa(key), KeyProblem.None);
  if (!hasName) imported.key!.id = ecThumbprint(nameOfCurve(curve), x, y);
  return imported;
}

/** An Ed25519 key from 32 bytes, RFC 8032 §5.1.5. */
export function edwardsKey(x: Bytes, hasName: bool): ImportedKey {
  const key = EdwardsKey.of(x);
  if (!key) return ImportedKey.failed(KeyProblem.NotOnCurve);
  const imported = new ImportedKey(Key.ofEdwards(key), KeyProblem.None);
  if (!hasName) imported.key!.id = okpThumbprint(nameOfCurve(Curve.Ed25519), x);
  return imported;
}

function isOdd(number: Bytes): bool {
  return (number.at(number.length - 1) & 1) == 1;
}
