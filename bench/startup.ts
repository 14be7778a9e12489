/**
 * The time of a new guest on the wazero that Traefik has, with 50 rules or as many as wanted and 4 keys in a file; and of
 * another plugin.wasm's in alternating batches.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { root } from "../tools/root.ts";
import { marshal } from "../src/guest/config.ts";
import { keySet, makeKey, makeToken } from "./keys.ts";
import { buildProgram, runProgram } from "./program.ts";
import { spread, type Spread } from "./statistics.ts";
import { configuration, KEY_FILE, readCall, wire } from "./workload.ts";

export const RULES = 50;

/** What the Go program prints: lists of microseconds, a sample each. */
interface Samples {
  compile: number;
  instantiate: number[];
  initialize: number[];
  guest: number[];
  firstRequest: number[];
  warm: number[];
  rotating: number[];
  heapPerGuest: number;
  pages: number;
}

export type Times = "instantiate" | "initialize" | "guest" | "firstRequest" | "warm" | "rotating";

/** Microseconds, except: */
export interface Startup extends Record<Times, Spread> {
  /** Milliseconds, once for a Traefik. */
  compile: number;
  rules: number;
  /** How many guests were made. */
  guests: number;
  /** Bytes of Go's heap. */
  heapPerGuest: number;
  pages: number;
}

/** The other module, and Rolegate's times by its own, of the batches' medians in pairs. */
export interface StartupAgainst extends Startup {
  quotients: Record<Times, Spread>;
}

interface Options {
  guests: number;
  batches: number;
  rules: number;
  against?: string | undefined;
}

export async function measureStartup(options: Options) {
  const { guests, batches, rules, against = "" } = options;
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-startup");
  try {
    const path = (name: string) => join(folder.path, name);
    const signing = makeKey("RS256");
    const keys = [makeKey("RS256"), makeKey("ES256"), makeKey("ES256"), signing];
    const config = configuration({ jwksFile: KEY_FILE }, { before: rules });
    writeFileSync(path("jwks.json"), keySet(keys));
    writeFileSync(path("config.json"), marshal(config), "latin1");
    writeFileSync(path("request"), wire(readCall(makeToken(signing))));
    const [ours, other] = await runProgram<[Samples, Samples?]>(wazero, [
      "startup",
      ...["-wasm", join(root, "plugin.wasm"), "-against", against, "-config", path("config.json")],
      ...["-mount", `${folder.path}:/state`, "-request", path("request")],
      ...["-guests", String(guests), "-batches", String(batches)],
    ]);
    return {
      rolegate: startupOf(ours, rules),
      against: other
        ? { ...startupOf(other, rules), quotients: quotients(ours, other, batches) }
        : null,
    };
  } finally {
    folder.remove();
  }
}

const TIMES = [
  ...["instantiate", "initialize", "guest", "firstRequest", "warm", "rotating"],
] as Times[];

const each = <T>(of: (name: Times) => T) =>
  Object.fromEntries(TIMES.map((name) => [name, of(name)])) as Record<Times, T>;

function startupOf(samples: Samples, rules: number): Startup {
  const { compile, heapPerGuest, pages, guest } = samples;
  const times = each((name) => spread(samples[name]));
  return { ...times, compile, heapPerGuest, pages, guests: guest.length, rules };
}

/** Every batch has as many samples as the others. */
function quotients(ours: Samples, others: Samples, batches: number): Record<Times, Spread> {
  const medians = (samples: number[]) => {
    const size = samples.length / batches;
    return Array.from({ length: batches }, (_, batch) => {
      return spread(samples.slice(batch * size, (batch + 1) * size)).median;
    });
  };
  return each((name) => {
    const theirs = medians(others[name]);
    return spread(medians(ours[name]).map((time, batch) => time / theirs[batch]!));
  });
}

/** Bytes. */
export const pluginSize = () => readFileSync(join(root, "plugin.wasm")).length;
