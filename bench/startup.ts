/** How long a new guest takes on the wazero that Traefik has, with 50 rules or as many as wanted and 4 keys in a file. */
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

type Times = "instantiate" | "initialize" | "guest" | "firstRequest" | "warm" | "rotating";

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

export async function measureStartup(options: { guests: number; batches: number; rules: number }) {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-startup");
  try {
    const path = (name: string) => join(folder.path, name);
    const signing = makeKey("RS256");
    const keys = [makeKey("RS256"), makeKey("ES256"), makeKey("ES256"), signing];
    const config = configuration({ jwksFile: KEY_FILE }, { before: options.rules });
    writeFileSync(path("jwks.json"), keySet(keys));
    writeFileSync(path("config.json"), marshal(config), "latin1");
    writeFileSync(path("request"), wire(readCall(makeToken(signing))));
    const samples = await runProgram<Samples>(wazero, [
      "startup",
      ...["-wasm", join(root, "plugin.wasm"), "-config", path("config.json")],
      ...["-mount", `${folder.path}:/state`, "-request", path("request")],
      ...["-guests", String(options.guests), "-batches", String(options.batches)],
    ]);
    const { compile, heapPerGuest, pages, guest } = samples;
    const times = Object.fromEntries(
      Object.entries(samples).flatMap(([name, list]) =>
        Array.isArray(list) ? [[name, spread(list as number[])]] : [],
      ),
    ) as Record<Times, Spread>;
    return {
      ...times,
      compile,
      heapPerGuest,
      pages,
      guests: guest.length,
      rules: options.rules,
    } satisfies Startup;
  } finally {
    folder.remove();
  }
}

/** Bytes. */
export const pluginSize = () => readFileSync(join(root, "plugin.wasm")).length;
