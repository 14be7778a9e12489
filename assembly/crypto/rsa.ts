/**
 * RSA verification, RFC 8017 §8.2.2: RSASSA-PKCS1-v1_5 by comparison with the one right encoding, never by
 * parsing (Bleichenbacher 2006), with signatures below the modulus and as long as it. Public values only.
 */
import { Bytes } from "../text/bytes";
import { DIGEST_INFO_BYTES, Hash, digest, digestSize, writeDigestInfo } from "./hash";
import { compare, readBytes, writeBytes } from "./integer";
import { Modulus } from "./modulus";
import { isRoca } from "./roca";

@final
export class RsaKey {
  /** Bytes of the modulus, and so of a signature. */
  readonly size: i32;
  private words: i32;
  private n: usize;
  private e: u32;

  /** `modulus` big-endian without leading zeros, odd; `exponent` odd and at least 3. */
  constructor(modulus: Bytes, exponent: u32) {
    this.size = modulus.length;
    this.words = (modulus.length + 3) >> 2;
    this.n = heap.alloc(this.words << 2);
    this.e = exponent;
    readBytes(this.n, this.words, modulus);
  }

  /** Whether the modulus is of the kind that CVE-2017-15361 lets anyone factor. */
  isBreakable(): bool {
    return isRoca(this.n, this.words);
  }

  /** RSASSA-PKCS1-v1_5. */
  verifyPkcs1(hash: Hash, message: Bytes, signature: Bytes): bool {
    const actual = this.recover(signature);
    return actual != null && actual.equals(encodePkcs1(hash, message, this.size));
  }

  /** RSAVP1, §5.2.2: s^e mod n as bytes of the modulus' length, or null for a wrong length or s ≥ n. */
  private recover(signature: Bytes): Bytes | null {
    if (signature.length != this.size) return null;
    const words = this.words;
    const modulus = new Modulus(this.n, words);
    const s = modulus.make();
    readBytes(s, words, signature);
    if (compare(s, this.n, words) >= 0) return null;
    modulus.enter(s, s);
    const power = modulus.make();
    const e = heap.alloc(4);
    store<u32>(e, this.e);
    modulus.power(power, s, e, 32 - <i32>clz<u32>(this.e));
    modulus.leave(power, power);
    const bytes = Bytes.make(this.size);
    writeBytes(bytes.start, this.size, power);
    return bytes;
  }
}

/** EMSA-PKCS1-v1_5, §9.2: 00 01 ff … ff 00 DigestInfo digest. */
function encodePkcs1(hash: Hash, message: Bytes, size: i32): Bytes {
  const encoded = Bytes.make(size);
  const info = size - digestSize(hash) - DIGEST_INFO_BYTES;
  store<u8>(encoded.start, 1, 1);
  memory.fill(encoded.start + 2, 0xff, info - 3);
  writeDigestInfo(hash, encoded.start + info);
  const value = digest(hash, message);
  memory.copy(encoded.start + info + DIGEST_INFO_BYTES, value.start, value.length);
  return encoded;
}
