/**
 * A compiler transform that says that there is no garbage collector. The compiler takes every custom runtime for one
 * that traces references, and adds a shadow stack for it to find them on. The guest's runtime has regions instead
 * (assembly/runtime/arena.ts): the stack would be a third of the code and 32 KiB of each guest's memory (measured).
 * Nor do constants get room for a collector and an allocator to keep their books in: before each of some 600 texts
 * that would be 12 bytes, and as many again to round its size up to what an allocator gives. A text has no class, either.
 */
import { Compiler, MemorySegment } from "assemblyscript";

const STUB = 0;
/** What no reader of a constant looks at: what comes before its class and its size; of a text its class, too. */
const BOOKS = 12;
const CLASS = 4;
/** Alignment to characters, because WebAssembly reads at any address. */
const ALIGN = 2;

/** In place of the compiler's method of that name: where a constant object goes, and what of it. */
function addRuntimeMemorySegment(object) {
  const { program } = this;
  const field = (name) =>
    new DataView(object.buffer).getUint32(program.OBJECTInstance.offsetof(name), true);
  const books = BOOKS + (field("rtId") === program.stringInstance.id ? CLASS : 0);
  const kept = object.subarray(books, program.totalOverhead + field("rtSize"));
  const start = i64_align(this.memoryOffset, ALIGN);
  this.memoryOffset = i64_add(start, i64_new(kept.length));
  this.memorySegments.push(new MemorySegment(kept, start));
  // The compiler counts from where the whole of it would begin, and may still write into it: both have its bytes.
  return new MemorySegment(object, i64_sub(start, i64_new(books)));
}

export default class {
  afterInitialize(program) {
    program.options.runtime = STUB;
    // The standard library then zeroes its own buffers, and the guest's runtime need not zero every object.
    const runtime = program.elementsByName.get("ASC_RUNTIME");
    runtime.setConstantIntegerValue(i64_new(STUB), runtime.type);
    program.options.stackSize = 0;
    program.module.useShadowStack = false;
    Compiler.prototype.addRuntimeMemorySegment = addRuntimeMemorySegment;
  }
}
