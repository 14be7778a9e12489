/** What the tests of one Go host share: the host, and dice of the run's seed, which is told. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Dice } from "../support/dice.ts";
import { GoHost } from "../support/go-host.ts";
import { archOf, type Kind, processor } from "../support/go-program.ts";

const seed = process.env.ROLEGATE_SEED ?? new Date().toISOString().slice(0, 10);

export class Run {
  readonly seed = seed;
  #host: GoHost | null = null;

  constructor(readonly kind: Kind) {
    before(async () => (this.#host = await GoHost.start(kind)));
    after(() => this.#host?.stop());
    test(`the host is wazero on ${kind}`, (context) => {
      const { about } = this.host;
      assert.equal(about.arch, archOf(kind));
      // The suite's summary tells what begins like this.
      context.diagnostic(`ran on ${kind}: ${about.text}; ${processor()}; ROLEGATE_SEED=${seed}`);
    });
  }

  /** Once the tests run. */
  get host(): GoHost {
    if (!this.#host) throw new Error("the host has not started");
    return this.#host;
  }

  dice(name: string): Dice {
    return new Dice(`${seed}/${this.kind}/${name}`);
  }
}
