/** Requests that do not pause: each with a token of one's choice, each answer counted. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./setting.ts";

export class Traffic {
  /** Answers by status since the last `clear`. */
  counts: Record<number, number> = {};
  #tokens: string[] = [];
  #running = true;
  #workers: Promise<void>[];

  /** `workers` requests at a time, each after a pause of 5 ms. */
  constructor(get: (token: string) => Promise<Answer>, tokens: string[], workers = 2) {
    this.#tokens = tokens;
    this.#workers = Array.from({ length: workers }, async (_, index) => {
      for (let turn = index; this.#running; turn++) {
        const { status } = await get(this.#tokens[turn % this.#tokens.length]!);
        this.counts[status] = (this.counts[status] ?? 0) + 1;
        await sleep(5);
      }
    });
  }

  /** Every request that starts from now on takes one of these in turn. */
  use(tokens: string[]): void {
    this.#tokens = tokens;
  }

  clear(): void {
    this.counts = {};
  }

  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#workers);
  }
}
