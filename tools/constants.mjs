/**
 * A compiler transform that puts all constants of the module into one data segment, where the heap begins. The guest's
 * first act is to write them to where they belong (assembly/runtime/widen.ts, which describes the form). Texts take one
 * byte a character there, where the compiler keeps them as UTF-16, each with its size before it. And a host
 * has to keep nothing about each segment: wazero 1.8.0 takes 24 bytes for one, in every guest.
 * Give it after no-collector.mjs, which decides how constants lie in memory.
 */
import { Compiler, MemorySegment } from "assemblyscript";

const NAME = "__widen";
/** In place of a text's length. */
const RAW = 254;
const DISTANCE = 255;
const ALIGN = 2;
/** A text's size. */
const HEADER = 4;
/** So many zeros are not worth writing. */
const ZEROS = 6;

const { ensureStaticStringPtr, initDefaultMemory } = Compiler.prototype;

/** What is stored of a text; null: it stays as it is. */
function narrowed(text) {
  const bytes = Buffer.from(text, "latin1");
  return bytes.length < RAW && bytes.toString("latin1") === text ? bytes : null;
}

/** The parts of a constant between longer runs of zeros, which memory has already. */
function partsOf({ start, bytes }) {
  const parts = [];
  let from = -1;
  let end = 0;
  bytes.forEach((byte, at) => {
    if (byte === 0) return;
    if (from >= 0 && at - end >= ZEROS) {
      parts.push({ start: start + from, bytes: bytes.subarray(from, end) });
      from = -1;
    }
    if (from < 0) from = at;
    end = at + 1;
  });
  if (from >= 0) parts.push({ start: start + from, bytes: bytes.subarray(from, end) });
  return parts;
}

const low = (number) => number & 255;
const high = (number) => (number >> 8) & 255;

/** `constants`: where each is to be, its bytes, and whether it is a text, whose characters they are. */
function described(constants) {
  const stream = [];
  let at = 0;
  for (const { start, bytes, isText } of constants.toSorted((a, b) => a.start - b.start)) {
    const distance = start - at;
    if (distance < -0x8000 || distance > 0x7fff) throw new Error("two constants are far apart");
    if (distance !== 0) stream.push(DISTANCE, low(distance), high(distance));
    if (isText) stream.push(bytes.length);
    else stream.push(RAW, low(bytes.length), high(bytes.length));
    stream.push(...bytes);
    const end = start + (isText ? HEADER + 2 * bytes.length : bytes.length);
    at = Math.ceil(end / ALIGN) * ALIGN;
  }
  return Uint8Array.from([...stream, DISTANCE, 0, 0]);
}

export default class {
  afterInitialize() {
    const texts = [];
    Compiler.prototype.ensureStaticStringPtr = function (text) {
      const isNew = !this.stringSegments.has(text);
      const pointer = ensureStaticStringPtr.call(this, text);
      const bytes = isNew ? narrowed(text) : null;
      if (bytes) {
        this.memorySegments.pop();
        texts.push({ start: i64_low(pointer) - HEADER, bytes, isText: true });
      }
      return pointer;
    };
    Compiler.prototype.initDefaultMemory = function (heap) {
      const others = this.memorySegments.map(({ offset, buffer }) => ({
        start: i64_low(offset),
        bytes: buffer,
      }));
      const constants = [...texts, ...others.flatMap(partsOf)];
      this.currentBody.unshift(widening(this, heap));
      this.memorySegments = [new MemorySegment(described(constants), heap)];
      initDefaultMemory.call(this, heap);
    };
  }
}

/** The call that goes before all other statements of the start function. */
function widening(compiler, heap) {
  const { module, program } = compiler;
  const widen = program.requireFunction(NAME);
  if (!compiler.compileFunction(widen)) throw new Error(`${NAME} does not compile`);
  return module.call(widen.internalName, [module.i32(i64_low(heap))], 0);
}
