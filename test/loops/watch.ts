/**
 * `node --import` this: wherever the program compiles one of LOOPS_MODULES (`module=counted,…`), the one with counted
 * loops takes its place. What they came to is written to a file of the folder LOOPS_COUNTS when the program ends.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { counted, type Loop, loopsOf, noCounts } from "./counted.ts";

const { LOOPS_COUNTS, LOOPS_MODULES } = process.env;
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const replacements = new Map(
  LOOPS_MODULES!.split(",").map((pair) => {
    const [original, replacement] = pair.split("=");
    return [digest(readFileSync(original!)), readFileSync(replacement!)];
  }),
);
const counts = noCounts();
const known = new WeakMap<WebAssembly.Module, (Loop | null)[] | null>();
const { Module, Instance } = WebAssembly;

class CountedModule extends Module {
  constructor(bytes: Uint8Array) {
    super(replacements.get(digest(bytes)) ?? bytes);
    known.set(this, loopsOf(this));
  }
}

/** `exports` is the class's own to answer: an accessor in the prototype, which types do not show. */
function CountedInstance(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
  const instance = new Instance(module, imports);
  const loops = known.get(module);
  return loops ? { exports: counted(instance.exports, loops, counts) } : instance;
}

Object.assign(WebAssembly, { Module: CountedModule, Instance: CountedInstance });

process.on("exit", () => {
  if (Object.keys(counts.calls).length === 0) return;
  writeFileSync(join(LOOPS_COUNTS!, `${process.pid}.json`), JSON.stringify(counts));
});
