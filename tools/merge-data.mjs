/**
 * Merges a module's data segments. The compiler makes one of each constant, more than a thousand, and each takes seven
 * bytes or so to say where it begins; the zeros between two are fewer, as a rule. Memory is the same.
 */
import { readFileSync, writeFileSync } from "node:fs";

const PREAMBLE = 8;
const DATA = 11;
/** How many segments there are: only `memory.init` needs it, which names a segment, and no module here has that. */
const DATA_COUNT = 12;
const I32_CONST = 0x41;
const END = 0x0b;

class Reader {
  at = PREAMBLE;

  constructor(bytes) {
    this.bytes = bytes;
  }

  /** LEB128; a signed one that is not negative reads the same. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  expect(byte) {
    if (this.bytes[this.at++] !== byte) throw new Error("a data segment of another kind");
  }

  take(length) {
    return this.bytes.subarray(this.at, (this.at += length));
  }
}

/** `last`: the largest value of the last byte: 63 where a sign would be read from it. */
function encoded(value, last = 127) {
  const bytes = [];
  for (; value > last; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

const headOf = ({ start, end }) => [
  ...[0, I32_CONST, ...encoded(start, 63), END],
  ...encoded(end - start),
];
const sizeOf = (segment) => headOf(segment).length + segment.end - segment.start;

function merged(segments) {
  const result = [];
  for (const segment of segments.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    const both = last && {
      start: last.start,
      end: segment.end,
      parts: [...last.parts, ...segment.parts],
    };
    if (both && sizeOf(both) <= sizeOf(last) + sizeOf(segment)) result.splice(-1, 1, both);
    else result.push(segment);
  }
  return result;
}

function section(reader) {
  const segments = Array.from({ length: reader.number() }, () => {
    reader.expect(0);
    reader.expect(I32_CONST);
    const start = reader.number();
    reader.expect(END);
    const bytes = reader.take(reader.number());
    return { start, end: start + bytes.length, parts: [{ start, bytes }] };
  });
  const all = merged(segments);
  const bodies = all.map((segment) => {
    const body = Buffer.alloc(segment.end - segment.start);
    for (const { start, bytes } of segment.parts) body.set(bytes, start - segment.start);
    return Buffer.concat([Buffer.from(headOf(segment)), body]);
  });
  return Buffer.concat([Buffer.from(encoded(all.length)), ...bodies]);
}

/** The module with its data in fewer segments. */
export function mergeData(module) {
  const reader = new Reader(module);
  const sections = [module.subarray(0, PREAMBLE)];
  while (reader.at < module.length) {
    const id = module[reader.at++];
    const length = reader.number();
    const end = reader.at + length;
    const body = id === DATA ? section(reader) : reader.take(length);
    if (reader.at !== end) throw new Error("a section of another length");
    if (id === DATA_COUNT) continue;
    sections.push(Buffer.from([id, ...encoded(body.length)]), body);
  }
  return Buffer.concat(sections);
}

export function mergeDataOf(file) {
  writeFileSync(file, mergeData(readFileSync(file)));
}
