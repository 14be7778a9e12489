/** Tables that tools/packed-data.mjs keeps in the code have the same numbers, as long as the guest lives. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compile } from "../vectors/compile.ts";

const NO_COLLECTOR = ["--transform", "./tools/no-collector.mjs"];
const PACKED = ["--transform", "./tools/packed-data.mjs"];

interface Exports {
  signed(index: number): number;
  wide(index: number): bigint;
  unsigned(index: number): number;
  firstUse(isRequest: number): void;
}

function load(name: string, ...more: string[]) {
  const options = [...NO_COLLECTOR, ...more];
  const bytes = readFileSync(
    compile("test/repo/data/entry.ts", `build/data-${name}.wasm`, ...options),
  );
  const module = new WebAssembly.Module(bytes);
  const start = () =>
    new WebAssembly.Instance(module, { env: { abort() {} } }).exports as unknown as Exports;
  return { bytes, start };
}

const numbers = (exports: Exports) => ({
  signed: Array.from({ length: 7 }, (_, i) => exports.signed(i)),
  wide: Array.from({ length: 4 }, (_, i) => BigInt.asUintN(64, exports.wide(i))),
  unsigned: Array.from({ length: 16 }, (_, i) => exports.unsigned(i) >>> 0),
});

const plain = load("plain");
const packed = load("packed", ...PACKED);
const expected = numbers(plain.start());

test("a table has the same numbers, at its first use and later", () => {
  assert.deepEqual(expected.signed.slice(0, 3), [-2147483648, -1, 0]);
  assert.deepEqual(expected.wide.slice(0, 2), [0x428a2f98d728ae22n, 0xffffffffffffffffn]);
  assert.equal(expected.unsigned[2], 0xc0ffee00);
  const exports = packed.start();
  assert.deepEqual(numbers(exports), expected);
  assert.deepEqual(numbers(exports), expected);
});

for (const [region, isRequest] of [
  ["the request's region", 1],
  ["the guest's region", 0],
] as const) {
  test(`it lasts if what was allocated in ${region} with it is released`, () => {
    const exports = packed.start();
    exports.firstUse(isRequest);
    assert.deepEqual(numbers(exports), expected);
  });
}

test("no guest has it in memory before", () => {
  const table = Buffer.from(Uint32Array.from([2, 3, 4, 5, 6, 7, 8, 9]).buffer);
  assert.ok(plain.bytes.includes(table));
  assert.ok(!packed.bytes.includes(table));
});
