/**
 * Ed25519 verification, RFC 8032 §5.1.7, strictly: canonical encodings only, S below the order of
 * B, keys of small order refused. The equation is the one without the cofactor. Not constant time:
 * public values only.
 */
import { Bytes } from "../text/bytes";
import { Comb } from "./comb";
import { Edwards, ORDER, ORDER_SQUARE, WORDS } from "./edwards";
import { Hash, Hasher } from "./hash";
import { compare } from "./integer";
import { Modulus } from "./modulus";
import { BASE_WIDTH, combine, makeMultiples, multiplesSize, WIDTH } from "./straus";
import { Table } from "./tables";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TEETH = 8;

/** The base point's table, made together with a key's first one. */
const BASE = new Table();
/** Its odd multiples, made for the first signature. */
const MULTIPLES = new Table();

@final
export class EdwardsKey {
  private table: Table = new Table();

  private constructor(
    private encoded: Bytes,
    /** -A, packed. */
    private opposite: usize,
  ) {}

  /**
   * Null for bytes that encode no point, encode one in a second way, or encode one of small order.
   */
  static of(encoded: Bytes): EdwardsKey | null {
    if (encoded.length != KEY_BYTES) return null;
    const group = new Edwards();
    const opposite = heap.alloc(group.packedSize);
    // A key of small order would accept one signature for many messages.
    if (!group.decodeOpposite(opposite, encoded) || group.isSmall(opposite)) return null;
    return new EdwardsKey(encoded.copy(), opposite);
  }

  verify(message: Bytes, signature: Bytes): bool {
    if (signature.length != SIGNATURE_BYTES) return false;
    const order = new Modulus(ORDER, WORDS, ORDER_SQUARE);
    const s = order.make();
    memory.copy(s, signature.start + 32, 32);
    if (compare(s, order.n, WORDS) >= 0) return false;
    const first = signature.slice(0, 32);
    const hasher = new Hasher(Hash.Sha512).update(first).update(this.encoded).update(message);
    const hash = hasher.finish();
    // 512 bits modulo L: high R + low, R = 2²⁵⁶.
    const k = order.make();
    const low = order.make();
    order.enter(k, hash.start + 32);
    order.enter(low, hash.start);
    order.leave(low, low);
    order.add(k, k, low);
    // R = S B - k A; R's encoding is canonical when it equals the computed one.
    const group = new Edwards();
    const sum = group.makePoint();
    this.combine(group, sum, s, k);
    return group.encode(sum).equals(first);
  }

  /** r = s B - k A. */
  private combine(group: Edwards, r: usize, s: usize, k: usize): void {
    const comb = new Comb<Edwards>(group, WORDS << 5, TEETH);
    const own = this.table;
    if (own.use() || own.isDue) {
      if (!BASE.current) this.makeTable(comb, BASE, packedBase(group));
      // Making one table may have released the other.
      if (!own.current) this.makeTable(comb, own, this.opposite);
      if (own.current && BASE.current) {
        const first = comb.digits(s, WORDS);
        const second = comb.digits(k, WORDS);
        return comb.combine(r, first, BASE.current, second, own.current);
      }
    }
    const multiples = heap.alloc(multiplesSize<Edwards>(group, WIDTH));
    makeMultiples<Edwards>(group, multiples, this.opposite, WIDTH);
    combine<Edwards>(group, r, s, baseMultiples(group), k, multiples);
  }

  private makeTable(comb: Comb<Edwards>, table: Table, point: usize): void {
    if (!comb.prepare(table.make(comb.tableSize), point)) table.drop();
  }
}

function baseMultiples(group: Edwards): usize {
  if (MULTIPLES.current) return MULTIPLES.current;
  const at = MULTIPLES.make(multiplesSize<Edwards>(group, BASE_WIDTH));
  makeMultiples<Edwards>(group, at, packedBase(group), BASE_WIDTH);
  return at;
}

function packedBase(group: Edwards): usize {
  const packed = heap.alloc(group.packedSize);
  group.packBase(packed);
  return packed;
}
