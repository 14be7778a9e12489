/**
 * A guest that can be made to trap at any host call of its handle_response: a response of the upstream with the header
 * `X-Trap: 07` makes the seventh a trap. Between two of them nothing changes for the host, so these are all the steps.
 */
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "assemblyscript/binaryen";

const IMPORT = /\(import "\w+" "(\w+)" \(func (\$\S+) \(type \S+\)((?: \([^()]*\))*)\)\)/g;
/** `x-trap`, little-endian, as a name; its two digits come right behind. */
const NAME = `0x${[..."x-trap"]
  .map((c) => c.charCodeAt(0).toString(16))
  .reverse()
  .join("")}`;

/** Writes the changed module to `output`. */
export function writeTrapping(wasm: string, output: string): void {
  const original = binaryen.readBinary(readFileSync(wasm));
  original.setFeatures(binaryen.Features.All);
  const changed = binaryen.parseText(instrumented(original.emitText()));
  changed.setFeatures(binaryen.Features.All);
  if (!changed.validate()) throw new Error("the trapping guest is no valid module");
  writeFileSync(output, changed.emitBinary());
  original.dispose();
  changed.dispose();
}

function instrumented(text: string): string {
  const imports = [...text.matchAll(IMPORT)].map(([, name, id, signature]) => ({
    name: name!,
    id: id!,
    signature: signature!,
  }));
  const values = imports.find(({ name }) => name === "get_header_values")?.id;
  const handler = /\(export "handle_response" \(func (\$\S+)\)\)/.exec(text)?.[1];
  if (!values || !handler) throw new Error("the guest is not of the form that was expected");
  let result = text;
  for (const { id } of imports) {
    result = result.replaceAll(`(call ${id}\n`, `(call $step${id.slice(1)}\n`);
    result = result.replaceAll(`(call ${id})`, `(call $step${id.slice(1)})`);
  }
  result = result.replace(
    `(export "handle_response" (func ${handler}))`,
    '(export "handle_response" (func $armed_handle_response))',
  );
  const end = result.lastIndexOf(")");
  return result.slice(0, end) + imports.map(wrapper).join("") + arming(values, handler) + ")";
}

function wrapper({ id, signature }: { id: string; signature: string }): string {
  const count = /\(param ([^)]*)\)/.exec(signature)?.[1]?.split(" ").length ?? 0;
  const args = Array.from({ length: count }, (_, i) => `(local.get ${i})`).join(" ");
  return `(func $step${id.slice(1)} ${signature} (call $count_down) (call ${id} ${args}))\n`;
}

/** The first sixteen bytes of memory are borrowed for the header. */
function arming(values: string, handler: string): string {
  const digit = (at: number) => `(i32.sub (i32.load8_u (i32.const ${at})) (i32.const 48))`;
  return `
  (global $left (mut i32) (i32.const 0))
  (func $count_down
    (if (i32.eqz (global.get $left)) (then (return)))
    (global.set $left (i32.sub (global.get $left) (i32.const 1)))
    (if (i32.eqz (global.get $left)) (then (unreachable))))
  (func $armed_handle_response (param i32 i32) (local i64 i64)
    (local.set 2 (i64.load (i32.const 0)))
    (local.set 3 (i64.load (i32.const 8)))
    (i64.store (i32.const 0) (i64.const ${NAME}))
    (if (i64.ne (i64.const 0) (call ${values} (i32.const 1) (i32.const 0) (i32.const 6) (i32.const 8) (i32.const 8)))
      (then (global.set $left (i32.add (i32.mul (i32.const 10) ${digit(8)}) ${digit(9)}))))
    (i64.store (i32.const 0) (local.get 2))
    (i64.store (i32.const 8) (local.get 3))
    (call ${handler} (local.get 0) (local.get 1))
    (global.set $left (i32.const 0)))
`;
}
