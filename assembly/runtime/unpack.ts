/**
 * Unpacks texts that pack.mjs packed: repetitions (LZ77) and Huffman codes, as in DEFLATE, but with
 * only what texts of a few kilobytes need. That file describes the form.
 */

/** As in pack.mjs. */
const LITERALS = 256;
const TOKENS = LITERALS + 20;
const DISTANCES = 28;
const LEAST = 3;
/** Bits that the length of a code is written with, and the longest code. */
const WIDTH = 4;
const LONGEST = 15;

/** Address of the next bit, in bits. */
let at: u64 = 0;

/** Bytes of a block's text. */
export function unpackedSize(block: usize): i32 {
  return ((<i32>load<u8>(block)) << 8) | load<u8>(block, 1);
}

/** Writes a block's text. */
export function unpack(block: usize, to: usize): void {
  const end = to + unpackedSize(block);
  at = (<u64>block + 2) << 3;
  const tokens = new Code(TOKENS);
  const distances = new Code(DISTANCES);
  while (to < end) {
    const token = tokens.next();
    if (token < LITERALS) store<u8>(to++, <u8>token);
    else {
      const stop = to + numberOf(token - LITERALS) + LEAST;
      const distance = numberOf(distances.next()) + 1;
      for (; to < stop; to++) store<u8>(to, load<u8>(to - distance));
    }
  }
}

/** A Huffman code: shorter ones first, those of one length in the order of their symbols. */
@final
class Code {
  /** By length: how many codes have it. */
  private counts: StaticArray<u16> = new StaticArray<u16>(LONGEST + 1);
  /** In the order of the codes. */
  private symbols: StaticArray<u16>;

  constructor(count: i32) {
    const lengths = new StaticArray<u8>(count);
    this.symbols = new StaticArray<u16>(count);
    for (let symbol = 0; symbol < count;) {
      symbol += gamma() - 1;
      for (let run = gamma(); run > 1; run--) {
        const length = bits(WIDTH);
        this.counts[length]++;
        lengths[symbol++] = <u8>length;
      }
    }
    let place = 0;
    for (let length = 1; length <= LONGEST; length++) {
      for (let symbol = 0; symbol < count; symbol++) {
        if (lengths[symbol] == length) this.symbols[place++] = <u16>symbol;
      }
    }
  }

  /** The symbol of the next code. */
  next(): i32 {
    let code = 0;
    let place = 0;
    for (let length = 1; length <= LONGEST; length++) {
      code = (code << 1) | bits(1);
      const count = <i32>this.counts[length];
      if (code < count) return this.symbols[place + code];
      place += count;
      code -= count;
    }
    return 0;
  }
}

/** A number by its slot and the bits that follow. */
function numberOf(slot: i32): i32 {
  if (slot < 4) return slot;
  const width = (slot >> 1) - 1;
  return ((2 | (slot & 1)) << width) | bits(width);
}

/** A number from 1: as many zeros as bits follow its first one. */
function gamma(): i32 {
  let width = 0;
  while (width < LONGEST && bits(1) == 0) width++;
  return (1 << width) | bits(width);
}

/** The next bits, the highest first. */
function bits(width: i32): i32 {
  let number = 0;
  for (; width > 0; width--, at++) {
    number = (number << 1) | ((load<u8>(<usize>(at >> 3)) >> (~(<i32>at) & 7)) & 1);
  }
  return number;
}
