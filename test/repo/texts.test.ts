/** What tools/ does to constant texts changes none, nor how long it lasts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compile } from "../vectors/compile.ts";

interface Entry {
  memory: WebAssembly.Memory;
  count(): number;
  text(index: number): number;
  nextRequest(bytes: number): void;
  allocated(index: number): number;
}

const ENTRY = "test/repo/texts/entry.ts";

function build(name: string, ...transforms: string[]): string {
  const options = transforms.flatMap((it) => ["--transform", `./tools/${it}.mjs`]);
  return compile(ENTRY, `build/texts-${name}.wasm`, "--exportRuntime", ...options);
}

const PLAIN = build("plain");
const PACKED = build("packed", "no-collector", "packed-texts");
const NARROW = build("narrow", "no-collector", "constants");
const BOTH = build("both", "no-collector", "constants", "packed-texts");

function load(path: string) {
  const bytes = readFileSync(path);
  const module = new WebAssembly.Module(bytes);
  const { exports } = new WebAssembly.Instance(module, { env: { abort() {} } });
  const entry = exports as unknown as Entry;
  const addresses = () => Array.from({ length: entry.count() }, (_, index) => entry.text(index));
  /** Before a text is its size, and nothing else that is asked for. */
  const read = (at: number) => {
    const { buffer } = entry.memory;
    return Buffer.from(buffer, at, new DataView(buffer).getUint32(at - 4, true)).toString(
      "utf16le",
    );
  };
  return { bytes, entry, addresses, read };
}

const plain = load(PLAIN);
const expected = plain.addresses().map(plain.read);

test("every text is the same, at its first use and at its second", () => {
  assert.ok(expected.length > 30 && expected.every((text) => text.length > 0));
  for (const path of [PACKED, NARROW, BOTH]) {
    const { addresses, read } = load(path);
    assert.deepEqual(addresses().map(read), expected);
    assert.deepEqual(addresses().map(read), expected);
  }
});

test("a text takes one byte a character in the module, and two if it goes beyond Latin-1", () => {
  const { bytes } = load(NARROW);
  const [wide, narrow] = (["utf16le", "latin1"] as const).map(
    (encoding) => (text: string) => bytes.includes(Buffer.from(text, encoding)),
  );
  const beyond = (text: string) => /[^\0-\xff]/.test(text);
  assert.ok(expected.some(beyond));
  for (const text of ["Twice the same text, at one address", "Latin1ÄÖÜßÿ\0\xff", "12 letters: "]) {
    assert.ok(expected.includes(text) && narrow!(text) && !wide!(text), text);
  }
  const whole = expected.find((text) => text.startsWith("beyond it"))!;
  // A zero at the end is there already.
  assert.ok(beyond(whole) && wide!(whole.slice(0, -1)), whole);
});

test("the constants are one data segment", () => {
  for (const path of [NARROW, BOTH, "plugin.wasm"]) assert.equal(segmentsOf(readFileSync(path)), 1);
  assert.ok(segmentsOf(plain.bytes) > 10);
});

const DATA = 11;

/** How many data segments a module has. */
function segmentsOf(module: Buffer): number {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++]!;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const id = module[at++];
    const end = number() + at;
    if (id === DATA) return number();
    at = end;
  }
}

test("a text lasts as long as the guest, whichever region was active when it was unpacked", () => {
  const { entry, read } = load(PACKED);
  const index = expected.indexOf("Inside a namespace: is it found?");
  const address = entry.text(index);
  for (let i = 0; i < 3; i++) entry.nextRequest(20_000);
  assert.equal(read(address), expected[index]);
  assert.equal(entry.text(index), address);
});

test("equal texts are one, and nothing of the active region is taken for any", () => {
  const { entry } = load(PACKED);
  const index = expected.indexOf("Twice the same text, at one address");
  assert.equal(entry.text(index), entry.text(index + 1));
  const other = expected.indexOf("What a case returns, of one length");
  assert.equal(load(PACKED).entry.allocated(other), 0);
});

test("of texts that only a seldom folder has, the first that is used unpacks all, for good", () => {
  const { bytes, entry, read } = load(PACKED);
  const has = (text: string) => bytes.includes(Buffer.from(text, "utf16le"));
  const seldom = ["onlyInThisFolder", "onlyHereToo", "onlyInThisFolder_joined"];
  for (const text of [...seldom, "atTheTopOfTheFile"]) assert.ok(!has(text), text);
  assert.ok(has("NamesOfOptionsAreUsedByEveryGuest"));
  const indices = seldom.map((text) => expected.indexOf(text));
  const addresses = indices.map((index) => entry.text(index));
  entry.nextRequest(20_000);
  assert.deepEqual(addresses.map(read), seldom);
  assert.deepEqual(
    indices.map((index) => entry.text(index)),
    addresses,
  );
});

test("texts that a guest may never need are packed, short ones and constant tables are not", () => {
  const { bytes } = load(PACKED);
  const has = (text: string) => bytes.includes(Buffer.from(text, "utf16le"));
  for (const text of [
    "12 letters: ",
    "NamesOfOptionsAreUsedByEveryGuest",
    "In a table of constants it is one, too.",
    "A list of constants within a function",
    "beyond it: → … “quoted”",
    "A list that functions use in other ways",
    ...["usedElsewhere", " usable: "],
  ]) {
    assert.ok(has(text), text);
  }
  for (const text of [
    ...["12 letters on", "What a case returns", "so nested", "within it"],
    ...["tooMany", " or more, of "],
    ...[
      "At the top level of a file",
      " two parts: one constant.",
      "A list that functions use by number",
      "A constant that another file has exported",
    ],
  ]) {
    assert.ok(plain.bytes.includes(Buffer.from(text, "utf16le")), text);
    assert.ok(!has(text), text);
  }
});
