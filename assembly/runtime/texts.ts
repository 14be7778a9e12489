/**
 * Long texts of the source, which tools/packed-texts.mjs removes from it and packs in blocks
 * (pack.mjs). A text is unpacked at its first use and then lasts as long as the guest, as a
 * constant would.
 */
import { lasting, mark, release, request } from "./arena";
import { CodeData } from "./code-data";
import { unpack, unpackedSize } from "./unpack";

/** A text that was used. They are few, and no decision needs one: so they are a list. */
@unmanaged
@final
class Used {
  constructor(
    readonly index: i32,
    readonly text: usize,
    readonly next: Used | null,
  ) {}
}

let used: Used | null = null;

/**
 * `put`: writes a block, which takes `room` bytes at most and holds `perBlock` texts, each ended by
 * 0; all characters are below U+0100.
 */
export function textAt(put: (block: i32) => void, room: i32, perBlock: i32, index: i32): string {
  for (let it = used; it; it = it!.next) {
    if (it.index == index) return changetype<string>(it.text);
  }
  return changetype<string>(unpackText(put, room, perBlock, index));
}

/** Unpacks all of the text's block into the request's region, and releases that. */
function unpackText(put: (block: i32) => void, room: i32, perBlock: i32, index: i32): usize {
  const before = request.enter();
  const start = mark();
  let from = unpackBlock(put, room, index / perBlock);
  for (let place = index % perBlock; place > 0; from++) if (load<u8>(from) == 0) place--;
  lasting.enter();
  const text = widened(from, lengthAt(from));
  used = new Used(index, text, used);
  request.enter();
  release(start);
  before.enter();
  return text;
}

/** Unpacks a block of so many texts; returns where their addresses are. */
export function allTexts(put: (block: i32) => void, room: i32, block: i32, count: i32): usize {
  const before = request.enter();
  const start = mark();
  let from = unpackBlock(put, room, block);
  lasting.enter();
  const texts = heap.alloc(count << 2);
  for (let i = 0; i < count; i++) {
    const length = lengthAt(from);
    store<usize>(texts + ((<usize>i) << 2), widened(from, length));
    from += length + 1;
  }
  request.enter();
  release(start);
  before.enter();
  return texts;
}

/** In the active region. */
function unpackBlock(put: (block: i32) => void, room: i32, block: i32): usize {
  const from = heap.alloc(room);
  CodeData.write(put, block, from);
  const to = heap.alloc(unpackedSize(from));
  unpack(from, to);
  return to;
}

function lengthAt(from: usize): i32 {
  let length = 0;
  while (load<u8>(from + length) != 0) length++;
  return length;
}

function widened(from: usize, length: i32): usize {
  const text = __new(2 * length, idof<String>());
  for (let i = 0; i < length; i++) store<u16>(text + 2 * i, load<u8>(from + i));
  return text;
}
