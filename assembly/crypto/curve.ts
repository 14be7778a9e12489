/** The NIST curves y² = x³ - 3x + b, FIPS 186-4 appendix D.1.2 (SEC 2 §2), as a table of parameters. */

/** For each curve p, n, b and the base point's x and y; little-endian 32-bit words. */
const P256 = memory.data<u32>([
  // p
  0xffffffff, 0xffffffff, 0xffffffff, 0x00000000, 0x00000000, 0x00000000, 0x00000001, 0xffffffff,
  // n
  0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad, 0xffffffff, 0xffffffff, 0x00000000, 0xffffffff,
  // b
  0x27d2604b, 0x3bce3c3e, 0xcc53b0f6, 0x651d06b0, 0x769886bc, 0xb3ebbd55, 0xaa3a93e7, 0x5ac635d8,
  // x of G
  0xd898c296, 0xf4a13945, 0x2deb33a0, 0x77037d81, 0x63a440f2, 0xf8bce6e5, 0xe12c4247, 0x6b17d1f2,
  // y of G
  0x37bf51f5, 0xcbb64068, 0x6b315ece, 0x2bce3357, 0x7c0f9e16, 0x8ee7eb4a, 0xfe1a7f9b, 0x4fe342e2,
]);

export enum Curve {
  None,
  P256,
}

/** Bytes of a coordinate, and of r and of s in a signature: RFC 7518 §3.4. */
export function coordinateSize(curve: Curve): i32 {
  return 32;
}

/** 32-bit words of each parameter. */
export function wordsOf(curve: Curve): i32 {
  return (coordinateSize(curve) + 3) >> 2;
}

/** p, n, b, x and y of the base point, one after the other. */
export function parametersOf(curve: Curve): usize {
  return P256;
}
