/**
 * Reads private EC keys from DER: PrivateKeyInfo (PKCS#8, RFC 5958 §2) and ECPrivateKey (SEC 1, RFC
 * 5915 §3), with named curves only. A key of another kind has no curve; a malformed one is null.
 */
import { Curve, coordinateSize } from "../crypto/curve";
import { Bytes } from "../text/bytes";
import { curveOfOid } from "./curves";
import { Der, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE } from "./der";
import { EC_PUBLIC_KEY } from "./spki";

/** Tags of PrivateKeyInfo: attributes, `[0]` of a set, and a public key, `[1]` implicit. */
const ATTRIBUTES: u32 = 0xa0;
const PUBLIC_KEY: u32 = 0x81;
/** Tags of ECPrivateKey: parameters and a public key, `[0]` and `[1]` explicit. */
const PARAMETERS: u32 = 0xa0;
const POINT: u32 = 0xa1;

@unmanaged
@final
export class EcPrivate {
  constructor(
    /** None for an unsupported curve, or a key that is not EC. */
    readonly curve: Curve,
    readonly secret: Bytes,
    /** The public key, an ECPoint, if the document has it. */
    readonly point: Bytes | null,
  ) {}
}

/** The key of a document that is one PrivateKeyInfo, or null. */
export function readPkcs8(document: Bytes): EcPrivate | null {
  const reader = new Der(document);
  const info = reader.enter(SEQUENCE);
  if (!info || !reader.atEnd) return null;
  const version = readVersion(info);
  const algorithm = info.enter(SEQUENCE);
  const key = info.read(OCTET_STRING);
  if (version < 0 || version > 1 || !algorithm || !key) return null;
  if (info.next(ATTRIBUTES) && !info.any()) return null;
  if (info.next(PUBLIC_KEY) && (version == 0 || !info.any())) return null;
  if (!info.atEnd) return null;
  const name = algorithm.read(OBJECT_IDENTIFIER);
  if (!name) return null;
  if (!name.is(EC_PUBLIC_KEY)) return new EcPrivate(Curve.None, key, null);
  const curve = algorithm.read(OBJECT_IDENTIFIER);
  if (!curve || !algorithm.atEnd) return null;
  const known = curveOfOid(curve);
  return known ? readEcPrivateKey(key, known) : new EcPrivate(Curve.None, key, null);
}

/**
 * The key of a document that is one ECPrivateKey, or null. `outer` is the curve named outside of
 * it, with which its own must agree; or None.
 */
export function readEcPrivateKey(document: Bytes, outer: Curve): EcPrivate | null {
  const reader = new Der(document);
  const body = reader.enter(SEQUENCE);
  if (!body || !reader.atEnd || readVersion(body) != 1) return null;
  const secret = body.read(OCTET_STRING);
  if (!secret) return null;
  let curve = outer;
  if (body.next(PARAMETERS)) {
    const parameters = body.enter(PARAMETERS);
    const name = parameters ? parameters.read(OBJECT_IDENTIFIER) : null;
    if (!parameters || !name || !parameters.atEnd) return null;
    curve = curveOfOid(name);
    if (outer && curve != outer) return null;
  }
  let point: Bytes | null = null;
  if (body.next(POINT)) {
    const content = body.enter(POINT);
    point = content ? content.bits() : null;
    if (!content || !point || !content.atEnd) return null;
  }
  if (!body.atEnd) return null;
  // RFC 5915 §3: as long as the order, with leading zeros.
  if (curve && secret.length != coordinateSize(curve)) return null;
  return new EcPrivate(curve, secret, point);
}

/** A version of one byte, or -1. */
function readVersion(reader: Der): i32 {
  const value = reader.read(INTEGER);
  return value && value.length == 1 ? <i32>value.at(0) : -1;
}
