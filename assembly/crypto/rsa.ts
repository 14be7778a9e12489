/**
 * RSA verification, RFC 8017 §8.1.2 and §8.2.2, of signatures below the modulus and exactly as long
 * as it. Not constant time: it sees public values only.
 */
import { Bytes } from "../text/bytes";
import { commonPkcs1, encodePkcs1, isPss } from "./emsa";
import { digest, Hash } from "./hash";
import { compare, readBytes } from "./integer";
import { MATCHED_EXPONENT, RsaField } from "./montgomery-f64";
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
  /** The part of the table for matching by SHA-256 and PKCS #1, or 0 when there is none. */
  private match: usize = 0;

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
    const s = this.read(signature);
    if (!s) return false;
    const field = this.enter(hash == Hash.Sha256 && this.e == MATCHED_EXPONENT);
    if (this.match != 0 && hash == Hash.Sha256) {
      return field.matches(this.match, s.start, wordsOf(digest(hash, message)));
    }
    const actual = field.power(s.start, this.e, this.size);
    return actual.equals(encodePkcs1(hash, message, this.size));
  }

  /** RSASSA-PSS with MGF1 over the same hash, and a salt as long as its digest. */
  verifyPss(hash: Hash, message: Bytes, signature: Bytes): bool {
    const s = this.read(signature);
    if (!s) return false;
    const actual = this.enter(false).power(s.start, this.e, this.size);
    return isPss(hash, message, actual, this.bits);
  }

  /** Words of a signature, or null for a wrong length or s ≥ n (RSAVP1, §5.2.2). */
  private read(signature: Bytes): Bytes | null {
    if (signature.length != this.size) return null;
    const s = wordsOf(signature);
    if (compare(s, this.n, this.words) >= 0) return null;
    return new Bytes(s, this.words << 2);
  }

  /** A field that is ready. `matches`: the table, if it is made now, is for matching too. */
  private enter(matches: bool): RsaField {
    const field = new RsaField(this.n, this.words, this.bits);
    const table = this.table.use();
    if (table) {
      field.use(table);
      return field;
    }
    this.match = 0;
    if (!this.table.isDue) {
      field.prepare(heap.alloc(field.tableSize));
      return field;
    }
    const isLarger = matches && field.canMatch;
    const made = this.table.make(field.tableSize + (isLarger ? field.matchSize : 0));
    field.prepare(made);
    if (isLarger) {
      const match = made + field.tableSize;
      field.prepareMatch(match, wordsOf(commonPkcs1(Hash.Sha256, this.size)));
      this.match = match;
    }
    return field;
  }
}

function wordsOf(bytes: Bytes): usize {
  const words = (bytes.length + 3) >> 2;
  const at = makeWords(words);
  readBytes(at, words, bytes);
  return at;
}

/** Room for a number, with the 8 bytes after it that RsaField reads. */
function makeWords(words: i32): usize {
  const at = heap.alloc((words << 2) + 8);
  memory.fill(at, 0, (words << 2) + 8);
  return at;
}
