/**
 * Names of curves in JOSE and X.509: RFC 7518 §7.6, RFC 8037, RFC 5480 §2.1.1.1 and RFC 8410 §3.
 */
import { Curve } from "../crypto/curve";
import { Bytes } from "../text/bytes";

@final
class Names {
  constructor(
    readonly curve: Curve,
    readonly jose: string,
    /** The bytes of the object identifier. */
    readonly oid: string,
  ) {}
}

const CURVES: StaticArray<Names> = [
  new Names(Curve.P256, "P-256", "\x2a\x86\x48\xce\x3d\x03\x01\x07"),
  new Names(Curve.P384, "P-384", "\x2b\x81\x04\x00\x22"),
  new Names(Curve.P521, "P-521", "\x2b\x81\x04\x00\x23"),
  new Names(Curve.Ed25519, "Ed25519", "\x2b\x65\x70"),
];

/** The curve of a JWK's `crv`, or None. */
export function curveNamed(name: Bytes): Curve {
  for (let i = 0; i < CURVES.length; i++) if (name.is(CURVES[i].jose)) return CURVES[i].curve;
  return Curve.None;
}

/** The curve of an object identifier, or None. */
export function curveOfOid(oid: Bytes): Curve {
  for (let i = 0; i < CURVES.length; i++) if (oid.is(CURVES[i].oid)) return CURVES[i].curve;
  return Curve.None;
}

/** The curve's name; empty for None. */
export function nameOfCurve(curve: Curve): string {
  for (let i = 0; i < CURVES.length; i++) if (CURVES[i].curve == curve) return CURVES[i].jose;
  return "";
}
