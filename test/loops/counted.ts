/**
 * The exports of a module whose loops are counted (count-loops.mjs), each call of one counted by itself. A loop that
 * turns too often ends the call, and the error names it.
 */

export interface Loop {
  file: string;
  name: string;
  /** In its function, from 1. */
  nth: number;
  line: number;
  bound: { text: string; most: number };
}

/** What calls came to. */
export interface Counts {
  /** Loop -> the most turns in a row, the most in one call. */
  loops: Record<string, [number, number]>;
  /** Export -> the most turns of all loops in a call of it. */
  calls: Record<string, number>;
  /** Loops that turned too often. */
  exceeded: string[];
}

export const noCounts = (): Counts => ({ loops: {}, calls: {}, exceeded: [] });

/** Bytes from where `loops()` points to. */
export const sizeOf = (loops: unknown[]): number => 4 * (HEAD + 2 * loops.length);

/** Words before those of the first loop: the number of one that exceeds its bound, from 1; nothing; all turns. */
const HEAD = 4;

type Exports = Record<string, unknown>;

/** The loops by number, null for one that is not compiled; null: nothing is counted in this module. */
export function loopsOf(module: WebAssembly.Module): (Loop | null)[] | null {
  const { customSections } = WebAssembly.Module as unknown as {
    customSections(module: WebAssembly.Module, name: string): ArrayBuffer[];
  };
  const [section] = customSections(module, "loops");
  return section ? JSON.parse(Buffer.from(section).toString()) : null;
}

export const nameOf = ({ file, name, nth }: Loop) => `${file} ${name} ${nth}`;

export function counted(exports: Exports, loops: (Loop | null)[], counts: Counts): Exports {
  const memory = exports.memory as WebAssembly.Memory;
  const address = (exports.loops as () => number)() >>> 0;
  // Memory grows: the view is of one moment.
  const words = () => new Uint32Array(memory.buffer, address, HEAD + 2 * loops.length);
  const wrap = (name: string, call: (...args: unknown[]) => unknown) => {
    return (...args: unknown[]) => {
      words().fill(0);
      try {
        return call(...args);
      } catch (error) {
        throw overrun(words(), loops, counts) ?? error;
      } finally {
        collect(name, words(), loops, counts);
      }
    };
  };
  return Object.fromEntries(
    Object.entries(exports).map(([name, value]) =>
      typeof value === "function" && name !== "loops"
        ? [name, wrap(name, value as () => unknown)]
        : [name, value],
    ),
  );
}

function overrun(words: Uint32Array, loops: (Loop | null)[], counts: Counts): Error | null {
  if (words[0] === 0) return null;
  const loop = loops[words[0]! - 1]!;
  const inARow = words[HEAD + words[0]! - 1]!;
  const { text, most } = loop.bound;
  const message =
    inARow > most
      ? `${nameOf(loop)}: more than ${most} turns in a row, ${text}`
      : `${nameOf(loop)}: its turn is one too many of all in one call`;
  counts.exceeded.push(message);
  return new Error(message);
}

export function collect(
  call: string,
  words: Uint32Array,
  loops: (Loop | null)[],
  counts: Counts,
): void {
  const all = words[2]! + words[3]! * 2 ** 32;
  counts.calls[call] = Math.max(counts.calls[call] ?? 0, all);
  if (all === 0) return;
  for (let i = 0; i < loops.length; i++) {
    const [inARow, inOneCall] = [words[HEAD + i]!, words[HEAD + loops.length + i]!];
    if (inOneCall > 0) add(counts, nameOf(loops[i]!), inARow, inOneCall);
  }
}

function add(counts: Counts, loop: string, inARow: number, inOneCall: number): void {
  const before = (counts.loops[loop] ??= [0, 0]);
  if (inARow > before[0]) before[0] = inARow;
  if (inOneCall > before[1]) before[1] = inOneCall;
}

/** Adds what others came to. */
export function merge(counts: Counts, others: Counts): void {
  for (const [loop, [inARow, inOneCall]] of Object.entries(others.loops)) {
    add(counts, loop, inARow, inOneCall);
  }
  for (const [call, turns] of Object.entries(others.calls)) {
    counts.calls[call] = Math.max(counts.calls[call] ?? 0, turns);
  }
  counts.exceeded.push(...others.exceeded);
}
