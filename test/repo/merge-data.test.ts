/** tools/merge-data.mjs changes how a module's memory is written down, and nothing else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const { mergeData } = (await import(pathToFileURL("tools/merge-data.mjs").href)) as {
  mergeData(module: Uint8Array): Buffer;
};

/** A module that exports its memory; each segment: where it begins, and its bytes. */
function moduleOf(segments: [number, number[]][]): Buffer {
  const number = (value: number, last: number) => {
    const bytes: number[] = [];
    for (; value > last; value >>>= 7) bytes.push((value & 127) | 128);
    return [...bytes, value];
  };
  const vector = (bytes: number[]) => [...number(bytes.length, 127), ...bytes];
  const data = segments.flatMap(([start, bytes]) => [
    ...[0, 0x41, ...number(start, 63), 0x0b],
    ...vector(bytes),
  ]);
  return Buffer.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[5, 3, 1, 0, 1],
    ...[7, 5, 1, 1, 0x6d, 2, 0],
    ...[11, ...vector([...number(segments.length, 127), ...data])],
  ]);
}

function memoryOf(module: Uint8Array<ArrayBuffer>): Buffer {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  return Buffer.from((exports.m as WebAssembly.Memory).buffer);
}

const filled = (length: number, value: number) => Array.from({ length }, () => value);

test("memory is the same, in fewer bytes", () => {
  for (const segments of [
    [],
    [[0, [1, 2, 3]]],
    [
      [8, [1]],
      [9, [2]],
      [14, [3]],
    ],
    // Not in order; far apart; of lengths whose numbers take one, two and three bytes.
    [
      [60_000, filled(130, 4)],
      [63, filled(65, 5)],
      [200, filled(20_000, 6)],
      [64_000, filled(1_536, 7)],
    ],
    Array.from({ length: 300 }, (_, i): [number, number[]] => [i * 13, filled(10, i & 255)]),
    Array.from({ length: 100 }, (_, i): [number, number[]] => [i * 500, [i, 0, i]]),
  ] as [number, number[]][][]) {
    const before = Buffer.from(moduleOf(segments));
    const after = Buffer.from(mergeData(before));
    assert.ok(memoryOf(after).equals(memoryOf(before)));
    assert.ok(after.length <= before.length);
    assert.ok(mergeData(after).equals(after));
  }
});

test("what it does not know it does not touch", () => {
  const passive = moduleOf([[0, [1]]]);
  passive[passive.indexOf(11) + 3] = 1;
  assert.throws(() => mergeData(passive), /segment of another kind/);
});
