/**
 * A compiler transform that halves what constant texts take in the module. The compiler keeps them as UTF-16, each with
 * its class and size before it; here they are stored with one byte a character, in one data segment where the heap
 * begins, and the guest's first act is to write them to where they belong (assembly/runtime/widen.ts, which describes
 * the form). Give it after no-collector.mjs, which decides how constants lie in memory. Texts beyond Latin-1 stay.
 */
import { Compiler, MemorySegment } from "assemblyscript";

const NAME = "__widen";
/** In place of a length. */
const DISTANCE = 255;
const WORD = 4;
/** A text's class and size. */
const HEADER = 8;

const { ensureStaticStringPtr, initDefaultMemory } = Compiler.prototype;

/** What is stored of a text; null: it stays. */
function narrowed(text) {
  const bytes = Buffer.from(text, "latin1");
  return bytes.length < DISTANCE && bytes.toString("latin1") === text ? bytes : null;
}

/** `texts`: the bytes of each and where it is to be, in that order. */
function described(texts) {
  const stream = [];
  let at = texts[0].start;
  for (const { start, bytes } of texts) {
    const words = (start - at) / WORD;
    if (words > 0) stream.push(DISTANCE, words & 255, words >> 8);
    stream.push(bytes.length, ...bytes);
    at = start + HEADER + Math.ceil((2 * bytes.length) / WORD) * WORD;
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
        texts.push({ start: i64_low(pointer) - HEADER, bytes });
      }
      return pointer;
    };
    Compiler.prototype.initDefaultMemory = function (heap) {
      if (texts.length > 0) this.currentBody.unshift(widening(this, heap, texts[0].start));
      if (texts.length > 0) this.memorySegments.push(new MemorySegment(described(texts), heap));
      initDefaultMemory.call(this, heap);
    };
  }
}

/** The call that goes before all other statements of the start function. */
function widening(compiler, heap, to) {
  const { module, program } = compiler;
  const widen = program.requireFunction(NAME);
  if (!compiler.compileFunction(widen)) throw new Error(`${NAME} does not compile`);
  const values = [module.i32(i64_low(heap)), module.i32(to)];
  return module.call(widen.internalName, values, 0);
}
