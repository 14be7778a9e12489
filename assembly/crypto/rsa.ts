/**
 * RSA verification, RFC 8017 §8.1.2 and §8.2.2, of signatures below the modulus and exactly as long
 * as it. Not constant time: it sees public values only.
 */
import { Bytes } from "../text/bytes";
import { encodePkcs1, isPss } from "./emsa";
import { Hash } from "./hash";
import { compare, readBytes } from "./integer";
import { RsaField } from "./montgomery-f64";
import { isRoca } from "./roca";
import { Table } from "./tables";

@final
export class RsaKey {
  /** Bytes of the modulus, and so of a signature. */
  readonly size: i32;
  /** Bits of the modulus. */
  readonly bits: i32;
  private words: i32;
  private n: usize;
  private e: u32;
  private table: Table = new Table();

  /** `modulus` big-endian without leading zeros, odd; `exponent` odd and at least 3. */
  constructor(modulus: Bytes, exponent: u32) {
    this.size = modulus.length;
    this.bits = (modulus.length << 3) - <i32>clz<u32>(modulus.at(0)) + 24;
    this.words = (modulus.length + 3) >> 2;
    this.n = makeWords(this.words);
    this.e = exponent;
    readBytes(this.n, this.words, modulus);
  }

  /** True if the modulus is of the kind that CVE-2017-15361 lets anyone factor. */
  isBreakable(): bool {
    return isRoca(this.n, this.words);
  }

  /** RSASSA-PKCS1-v1_5. */
  verifyPkcs1(hash: Hash, message: Bytes, signature: Bytes): bool {
    const actual = this.recover(signature);
    return actual != null && actual.equals(encodePkcs1(hash, message, this.size));
  }

  /** RSASSA-PSS with MGF1 over the same hash, and a salt as long as its digest. */
  verifyPss(hash: Hash, message: Bytes, signature: Bytes): bool {
    const actual = this.recover(signature);
    return actual != null && isPss(hash, message, actual, this.bits);
  }

  /**
   * RSAVP1, §5.2.2: s^e mod n as bytes of the modulus' length, or null for a wrong length or s ≥ n.
   */
  private recover(signature: Bytes): Bytes | null {
    if (signature.length != this.size) return null;
    const words = this.words;
    const s = makeWords(words);
    readBytes(s, words, signature);
    if (compare(s, this.n, words) >= 0) return null;
    const field = new RsaField(this.n, words, this.bits);
    const table = this.table.use();
    if (table) field.use(table);
    else
      field.prepare(
        this.table.isDue ? this.table.make(field.tableSize) : heap.alloc(field.tableSize),
      );
    return field.power(s, this.e, this.size);
  }
}

/** Room for a number, with the 8 bytes after it that RsaField reads. */
function makeWords(words: i32): usize {
  const at = heap.alloc((words << 2) + 8);
  memory.fill(at, 0, (words << 2) + 8);
  return at;
}
