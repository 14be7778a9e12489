/**
 * A guest that has served requests, and for each request a new one beside it: the same configuration, files and moment.
 * All that comes of a request must be the same from both, whatever earlier ones have left in the memory.
 */
import assert from "node:assert/strict";
import type { WireRequest } from "../../../src/guest/entrypoint.ts";
import type { Guest, Result } from "../../../src/guest/guest.ts";
import { type GuestOptions, startGuest } from "../../../src/guest/load.ts";
import type { LogLine } from "../../../src/guest/log.ts";
import type { Upstream, UpstreamResponse } from "../../../src/guest/proxy.ts";
import { fileForm } from "../../support/forms.ts";
import { pluginWasm } from "../../support/gate.ts";
import { plainResult } from "../../support/plain-result.ts";
import { Leftovers } from "./leftovers.ts";

export interface PairOptions extends Partial<Omit<GuestOptions, "wasm" | "onCall" | "now">> {
  config: unknown;
  moment: { now: number };
  /** For the new guest, instead of the same; called for each request. */
  freshMounts?: () => readonly string[];
  /** What is compared instead of a result; default: all of it. */
  view?: (seen: Seen, wire: WireRequest) => unknown;
}

export class Pair {
  private readonly served: Guest;
  readonly leftovers = new Leftovers();
  private readonly options: Partial<GuestOptions> & { wasm: string };
  /** Host calls until one of the served guest's traps it; 0: none does. */
  private left = 0;

  constructor(
    private readonly own: PairOptions,
    isBroken = false,
  ) {
    const { moment, config, freshMounts: _, view: __, ...rest } = own;
    this.options = {
      wasm: pluginWasm,
      config: fileForm(config as Record<string, unknown>),
      now: () => moment.now,
      ...rest,
    };
    this.served = startGuest({
      ...this.options,
      wasm: pluginWasm,
      onCall: (...call) => {
        this.leftovers.onCall(...call);
        this.count();
      },
    });
    const { errors, logs } = this.served.check();
    assert.equal(errors > 0, isBroken, logs.map(({ message }) => message).join("\n"));
  }

  /** Sends the request to both. The upstream is asked once. */
  async compare(wire: WireRequest, upstream: Upstream): Promise<Result> {
    // Before the other one, which may write to its files.
    const mounts = this.own.freshMounts?.();
    const fresh = startGuest({ ...this.options, wasm: pluginWasm, ...(mounts ? { mounts } : {}) });
    const answers: UpstreamResponse[] = [];
    const served = await this.served.handle(wire, async (request) => {
      const answer = await upstream(request);
      answers.push(answer);
      return answer;
    });
    const expected = await fresh.handle(wire, () => answers.shift() ?? { status: 599 });
    const view = this.own.view ?? ((seen: Seen) => seen);
    assert.deepEqual(view(seenOf(served), wire), view(seenOf(expected), wire));
    return served;
  }

  /** Sends it to the served guest only, which traps at its host call of that number; false: it makes fewer. */
  async trap(wire: WireRequest, call: number): Promise<boolean> {
    this.left = call;
    const { trap } = await this.served.handle(wire, () => ({}));
    this.left = 0;
    if (trap) this.leftovers.trapped();
    return trap !== null;
  }

  private count(): void {
    if (this.left > 0 && --this.left === 0) throw new Error("the test lets it fail");
  }
}

/** All that can be seen of a result from outside. */
function seenOf(result: Result) {
  const { logs, trap } = result;
  return { ...plainResult(result), trapped: trap !== null, logs: logs.flatMap(lineOf) };
}

export type Seen = ReturnType<typeof seenOf>;

/** What a guest says of itself: each says it once, or when it finds that something has changed. */
const OF_ITSELF = new Set(["dropped", "keys", "recovered", "revocations"]);
/** What a guest does not say of a token or session that it knows. */
const UNKNOWN_ONLY = ["cached", "algorithm", "kid", "key", "renewable", "end"];

function lineOf({ level, message, data }: LogLine): [unknown, unknown][] {
  if (OF_ITSELF.has(data?.rolegate as string)) return [];
  const isKnown = (data?.step === "token" || data?.step === "session") && data.reason === "none";
  if (!isKnown) return [[level, message]];
  return [[level, Object.entries(data).filter(([name]) => !UNKNOWN_ONLY.includes(name))]];
}
