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

/** An RSA key from big-endian numbers without leading zeros, of at least one byte each. */
export function rsaKey(n: Bytes, e: Bytes): ImportedKey {
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
  return named(Key.ofRsa(rsa), rsaThumbprint(n, e));
}

/** An EC key from coordinates in the curve's full length, RFC 7518 §6.2.1.2. */
export function ecKey(curve: Curve, x: Bytes, y: Bytes): ImportedKey {
  const key = EcdsaKey.of(curve, x, y);
  if (!key) return ImportedKey.failed(KeyProblem.NotOnCurve);
  return named(Key.ofEcdsa(key), ecThumbprint(nameOfCurve(curve), x, y));
}

/** An Ed25519 key from 32 bytes, RFC 8032 §5.1.5. */
export function edwardsKey(x: Bytes): ImportedKey {
  const key = EdwardsKey.of(x);
  if (!key) return ImportedKey.failed(KeyProblem.NotOnCurve);
  return named(Key.ofEdwards(key), okpThumbprint(nameOfCurve(Curve.Ed25519), x));
}

function named(key: Key, id: Bytes): ImportedKey {
  key.id = id;
  return new ImportedKey(key, KeyProblem.None);
}

function isOdd(number: Bytes): bool {
  return (number.at(number.length - 1) & 1) == 1;
}
