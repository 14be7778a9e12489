/**
 * Byte-pair packing: while it pays, the most frequent pair of bytes gets an unused byte. Philip
 * Gage, 1994.
 */

/** Bytes of a table entry. */
const COST = 2;

/**
 * Packs texts without a 0 byte. `packed`: the texts, each ended by 0; `pairs`: two bytes for each
 * byte value.
 */
export function pack(texts) {
  let packed = texts.flatMap((text) => [...text, 0]);
  const pairs = new Array(512).fill(0);
  const used = new Set(packed);
  for (const byte of used) pairs[2 * byte] = byte;
  for (let code = 1; code < 256; code++) {
    if (used.has(code)) continue;
    const [pair, count] = mostFrequent(packed);
    if (count <= COST) break;
    pairs[2 * code] = pair >> 8;
    pairs[2 * code + 1] = pair & 255;
    packed = replace(packed, pair, code);
  }
  return { pairs, packed };
}

/**
 * The most frequent pair; of equally frequent ones the smaller, so that the result does not depend
 * on chance.
 */
function mostFrequent(bytes) {
  const counts = new Map();
  let last = -1;
  for (let i = 0; i + 1 < bytes.length; i++) {
    const pair = (bytes[i] << 8) | bytes[i + 1];
    // The middle one of three equal bytes is in one pair only.
    const overlaps = pair === last;
    last = overlaps ? -1 : pair;
    if (overlaps || bytes[i] === 0 || bytes[i + 1] === 0) continue;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return [...counts].reduce(
    (best, [pair, count]) =>
      count > best[1] || (count === best[1] && pair < best[0]) ? [pair, count] : best,
    [0, 0],
  );
}

function replace(bytes, pair, code) {
  const result = [];
  for (let i = 0; i < bytes.length; i++) {
    if (i + 1 < bytes.length && ((bytes[i] << 8) | bytes[i + 1]) === pair) {
      result.push(code);
      i++;
    } else result.push(bytes[i]);
  }
  return result;
}
