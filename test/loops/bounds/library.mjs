/** The standard library's loops, and the runtime's. */
export default {
  "~lib/array.ts": {
    // Of words that the code or a configuration lists.
    "Array.indexOf": "LIST_TEXTS",
  },
  "~lib/staticarray.ts": {
    "StaticArray.indexOf": "WORDS",
  },
  "~lib/string.ts": {
    "String.indexOf": "TEXT_BYTES",
    byteLength: "TEXT_BYTES",
    encodeUnsafe: "TEXT_BYTES",
    decodeUnsafe: "TEXT_BYTES",
  },
  "~lib/util/string.ts": {
    compareImpl: "TEXT_BYTES",
    // Expected words, in a message.
    joinReferenceArray: "LIST_TEXTS",
  },
  "~lib/util/memory.ts": {
    memcmp: "TEXT_BYTES",
  },
  "runtime/arena.ts": {
    // Chunks of a region, each of 4 KiB at least; memory ends at 4 GiB, and no guest has a hundredth of it.
    advance: "REGION_CHUNKS",
    releaseChunks: "REGION_CHUNKS",
  },
  "runtime/decimal.ts": {
    __decimal: "20",
  },
  "runtime/copy.ts": {
    __copy: "TEXT_BYTES / 16",
    __fill: ["3", "3", "TEXT_BYTES / 16"],
  },
  "runtime/texts.ts": {
    textAt: "TEXTS_BYTES",
    unpackText: "TEXTS_BYTES",
    allTexts: "TEXTS_BYTES",
    lengthAt: "TEXTS_BYTES",
    widened: "TEXTS_BYTES",
  },
  "runtime/widen.ts": {
    __widen: ["TEXTS_BYTES", "65535 / 16 + 1", "254 / 8 + 1"],
  },
  "runtime/unpack.ts": {
    unpack: ["TEXTS_BYTES", "TEXTS_BYTES"],
    // Codes of at most 15 bits, for at most 276 symbols.
    "Code.constructor": ["276", "276", "15", "276"],
    "Code.next": "15",
    gamma: "15",
    bits: "16",
  },
};
