/**
 * A view of bytes in the guest's memory: what the host wrote, a token, a JSON document. It owns
 * nothing and is valid as long as the region that it points into (see runtime/arena.ts).
 */
import { buffer, filled, pair } from "../runtime/arena";
import { within } from "../runtime/within";
import { characterOf, lower } from "./ascii";
import { Char } from "./char";
import {
  bitsOf,
  difference,
  differenceOf256,
  differenceOf64,
  eitherIn,
  invisible,
  lengthOf,
  narrowed,
  nonAscii,
} from "./sixteen";

/** The bit in which a capital and its small letter differ. */
const CASE: u8 = 0x20;

@unmanaged
@final
export class Bytes {
  constructor(
    readonly start: usize,
    readonly length: i32,
  ) {}

  /** One for all, because a view never changes: every request has several. */
  static empty(): Bytes {
    return changetype<Bytes>(memory.data(8, 4));
  }

  /** The same as the constructor, in half the time: for what each request makes. */
  @inline static view(start: usize, length: i32): Bytes {
    return changetype<Bytes>(pair(start, length));
  }

  /** Takes a view and the bytes behind it, which have been written (runtime/arena.ts). */
  @inline static filled(view: usize, length: i32): Bytes {
    return changetype<Bytes>(filled(view, length));
  }

  /** A buffer of `length` zero bytes. */
  static make(length: i32): Bytes {
    const made = Bytes.room(length);
    memory.fill(made.start, 0, length);
    return made;
  }

  /** A buffer that the caller must fill; its bytes are undefined. */
  static room(length: i32): Bytes {
    return Bytes.filled(buffer(length), length);
  }

  /** The UTF-8 encoding of a string. */
  static of(text: string): Bytes {
    const length = lengthOf(text);
    const start = heap.alloc(max(length, FEW));
    // Few texts are not ASCII, and one more place for these is little.
    return narrowTo(start, text) ? Bytes.view(start, length) : Bytes.encoded(text);
  }

  /** The same where it is not ASCII. */
  private static encoded(text: string): Bytes {
    const length = String.UTF8.byteLength(text);
    const start = heap.alloc(length);
    String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, start);
    return new Bytes(start, length);
  }

  /**
   * Joins the texts with `separator`. The standard library would copy the result so far for each
   * text.
   */
  static join(texts: Array<Bytes>, separator: u8): Bytes {
    let length = max(texts.length - 1, 0);
    for (let i = 0; i < texts.length; i++) length += texts[i].length;
    const joined = Bytes.room(length);
    let at = 0;
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i];
      if (i > 0) joined.set(at++, separator);
      memory.copy(joined.start + at, text.start, text.length);
      at += text.length;
    }
    return joined;
  }

  @inline get end(): usize {
    return <usize>this.length + this.start;
  }

  /** The byte at `index`, which the caller has checked against `length`. */
  @inline at(index: i32): u8 {
    return load<u8>(this.start + index);
  }

  @inline set(index: i32, value: u8): void {
    store<u8>(this.start + index, value);
  }

  /** The view from `from` up to, not including, `to`. */
  slice(from: i32, to: i32): Bytes {
    return Bytes.view(this.start + from, to - from);
  }

  /** The view from `from` on. */
  rest(from: i32): Bytes {
    return Bytes.view(this.start + from, this.length - from);
  }

  equals(other: Bytes): bool {
    return this.length == other.length && isSame(this.start, other.start, this.length);
  }

  /** True if these are the bytes of an ASCII text. */
  is(text: string): bool {
    return this.length == lengthOf(text) && isFolded(this.start, text, 0);
  }

  /** True if these are the bytes of an ASCII text, in any case. */
  isInAnyCase(text: string): bool {
    return this.length == lengthOf(text) && isFolded(this.start, text, CASE);
  }

  /** True if an ASCII text is at a position, in any case. */
  hasAt(at: i32, text: string): bool {
    return at + lengthOf(text) <= this.length && isFolded(this.start + at, text, CASE);
  }

  equalsInAnyCase(other: Bytes): bool {
    if (this.length != other.length) return false;
    for (let i = 0; i < this.length; i++) {
      if (lower(this.at(i)) != lower(other.at(i))) return false;
    }
    return true;
  }

  startsWith(prefix: Bytes): bool {
    within(this);
    within(prefix);
    const start = this.start;
    const from = prefix.start;
    const length = prefix.length;
    if (this.length < length) return false;
    if (length == 0) return true;
    // Paths begin alike and end differently, so the prefix's last byte is compared first.
    const isLast = load<u8>(start + length - 1) == load<u8>(from + length - 1);
    return isLast && isSame(start, from, length);
  }

  endsWith(suffix: Bytes): bool {
    const rest = this.length - suffix.length;
    return rest >= 0 && this.rest(rest).equals(suffix);
  }

  /** The first position of a byte at or after `from`, or -1. */
  indexOf(byte: u8, from: i32 = 0): i32 {
    const at = this.indexOfEither(byte, byte, from);
    return at < this.length ? at : -1;
  }

  /** True if an ASCII text, which is not empty, is anywhere in it, in any case. */
  contains(text: string): bool {
    const first = characterOf(text, 0) | CASE;
    const last = this.length - lengthOf(text);
    for (let at = 0; at <= last; at++) {
      if ((this.at(at) | CASE) == first && this.hasAt(at, text)) return true;
    }
    return false;
  }

  /** These bytes followed by the others. */
  concat(other: Bytes): Bytes {
    const joined = Bytes.room(this.length + other.length);
    memory.copy(joined.start, this.start, this.length);
    memory.copy(joined.start + this.length, other.start, other.length);
    return joined;
  }

  /** The first position of either byte at or after `from`, or the length. */
  indexOfEither(a: u8, b: u8, from: i32): i32 {
    const start = this.start;
    return <i32>(findEither(a, b, start + from, start + this.length) - start);
  }

  /** True if it is visible ASCII: no white space, no control character. */
  get isVisible(): bool {
    const length = this.length;
    const start = this.start;
    let i = 0;
    for (; i + 16 <= length; i += 16) if (v128.any_true(invisible(start + i))) return false;
    if (i == length) return true;
    // The last sixteen, as in `indexOf`.
    return i8x16.bitmask(invisible(start + length - 16)) >> (16 - length + i) == 0;
  }

  /** Without HTTP white space (RFC 9110 §5.6.3) at both ends. */
  trim(): Bytes {
    let from = 0;
    let to = this.length;
    while (from < to && isSpace(this.at(from))) from++;
    while (to > from && isSpace(this.at(to - 1))) to--;
    return this.slice(from, to);
  }

  /** A copy in the active region. */
  copy(): Bytes {
    const copied = Bytes.room(this.length);
    memory.copy(copied.start, this.start, this.length);
    return copied;
  }

  /** The text of bytes that are known to be UTF-8. */
  toString(): string {
    return String.UTF8.decodeUnsafe(this.start, this.length);
  }
}

/** Characters that are searched at once, because tokens are long. */
const MANY = 32;

/**
 * The first address of either byte in a run, or where the run ends. The last characters may be
 * looked at twice, or together with those before the run.
 */
export function findEither(a: u8, b: u8, from: usize, to: usize): usize {
  const one = i8x16.splat(a);
  const other = i8x16.splat(b);
  for (let at = from; at < to; at += MANY) {
    const seen = max(MANY - <i32>(to - at), 0);
    const second = eitherIn(v128.load(at - seen, 16), one, other);
    const found = bitsOf(eitherIn(v128.load(at - seen), one, other), second) >> seen;
    if (found != 0) return at + ctz(found);
  }
  return to;
}

/** Characters that are compared at once. */
export const FEW = 8;

/**
 * Writes an ASCII text as bytes, and at least eight of them: a shorter text needs room for more. If
 * it is false the text is not ASCII, and the bytes mean nothing.
 */
export function narrowTo(at: usize, text: string): bool {
  const length = lengthOf(text);
  const start = changetype<usize>(text);
  let found = i16x8.splat(0);
  for (let i = 0; i + FEW < length; i += FEW) {
    found = v128.or(found, v128.load(start + (i << 1)));
    v128.store64_lane(at + i, narrowed(start + (i << 1)), 0);
  }
  // The last eight, or those of a shorter text and what is before it.
  const rest = length - FEW;
  const place = start + (rest << 1);
  const before = rest < 0 ? -rest : 0;
  store<u64>(at + max(rest, 0), i64x2.extract_lane(narrowed(place), 0) >> (before << 3));
  const isAscii = !v128.any_true(nonAscii(found));
  return isAscii && i16x8.bitmask(nonAscii(v128.load(place))) >> before == 0;
}

/** True if these are the bytes of an ASCII text. */
export function isText(start: usize, length: i32, text: string): bool {
  return length == lengthOf(text) && isFolded(start, text, 0);
}

/**
 * True if an ASCII text is at an address, `fold` being what its capitals and their small letters
 * may differ in. No text begins in memory's first bytes, so there is something before it.
 */
function isFolded(start: usize, text: string, fold: u8): bool {
  const folded = i8x16.splat(fold);
  for (let rest = lengthOf(text); rest > 0; rest -= FEW) {
    const to = rest - FEW;
    // The eight characters up to there, and beside them as many bytes.
    let both = narrowed(changetype<usize>(text) + (to << 1));
    both = v128.load64_lane(start + to, both, 1);
    const isCapital = i8x16.lt_u(i8x16.sub(both, i8x16.splat(0x41)), i8x16.splat(26));
    both = v128.or(both, v128.and(isCapital, folded));
    const differ = i64x2.extract_lane(both, 0) ^ i64x2.extract_lane(both, 1);
    // Bytes before the text's first do not count.
    if ((to < 0 ? differ >> (-to << 3) : differ) != 0) return false;
  }
  return true;
}

/**
 * Compares two runs of bytes, up to 256 at a time. The second step may overlap the first one, so
 * that the last one ends where the runs end. The standard library compares single bytes where their
 * alignments differ.
 */
export function isSame(a: usize, b: usize, length: i32): bool {
  if (length >= 256) {
    const last = length - 256;
    for (let at = 0, next = length & 255; at <= last; at = next, next += 256) {
      if (v128.any_true(differenceOf256(a + at, b + at))) return false;
    }
    return true;
  }
  if (length >= 64) {
    const last = length - 64;
    for (let at = 0, next = length & 63; at <= last; at = next, next += 64) {
      if (v128.any_true(differenceOf64(a + at, b + at))) return false;
    }
    return true;
  }
  let rest = length;
  for (; rest > 16; rest -= 16) {
    if (v128.any_true(difference(a, b))) return false;
    a += 16;
    b += 16;
  }
  if (rest == 0) return true;
  // The last sixteen; if there are fewer, the shift leaves out the bytes before them.
  const unlike = i8x16.ne(v128.load(a + rest - 16), v128.load(b + rest - 16));
  return i8x16.bitmask(unlike) >> (16 - rest) == 0;
}

function isSpace(c: u32): bool {
  return c == Char.Space || c == Char.Tab;
}
