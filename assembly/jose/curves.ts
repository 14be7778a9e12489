/** What JOSE and X.509 call the curves: RFC 7518 §7.6, RFC 8037, RFC 5480 §2.1.1.1 and RFC 8410 §3, as a table in the enumeration's order. */
import { Curve } from "../crypto/curve";
import { Bytes } from "../text/bytes";

const NAMES: StaticArray<string> = ["", "P-256", "P-384", "P-521", "Ed25519"];
/** The bytes of the object identifiers: secp256r1, secp384r1, secp521r1, id-Ed25519. */
const OIDS: StaticArray<string> = [
  "",
  "\x2a\x86\x48\xce\x3d\x03\x01\x07",
  "\x2b\x81\x04\x00\x22",
  "\x2b\x81\x04\x00\x23",
  "\x2b\x65\x70",
];

/** The curve of a JWK's `crv`, or None. */
export function curveNamed(name: Bytes): Curve {
  return find(NAMES, name);
}

/** The curve of an object identifier, or None. */
export function curveOfOid(oid: Bytes): Curve {
  return find(OIDS, oid);
}

export function nameOfCurve(curve: Curve): string {
  return NAMES[curve];
}

function find(table: StaticArray<string>, text: Bytes): Curve {
  for (let i = 1; i < table.length; i++) {
    if (text.is(table[i])) return i;
  }
  return Curve.None;
}
