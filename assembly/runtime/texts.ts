/**
 * Long texts of the source, which tools/packed-texts.mjs removes from it and packs by byte pairs
 * (pages/pack.mjs). A text is unpacked at its first use and then lasts as long as the guest, as a
 * constant would.
 */
import { guest } from "./arena";

/**
 * `slots`: for each text 0, then its address. `packed`: all texts, each ended by 0. Characters are
 * below U+0100.
 */
export function textAt(slots: usize, packed: usize, pairs: usize, index: i32): string {
  const slot = slots + 4 * index;
  if (load<u32>(slot) == 0) store<u32>(slot, <u32>changetype<usize>(unpack(packed, pairs, index)));
  return changetype<string>(<usize>load<u32>(slot));
}

function unpack(packed: usize, pairs: usize, index: i32): string {
  let from = packed;
  for (; index > 0; from++) if (load<u8>(from) == 0) index--;
  let length = 0;
  for (let at = from; load<u8>(at) != 0; at++) length += lengthOf(load<u8>(at), pairs);
  const before = guest.enter();
  const text = __new(2 * length, idof<String>());
  before.enter();
  let to = text;
  for (let at = from; load<u8>(at) != 0; at++) to = expand(load<u8>(at), pairs, to);
  return changetype<string>(text);
}

/**
 * A pair's bytes are defined before the pair, so the recursion ends; a byte that is not a pair has
 * 0 as its second byte.
 */
function lengthOf(code: u32, pairs: usize): i32 {
  const second = load<u8>(pairs + 2 * code, 1);
  if (second == 0) return 1;
  return lengthOf(load<u8>(pairs + 2 * code), pairs) + lengthOf(second, pairs);
}

/** Writes the text of a byte, and returns the address after it. */
function expand(code: u32, pairs: usize, to: usize): usize {
  const first = load<u8>(pairs + 2 * code);
  const second = load<u8>(pairs + 2 * code, 1);
  if (second != 0) return expand(second, pairs, expand(first, pairs, to));
  store<u16>(to, first);
  return to + 2;
}
