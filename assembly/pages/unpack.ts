/**
 * Unpacks the texts of packed-table.ts, which generate.mjs packed by byte pairs: each byte is
 * itself or two others.
 */
import { Bytes } from "../text/bytes";
import { Output } from "./output";
import { PACKED, PACKED_BYTES, PAIRS } from "./packed-table";

/** The order of the texts. Pages follow: by kind, then by language. */
export enum Text {
  Headers,
  Errors,
  Frame,
  Pages,
}

/** Enough bytes for most texts. */
const ROOM = 2048;

/** The text at a position of the order. */
export function unpack(index: i32): Bytes {
  const packed = new Bytes(PACKED, PACKED_BYTES);
  let from = 0;
  for (; index > 0; index--) from = packed.indexOf(0, from) + 1;
  const out = new Output(ROOM);
  for (; packed.at(from) != 0; from++) expand(packed.at(from), out);
  return out.all;
}

function expand(code: u32, out: Output): void {
  const first = load<u8>(PAIRS + 2 * code);
  const second = load<u8>(PAIRS + 2 * code, 1);
  // A pair's bytes are defined before the pair, so this ends.
  if (second == 0) return out.byte(first);
  expand(first, out);
  expand(second, out);
}
