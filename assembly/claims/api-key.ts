/**
 * API keys: `rg_`, 256 random bits in base64url, and their CRC-32 in eight hexadecimal digits. A
 * text of another form is never hashed, and a mistyped key is told apart from an unknown one. Only
 * SHA-256 digests are stored.
 */
import { hexValue } from "../text/ascii";
import { Bytes } from "../text/bytes";
import { Bits } from "./bits";

const PREFIX = "rg_";
const RANDOM = 43;
const CHECKSUM = 8;
const LENGTH = PREFIX.length + RANDOM + CHECKSUM;

/** True if a credential begins like an API key. */
export function looksLikeKey(text: Bytes): bool {
  return text.length >= PREFIX.length && text.slice(0, PREFIX.length).is(PREFIX);
}

/** True if the text is an API key of the right form, with the right checksum. */
export function isKey(text: Bytes): bool {
  if (text.length != LENGTH || !looksLikeKey(text)) return false;
  let checksum: u32 = 0;
  for (let i = LENGTH - CHECKSUM; i < LENGTH; i++) {
    const digit = hexValue(text.at(i));
    if (digit < 0 || <u32>text.at(i) - 0x41 < 26) return false;
    checksum = (checksum << 4) | digit;
  }
  return crc32(text.slice(0, LENGTH - CHECKSUM)) == checksum;
}

/** CRC-32 of ISO 3309, bit by bit, because keys are short. */
function crc32(bytes: Bytes): u32 {
  let crc: u32 = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes.at(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

@final
export class ApiKey {
  /** With all roles that the hierarchy adds; set when all roles are known. */
  roles: Bits = Bits.make(0);

  constructor(
    readonly name: Bytes,
    /** SHA-256 of the key. */
    readonly digest: Bytes,
    readonly roleNames: Array<Bytes>,
    /** Seconds since 1970 at which the key ends. */
    readonly expires: i64,
  ) {}
}

/** Keys by their digests. Digests are random, so their first bytes serve as the hash. */
@final
export class ApiKeys {
  readonly list: Array<ApiKey> = [];
  private slots: StaticArray<u16> = new StaticArray<u16>(8);

  /** False when the digest is there already. */
  add(key: ApiKey): bool {
    if (this.find(key.digest)) return false;
    this.list.push(key);
    if (this.list.length * 2 > this.slots.length) {
      this.slots = new StaticArray<u16>(this.slots.length * 2);
      for (let i = 0; i < this.list.length; i++) this.place(i);
    } else this.place(this.list.length - 1);
    return true;
  }

  private place(index: i32): void {
    const mask = this.slots.length - 1;
    let slot = load<u32>(this.list[index].digest.start) & mask;
    while (this.slots[slot] != 0) slot = (slot + 1) & mask;
    this.slots[slot] = <u16>(index + 1);
  }

  /**
   * Compares in full and in constant time, although only the key's owner could make digests that
   * nearly match.
   */
  find(digest: Bytes): ApiKey | null {
    const mask = this.slots.length - 1;
    let slot = load<u32>(digest.start) & mask;
    while (this.slots[slot] != 0) {
      const key = this.list[this.slots[slot] - 1];
      if (isSame(key.digest, digest)) return key;
      slot = (slot + 1) & mask;
    }
    return null;
  }
}

function isSame(a: Bytes, b: Bytes): bool {
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.at(i) ^ b.at(i);
  return difference == 0;
}
