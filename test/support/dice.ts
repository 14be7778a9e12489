/** The same interface as Random, but made for millions of draws: xoshiro128** over a seed that a run prints. */
import { createHash } from "node:crypto";
import { Random } from "../vectors/random.ts";

export class Dice extends Random {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    super(seed);
    const digest = createHash("sha256").update(seed).digest();
    this.#state = new Uint32Array(4).map((_, i) => digest.readUInt32LE(4 * i));
  }

  override bytes(count: number): Buffer {
    const bytes = Buffer.alloc(count);
    for (let i = 0; i < count; i++) bytes[i] = this.#next() >>> 24;
    return bytes;
  }

  override below(limit: number): number {
    return this.#next() % limit;
  }

  /** Between the two, both included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** What `make` makes, that many times. */
  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[] {
    const result = [...list];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }

  /** Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2021. */
  #next(): number {
    const s = this.#state;
    const result = Math.imul(rotate(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotate(s[3]!, 11);
    return result;
  }
}

const rotate = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** A run's dice: the environment's seed, or the same every day. */
export function diceFor(name: string, seed = process.env.ROLEGATE_SEED): Dice {
  return new Dice(seed ?? `rolegate ${name}`);
}
