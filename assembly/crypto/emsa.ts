/**
 * Encodings of a message for RSA signatures, RFC 8017 §9: PKCS#1 v1.5, which is built and compared,
 * never parsed (Bleichenbacher 2006), and PSS with a salt as long as the digest (RFC 7518 §3.5).
 */
import { Bytes } from "../text/bytes";
import { Hash, Hasher, OneBlock, digest, digestSize } from "./hash";

/**
 * DER of `SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.x, NULL }, OCTET STRING }`, §9.2 note 1;
 * three bytes differ.
 */
const DIGEST_INFO = memory.data<u8>([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
  0x00, 0x04, 0x20,
]);
const DIGEST_INFO_BYTES = 19;

/** Writes the DigestInfo without the digest. */
function writeDigestInfo(hash: Hash, at: usize): void {
  memory.copy(at, DIGEST_INFO, DIGEST_INFO_BYTES);
  store<u8>(at, <u8>(DIGEST_INFO_BYTES - 2 + digestSize(hash)), 1);
  // 2.16.840.1.101.3.4.2.1, .2 and .3 are SHA-256, SHA-384 and SHA-512.
  store<u8>(at, <u8>(<i32>hash + 1), 14);
  store<u8>(at, <u8>digestSize(hash), 18);
}

/** EMSA-PKCS1-v1_5, §9.2: 00 01 ff … ff 00 DigestInfo digest, for a modulus of `size` bytes. */
export function encodePkcs1(hash: Hash, message: Bytes, size: i32): Bytes {
  const encoded = commonPkcs1(hash, size);
  const value = digest(hash, message);
  memory.copy(encoded.end - value.length, value.start, value.length);
  return encoded;
}

/** The same with zeros in the place of the digest: what all messages have in common. */
export function commonPkcs1(hash: Hash, size: i32): Bytes {
  const encoded = Bytes.make(size);
  const info = size - digestSize(hash) - DIGEST_INFO_BYTES;
  store<u8>(encoded.start, 1, 1);
  memory.fill(encoded.start + 2, 0xff, info - 3);
  writeDigestInfo(hash, encoded.start + info);
  return encoded;
}

/**
 * EMSA-PSS verification, §9.1.2, for a modulus of `bits` bits; `encoded` is as long as the modulus.
 */
export function isPss(hash: Hash, message: Bytes, encoded: Bytes, bits: i32): bool {
  // One bit less than the modulus: a whole byte less where that crosses a byte.
  const unused = (8 - (bits - 1)) & 7;
  if (unused == 0) {
    if (encoded.at(0) != 0) return false;
    encoded = encoded.rest(1);
  }
  const size = digestSize(hash);
  const masked = encoded.length - size - 1;
  const zeros = masked - size - 1;
  if (zeros < 0 || encoded.at(encoded.length - 1) != 0xbc) return false;
  if ((<u32>encoded.at(0)) >> (8 - unused) != 0) return false;
  const check = encoded.slice(masked, masked + size);
  const data = new Bytes(heap.alloc(masked + size), masked);
  memory.copy(data.start, encoded.start, masked);
  unmask(hash, check, data);
  data.set(0, <u8>((<u32>data.at(0)) & ((<u32>0xff) >> unused)));
  let i = 0;
  for (; i + 8 <= zeros; i += 8) if (load<u64>(data.start + i) != 0) return false;
  for (; i < zeros; i++) if (data.at(i) != 0) return false;
  if (data.at(zeros) != 1) return false;
  const salt = data.rest(zeros + 1);
  const hasher = new Hasher(hash).update(Bytes.make(8)).update(digest(hash, message)).update(salt);
  return hasher.finish().equals(check);
}

/**
 * Takes MGF1, appendix B.2.1, of a seed off `data`, after which there is room for the rest of a
 * digest.
 */
function unmask(hash: Hash, seed: Bytes, data: Bytes): void {
  const size = digestSize(hash);
  const block = new OneBlock(hash, size + 4);
  memory.copy(block.text, seed.start, size);
  for (let at = data.start, i: u32 = 0; at < data.end; at += size, i++) {
    store<u32>(block.text + size, bswap<u32>(i));
    const mask = block.digest().start;
    for (let j: usize = 0; j < <usize>size; j += 8) {
      store<u64>(at + j, load<u64>(at + j) ^ load<u64>(mask + j));
    }
  }
}
