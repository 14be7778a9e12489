/** Reads the code of a WebAssembly module, instruction by instruction (WebAssembly core specification 2.0, §5.4). */

/** Magic and version. */
const HEADER = 8;
const CUSTOM = 0;
const CODE = 10;
/** The subsection of the custom section `name` (§7.4.1). */
const FUNCTION_NAMES = 1;
const BULK = 0xfc;
const SIMD = 0xfd;

/** Of the prefix 0xfc: what follows the number of each instruction, and its name. */
const BULK_NAMES: Record<number, [immediates: number, name: string]> = {
  8: [2, "memory.init"],
  9: [1, "data.drop"],
  10: [2, "memory.copy"],
  11: [1, "memory.fill"],
  12: [2, "table.init"],
  13: [1, "elem.drop"],
  14: [2, "table.copy"],
  15: [1, "table.grow"],
  16: [1, "table.size"],
  17: [1, "table.fill"],
};
const LAST_SATURATING = 7;

/** Opcodes with immediates, as ranges; all others have none. */
const IMMEDIATES: [from: number, to: number, numbers: number][] = [
  [0x02, 0x04, 1], // block, loop, if
  [0x0c, 0x0d, 1], // br, br_if
  [0x10, 0x10, 1], // call
  [0x11, 0x11, 2], // call_indirect
  [0x12, 0x12, 1], // return_call
  [0x13, 0x13, 2], // return_call_indirect
  [0x20, 0x26, 1], // locals, globals, table.get, table.set
  [0x28, 0x3e, 2], // loads and stores
  [0x3f, 0x42, 1], // memory.size, memory.grow, i32.const, i64.const
  [0xd0, 0xd0, 1], // ref.null
  [0xd2, 0xd2, 1], // ref.func
];

export interface Found {
  /** Its name in the source, or its index where the module holds no names. */
  function: string;
  instruction: string;
}

/**
 * Every instruction of the bulk memory proposal, in the order of the code.
 * Throws on what is no module, and on an instruction that it cannot read.
 */
export function bulkInstructions(bytes: Uint8Array): Found[] {
  const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
  const imports = WebAssembly.Module.imports(module).filter(({ kind }) => kind === "function");
  const names = new Map<number, string>();
  const found: { index: number; instruction: string }[] = [];
  const reader = new Reader(bytes, HEADER);
  while (reader.at < bytes.length) {
    const section = reader.byte();
    const end = reader.number() + reader.at;
    if (section === CODE) {
      const count = reader.number();
      for (let i = 0; i < count; i++) {
        const index = imports.length + i;
        found.push(...reader.body().map((instruction) => ({ index, instruction })));
      }
    }
    if (section === CUSTOM && reader.text() === "name") reader.functionNames(end, names);
    reader.at = end;
  }
  return found.map(({ index, instruction }) => ({
    function: names.get(index) ?? `${index}`,
    instruction,
  }));
}

class Reader {
  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    if (this.at >= this.bytes.length) throw new Error("the module ends too early");
    return this.bytes[this.at++]!;
  }

  /** An unsigned LEB128 number. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  /** One function: the instructions of bulk memory in it. */
  body(): string[] {
    const found: string[] = [];
    const end = this.number() + this.at;
    for (let groups = this.number(); groups > 0; groups--) this.skip(2);
    while (this.at < end) {
      const instruction = this.instruction();
      if (instruction) found.push(instruction);
    }
    if (this.at !== end) throw new Error(`the function that ends at ${end} was read wrongly`);
    return found;
  }

  functionNames(end: number, into: Map<number, string>): void {
    while (this.at < end) {
      const kind = this.byte();
      const next = this.number() + this.at;
      if (kind === FUNCTION_NAMES) {
        for (let count = this.number(); count > 0; count--) into.set(this.number(), this.text());
      }
      this.at = next;
    }
  }

  /** Passes over LEB128 numbers, signed or not. */
  skip(numbers: number): void {
    for (let i = 0; i < numbers; i++) while (this.byte() >= 0x80);
  }

  /** Passes over one instruction; its name if it is one of the bulk memory proposal. */
  instruction(): string | null {
    const opcode = this.byte();
    if (opcode === BULK) return this.bulk();
    if (opcode === SIMD) this.vector();
    else if (opcode === 0x0e || opcode === 0x1c) this.list(opcode === 0x0e ? 1 : 0);
    else if (opcode === 0x43) this.at += 4;
    else if (opcode === 0x44) this.at += 8;
    else {
      const row = IMMEDIATES.find(([from, to]) => opcode >= from && opcode <= to);
      if (row) this.skip(row[2]);
    }
    return null;
  }

  /** br_table: labels and one more; select with types. */
  private list(more: number): void {
    this.skip(this.number() + more);
  }

  private bulk(): string | null {
    const number = this.number();
    if (number <= LAST_SATURATING) return null;
    const row = BULK_NAMES[number];
    if (!row) throw new Error(`0xfc ${number} is no instruction`);
    this.skip(row[0]);
    return row[1];
  }

  private vector(): void {
    const number = this.number();
    const lane = (number >= 21 && number <= 34) || (number >= 84 && number <= 91);
    if (number <= 11 || (number >= 84 && number <= 93)) this.skip(2);
    if (number === 12 || number === 13) this.at += 16;
    if (lane) this.at += 1;
  }
}
