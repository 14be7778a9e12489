/** The texts of packed-table.ts: blocks of lines that runtime/pack.mjs packed. */
import { CodeData } from "../runtime/code-data";
import { unpack as unpackTo, unpackedSize } from "../runtime/unpack";
import { Bytes } from "../text/bytes";
import { putBlock, ROOM } from "./packed-table";
import { LINE_END } from "./slot";

/** The order of the blocks: what all pages have in common, then each language. */
export enum Block {
  Common,
  Languages,
}

/** The lines of the common block. */
export enum Line {
  Frame,
  /** Error codes of a provider's, and the page of each. */
  Errors,
  /** What all pages are sent with. */
  Headers,
  /** By kind: what the page is made of. */
  Pages,
}

/** A line of a text. */
export function lineOf(text: Bytes, number: i32): Bytes {
  return partOf(text, number, LINE_END);
}

/** A part of a text whose parts end with `end`. */
export function partOf(text: Bytes, number: i32, end: u8): Bytes {
  let from = 0;
  for (; number > 0; number--) from = text.indexOf(end, from) + 1;
  const to = text.indexOf(end, from);
  return text.slice(from, to < 0 ? text.length : to);
}

/** The text of a block. */
export function unpack(block: i32): Bytes {
  const packed = heap.alloc(ROOM);
  CodeData.write(putBlock, block, packed);
  const text = Bytes.room(unpackedSize(packed));
  unpackTo(packed, text.start);
  return text;
}
