/** The hash functions as a table: digest sizes and their DigestInfo prefixes, RFC 8017 §9.2 note 1. */
import { Bytes } from "../text/bytes";
import { sha256 } from "./sha256";

export enum Hash {
  Sha256,
  Sha384,
  Sha512,
}

/** Bytes of the longest digest. */
export const DIGEST_BYTES = 64;

/** DER of `SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.x, NULL }, OCTET STRING }`, but for what differs. */
const DIGEST_INFO = memory.data<u8>([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
  0x00, 0x04, 0x20,
]);
export const DIGEST_INFO_BYTES = 19;

/** Bytes of a digest: 32, 48 or 64. */
export function digestSize(hash: Hash): i32 {
  return 32 + ((<i32>hash) << 4);
}

export function digest(hash: Hash, message: Bytes): Bytes {
  return sha256(message);
}

/** Writes the DigestInfo prefix, 19 bytes; the digest follows it. */
export function writeDigestInfo(hash: Hash, at: usize): void {
  memory.copy(at, DIGEST_INFO, DIGEST_INFO_BYTES);
  store<u8>(at, <u8>(DIGEST_INFO_BYTES - 2 + digestSize(hash)), 1);
  // 2.16.840.1.101.3.4.2.1, .2 and .3 are SHA-256, SHA-384 and SHA-512.
  store<u8>(at, <u8>(<i32>hash + 1), 14);
  store<u8>(at, <u8>digestSize(hash), 18);
}
