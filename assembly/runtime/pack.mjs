/**
 * Packs texts: repetitions (LZ77) and Huffman codes, as in DEFLATE, but with only what texts of a
 * few kilobytes need. unpack.ts is the other side. The result depends on nothing but the text.
 *
 * A block is bits, the first one the highest of its byte: the text's length in 16 bits, the lengths
 * of the codes, then tokens. A token is a byte, or LITERALS and the slot of a length, followed by a
 * distance.
 */

const LITERALS = 256;
const LENGTH_SLOTS = 20;
const DISTANCE_SLOTS = 28;
/** The shortest repetition. */
const LEAST = 3;
/** Bits that a code's length is written with. */
const WIDTH = 4;
/** Rounds in which the tokens are chosen by what the codes of the round before cost. */
const ROUNDS = 25;

const log2 = (value) => 31 - Math.clz32(value);

/** Numbers from 0: two slots for each power of two, and the bits that follow. */
function slotOf(value) {
  if (value < 4) return { slot: value, width: 0, rest: 0 };
  const width = log2(value) - 1;
  return {
    slot: 2 * (width + 1) + ((value >> width) & 1),
    width,
    rest: value & ((1 << width) - 1),
  };
}

/** The cheapest tokens for a text: a byte is a number, a repetition its length and distance. */
function tokensOf(text, costs) {
  const best = new Array(text.length + 1).fill(Infinity);
  const from = new Array(text.length + 1);
  const seen = new Map();
  best[0] = 0;
  const offer = (at, cost, token) => {
    if (cost >= best[at]) return;
    best[at] = cost;
    from[at] = token;
  };
  for (let at = 0; at < text.length; at++) {
    offer(at + 1, best[at] + costs.tokens[text[at]], text[at]);
    const key = text.toString("latin1", at, at + LEAST);
    const places = seen.get(key) ?? [];
    let longest = LEAST - 1;
    // The nearest first: a farther one has to be longer.
    for (const place of key.length < LEAST ? [] : places.toReversed()) {
      let length = LEAST;
      while (at + length < text.length && text[place + length] === text[at + length]) length++;
      const distance = at - place;
      const far = slotOf(distance - 1);
      for (let some = longest + 1; some <= length; some++) {
        const { slot, width } = slotOf(some - LEAST);
        const cost = costs.tokens[LITERALS + slot] + width + costs.distances[far.slot] + far.width;
        offer(at + some, best[at] + cost, { length: some, distance });
      }
      longest = Math.max(longest, length);
    }
    seen.set(key, [...places, at]);
  }
  const tokens = [];
  for (let at = text.length; at > 0; at -= tokens.at(-1).length ?? 1) tokens.push(from[at]);
  return tokens.reverse();
}

/** Lengths of Huffman's codes for what occurs so often; 0: never. */
function codeLengths(counts) {
  const lengths = counts.map(() => 0);
  let trees = counts.flatMap((count, symbol) => (count > 0 ? [{ count, symbols: [symbol] }] : []));
  if (trees.length === 1) lengths[trees[0].symbols[0]] = 1;
  while (trees.length > 1) {
    trees.sort((a, b) => a.count - b.count || a.symbols[0] - b.symbols[0]);
    const [first, second, ...others] = trees;
    const symbols = [...first.symbols, ...second.symbols];
    for (const symbol of symbols) lengths[symbol]++;
    trees = [...others, { count: first.count + second.count, symbols }];
  }
  if (Math.max(...lengths) >= 1 << WIDTH) throw new Error("a code is too long");
  return lengths;
}

/** Codes in the order of their lengths, then of their symbols: the lengths define them. */
function codesOf(lengths) {
  const codes = new Map();
  let code = 0;
  for (let length = 1; length < 1 << WIDTH; length++) {
    lengths.forEach((it, symbol) => {
      if (it === length) codes.set(symbol, code++);
    });
    code <<= 1;
  }
  return codes;
}

class Bits {
  bits = [];

  number(value, width) {
    for (let i = width - 1; i >= 0; i--) this.bits.push((value >> i) & 1);
  }

  /** From 1: as many zeros as bits follow its first one (Elias). */
  gamma(value) {
    const width = log2(value);
    this.number(0, width);
    this.number(value, width + 1);
  }

  /** How many are 0, how many are not, and these; then again. */
  lengths(lengths) {
    for (let at = 0; at < lengths.length;) {
      const run = (isRun) => {
        let end = at;
        while (end < lengths.length && isRun(lengths[end])) end++;
        this.gamma(end - at + 1);
        return lengths.slice(at, (at = end));
      };
      run((it) => it === 0);
      for (const length of run((it) => it > 0)) this.number(length, WIDTH);
    }
  }

  get bytes() {
    const bytes = [];
    this.bits.forEach((bit, i) => {
      if (i % 8 === 0) bytes.push(0);
      bytes[i >> 3] |= bit << (7 - (i % 8));
    });
    return bytes;
  }
}

function write(text, tokens, tokenLengths, distanceLengths) {
  const out = new Bits();
  const tokenCodes = codesOf(tokenLengths);
  const distanceCodes = codesOf(distanceLengths);
  out.number(text.length, 16);
  out.lengths(tokenLengths);
  out.lengths(distanceLengths);
  const symbol = (it, codes, lengths) => out.number(codes.get(it), lengths[it]);
  for (const token of tokens) {
    if (typeof token === "number") {
      symbol(token, tokenCodes, tokenLengths);
      continue;
    }
    const length = slotOf(token.length - LEAST);
    symbol(LITERALS + length.slot, tokenCodes, tokenLengths);
    out.number(length.rest, length.width);
    const distance = slotOf(token.distance - 1);
    symbol(distance.slot, distanceCodes, distanceLengths);
    out.number(distance.rest, distance.width);
  }
  return out.bytes;
}

/** Returns the shortest block of several rounds. `text`: a Buffer of less than 64 KiB. */
export function compress(text) {
  let costs = {
    tokens: new Array(LITERALS + LENGTH_SLOTS).fill(6),
    distances: new Array(DISTANCE_SLOTS).fill(5),
  };
  let shortest = null;
  for (let round = 0; round < ROUNDS; round++) {
    const tokens = tokensOf(text, costs);
    const counts = costs.tokens.map(() => 0);
    const distances = costs.distances.map(() => 0);
    for (const token of tokens) {
      if (typeof token === "number") counts[token]++;
      else {
        counts[LITERALS + slotOf(token.length - LEAST).slot]++;
        distances[slotOf(token.distance - 1).slot]++;
      }
    }
    const lengths = codeLengths(counts);
    const far = codeLengths(distances);
    const block = write(text, tokens, lengths, far);
    if (!shortest || block.length < shortest.length) shortest = block;
    // What has no code yet may get one.
    costs = { tokens: lengths.map((it) => it || 12), distances: far.map((it) => it || 9) };
  }
  return shortest;
}

const PUT = 128;
const VECTOR = 16;

/** The source of a function that writes a block by its number, for code-data.ts. */
export function functionOf(name, blocks) {
  const cases = blocks.map((block, number) => `if (block == ${number}) { ${putsOf(block)} }`);
  return `function ${name}(block: i32): void { ${cases.join(" else ")} }`;
}

function putsOf(block) {
  const padded = Buffer.alloc(roomOf([block]));
  padded.set(block);
  const puts = [];
  for (let at = 0; at < padded.length; at += PUT) {
    const vectors = [];
    for (let i = at; i < at + PUT; i += VECTOR) {
      vectors.push(`i32x4(${[0, 4, 8, 12].map((word) => padded.readInt32LE(i + word))})`);
    }
    puts.push(`CodeData.put(${vectors});`);
  }
  return puts.join(" ");
}

/** Bytes that the function writes at most. */
export function roomOf(blocks) {
  return Math.max(...blocks.map((block) => Math.ceil(block.length / PUT) * PUT));
}
