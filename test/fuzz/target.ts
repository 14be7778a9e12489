/** What a fuzz target is: a way to make inputs, and a way to try one on a guest that has seen others before. */
import type { Dice } from "../support/dice.ts";

/** Texts (of one-byte characters) and lists of them, so that any input can be written down and made smaller. */
export type Input = string | Input[];

export interface Session {
  make(dice: Dice): Input;
  /** What is wrong with what came of it; null: nothing. What it throws is wrong as well. */
  attempt(input: Input): Promise<string | null>;
  close?(): void;
}

export interface Target {
  name: string;
  /** Of a thousand inputs. */
  share: number;
  /** Inputs that one guest sees; a run repeats from a batch's beginning. */
  batch: number;
  open(dice: Dice): Promise<Session>;
}

/** The list as pairs of header names and values. */
export const asPairs = (input: Input): [string, string][] =>
  (input as string[][]).map((pair) => [String(pair[0] ?? ""), String(pair[1] ?? "")]);
