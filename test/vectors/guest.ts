/** The guest's cryptography for tests: test/vectors/entry.ts, compiled, and its exports wrapped. */
import { readFileSync } from "node:fs";
import { instantiateSync } from "@assemblyscript/loader";
import { compile } from "./compile.ts";

/** Compiled when it has to be. */
export const vectorsWasm = () =>
  compile("test/vectors/entry.ts", "build/vectors.wasm", "--exportRuntime");
const WASM = vectorsWasm();

/** In the order of KeyProblem in assembly/jose/key.ts. */
export const PROBLEMS = [
  "None",
  "Unsupported",
  "Symmetric",
  "Private",
  "TooWeak",
  "TooLarge",
  "Malformed",
  "NotOnCurve",
  "BadExponent",
  "Breakable",
] as const;
export type Problem = (typeof PROBLEMS)[number] | "NotJson";

interface Loader {
  __newArrayBuffer(bytes: ArrayBuffer): number;
  __getArrayBuffer(pointer: number): ArrayBuffer;
  __getString(pointer: number): string;
}

type Exports = Record<string, (...args: (number | bigint)[]) => number>;
export type Argument = Uint8Array | number | bigint | string;

export class Guest {
  readonly #exports: Exports;
  readonly #loader: Loader;
  readonly memory: WebAssembly.Memory;

  constructor(wasm = WASM) {
    const { exports } = instantiateSync(readFileSync(wasm));
    this.#exports = exports as unknown as Exports;
    this.#loader = exports as unknown as Loader;
    this.memory = exports.memory as WebAssembly.Memory;
    this.call("clear");
  }

  /** Calls an export; byte arguments are copied in. Afterwards the request region is cleared. */
  call<T = number>(
    name: string,
    args: Argument[] = [],
    read: (result: number) => T = (result) => result as T,
  ): T {
    const passed = args.map((arg) => {
      if (typeof arg === "number" || typeof arg === "bigint") return arg;
      const bytes = typeof arg === "string" ? Buffer.from(arg) : arg;
      return this.#loader.__newArrayBuffer(Uint8Array.from(bytes).buffer);
    });
    const run = this.#exports[name];
    if (!run) throw new Error(`no export ${name}`);
    const result = read(run(...passed));
    this.#exports.clear!();
    return result;
  }

  bytes(name: string, ...args: Argument[]): Buffer {
    return this.call(name, args, (at) => this.read(at));
  }

  /** The same where the result may be null. */
  bytesOrNull(name: string, ...args: Argument[]): Buffer | null {
    return this.call(name, args, (at) => (at === 0 ? null : this.read(at)));
  }

  /** The bytes that a result points to. */
  read(at: number): Buffer {
    return Buffer.from(this.#loader.__getArrayBuffer(at));
  }

  text(name: string, ...args: Argument[]): string {
    return this.call(name, args, (at) => this.#loader.__getString(at));
  }

  /** Imports a key, as JSON text, a JWK or a PEM. */
  import(key: string | object): { problem: Problem; key: VectorKey } {
    const text = typeof key === "string" ? key : JSON.stringify(key);
    const code = this.call(text.trimStart().startsWith("{") ? "jwk" : "pem", [text]);
    const problem = code < 0 ? "NotJson" : PROBLEMS[code]!;
    return { problem, key: new VectorKey(this, problem === "None" ? this.call("current") : 0) };
  }

  /** Imports a key that has to be fine. */
  key(key: string | object): VectorKey {
    const imported = this.import(key);
    if (imported.problem !== "None") throw new Error(`key refused: ${imported.problem}`);
    return imported.key;
  }

  /** A key of shared bytes; with `only`, of that one algorithm, or null when that is not for shared bytes. */
  secret(bytes: Uint8Array, only?: string): VectorKey | null {
    const key = new VectorKey(this, this.call("symmetric", [bytes]));
    return only === undefined || key.allows(only) ? key : null;
  }

  /** Forgets all imported keys. */
  clearKeys(): void {
    this.call("clearKeys");
  }
}

export class VectorKey {
  constructor(
    readonly guest: Guest,
    readonly handle: number,
  ) {}

  get id(): string {
    return this.guest.bytes("id", this.handle).toString();
  }

  allows(algorithm: string): boolean {
    return this.guest.call("allows", [this.handle, algorithm]) === 1;
  }

  verify(algorithm: string, input: Uint8Array | string, signature: Uint8Array): boolean {
    return this.guest.call("verify", [this.handle, algorithm, input, signature]) === 1;
  }
}
