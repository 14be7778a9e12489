/** What a decision among many rules costs more than one with a single rule: on wazero and on the Node host. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { root } from "../tools/root.ts";
import { marshal } from "../src/guest/config.ts";
import { loadGuest } from "../src/guest/load.ts";
import { keySet, makeKey, makeToken } from "./keys.ts";
import { buildProgram, runProgram } from "./program.ts";
import { spread, type Spread } from "./statistics.ts";
import { configuration, readCall, wire, type Call } from "./workload.ts";

/** Microseconds. */
export interface Difference {
  one: Spread;
  many: Spread;
  /** Difference within pairs of batches. */
  more: Spread;
  /** Between the fastest batch of each: the difference without disturbance. */
  least: number;
}

export interface Decide {
  rules: number;
  wazero: Difference;
  node: Difference;
}

/** Medians of batches: of what interrupts a request they know nothing. Microseconds. */
interface Samples {
  one: number[];
  other: number[];
}

export async function measureDecide(options: {
  rules: number;
  requests: number;
  batches: number;
}): Promise<Decide> {
  const key = makeKey("RS256");
  const jwks = keySet([key]);
  const call = readCall(makeToken(key));
  const one = configuration({ jwks }, { last: 1 });
  const many = configuration({ jwks }, { last: options.rules });
  return {
    rules: options.rules,
    wazero: difference(await onWazero(one, many, call, options)),
    node: difference(await onNode(one, many, call, options)),
  };
}

function difference({ one, other }: Samples): Difference {
  const [few, many] = [spread(one), spread(other)];
  const more = spread(other.map((time, i) => time - one[i]!));
  return { one: few, many, more, least: many.min - few.min };
}

async function onWazero(
  one: object,
  many: object,
  call: Call,
  { requests, batches }: { requests: number; batches: number },
): Promise<Samples> {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-decide");
  try {
    const path = (name: string) => join(folder.path, name);
    writeFileSync(path("one.json"), marshal(one), "latin1");
    writeFileSync(path("many.json"), marshal(many), "latin1");
    writeFileSync(path("request"), wire(call));
    return await runProgram<Samples>(wazero, [
      "decide",
      ...["-wasm", join(root, "plugin.wasm"), "-request", path("request")],
      ...["-config", path("one.json"), "-other", path("many.json")],
      ...["-requests", String(requests), "-batches", String(batches)],
    ]);
  } finally {
    folder.remove();
  }
}

/** All of the host's work is in it, which both sides have. */
async function onNode(
  one: object,
  many: object,
  call: Call,
  { requests, batches }: { requests: number; batches: number },
): Promise<Samples> {
  const wasm = join(root, "plugin.wasm");
  const guests = [await loadGuest({ wasm, config: one }), await loadGuest({ wasm, config: many })];
  const samples: Samples = { one: [], other: [] };
  // The first batches verify the token, and V8 compiles what it sees often.
  for (let batch = -5; batch < batches; batch++) {
    const medians = [0, 0];
    for (const at of [0, 1]) {
      const number = Math.abs(at + batch) % 2;
      const times: number[] = [];
      for (let i = 0; i < requests; i++) {
        const begin = performance.now();
        const { forwarded } = await guests[number]!.handle(call);
        times.push((performance.now() - begin) * 1e3);
        if (!forwarded) throw new Error("the guest refused the request");
      }
      medians[number] = spread(times).median;
    }
    if (batch < 0) continue;
    samples.one.push(medians[0]!);
    samples.other.push(medians[1]!);
  }
  return samples;
}
