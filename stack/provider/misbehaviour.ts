/**
 * Which of its faults the development provider shows now. Driven by tests; nothing of it can be
 * reached over HTTP.
 */
import type { ServerResponse } from "node:http";
import { holdBack, type Answer, type Changed } from "./answer.ts";
import { faults, type Fault, type FaultName } from "./faults.ts";
import { endpointOf } from "./network.ts";
import type { Signer } from "./signing.ts";

export class Misbehaviour {
  /** How many answers are still to show it. */
  #left = new Map<Fault, number>();

  constructor(private readonly signer: Signer) {}

  /** The next answers of its endpoint, or `times` of them, show the fault. */
  show(fault: FaultName | Fault, times = Infinity): void {
    this.#left.set(typeof fault === "string" ? faults[fault] : fault, times);
  }

  /** No fault any more. */
  end(): void {
    this.#left.clear();
  }

  /** Prepares a response; what is written to it later is changed. */
  affect(url: string, response: ServerResponse): void {
    const endpoint = endpointOf(url);
    const wanted = [...this.#left.keys()].filter((fault) => fault.endpoint === endpoint);
    if (wanted.length > 0) holdBack(response, (answer) => this.#change(answer, wanted));
  }

  async #change(answer: Answer, wanted: Fault[]): Promise<Changed> {
    let changed: Changed = answer;
    for (const fault of wanted) {
      const left = this.#left.get(fault) ?? 0;
      if (left === 0 || changed === "abort") continue;
      const before: Answer = changed;
      changed = await fault.change(before, this.signer);
      // An answer that the fault did not touch, a page on the way to the redirect say, does not
      // count.
      if (changed !== before) this.#left.set(fault, left - 1);
    }
    return changed;
  }
}
