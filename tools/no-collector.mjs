/**
 * A compiler transform that says that there is no garbage collector. The compiler takes every custom runtime for one
 * that traces references, and adds a shadow stack for it to find them on. The guest's runtime has regions instead
 * (assembly/runtime/arena.ts): the stack would be a third of the code and 32 KiB of each guest's memory (measured).
 */
const STUB = 0;

export default class {
  afterInitialize(program) {
    program.options.runtime = STUB;
    program.options.stackSize = 0;
    program.module.useShadowStack = false;
  }
}
