/**
 * A warm request on the Go host, taken by 1, 8 and 32 guests in turn, beside another plugin.wasm in alternating
 * batches. It is the figure by which a change of the guest is judged: throughput through Traefik swings by more.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../stack/machine/cleanup.ts";
import { root } from "../tools/root.ts";
import { marshal } from "../src/guest/config.ts";
import { keySet, makeKey, makeToken } from "./keys.ts";
import { buildProgram, runProgram } from "./program.ts";
import { makeSessions } from "./sessions.ts";
import { spread, type Spread } from "./statistics.ts";
import { configuration, cookie, readCall, writeCall, wire, type Call } from "./workload.ts";

const GUESTS = [1, 8, 32];

export interface Warm {
  load: string;
  guests: number;
  /** Microseconds, of batches' medians. */
  one: Spread;
  other: Spread;
  /** The first by the other, of the batches' pairs. */
  quotient: Spread;
}

interface Load {
  name: string;
  config: object;
  call: Call;
}

async function loads(): Promise<Load[]> {
  const key = makeKey("RS256");
  const token = makeToken(key);
  const config = configuration({ jwks: keySet([key]) });
  const sessions = await makeSessions(configuration({ jwks: keySet([key]) }) as never);
  return [
    { name: "token", config, call: readCall(token) },
    {
      name: "session",
      config: sessions.block(config as never),
      call: readCall(cookie(sessions.make())),
    },
    { name: "anonymous", config, call: anonymous() },
    ...[4, 64, 1024].map((kilobytes) => ({
      name: `body of ${kilobytes} kB`,
      config: lookingInto(config),
      call: withBody(writeCall(token), kilobytes * 1000),
    })),
  ];
}

function anonymous(): Call {
  const { headers, ...call } = readCall("");
  return {
    ...call,
    target: "/api/health",
    headers: headers.filter(([name]) => name !== "Authorization"),
  };
}

/** The team's rules, with one more at their head that looks into bodies. */
function lookingInto(config: ReturnType<typeof configuration>) {
  const match = "PathPrefix(`/api/flow_runs`) && Method(`POST`) && BodyOnly(`secrets`, `false`)";
  return { ...config, rules: [{ match, allow: "Role(`owner`)" }, ...config.rules] };
}

function withBody(call: Call, bytes: number): Call {
  const [head, tail] = ['{"state":"', '","secrets":true}'];
  const body = head + "x".repeat(bytes - head.length - tail.length) + tail;
  const headers = call.headers.filter(([name]) => name !== "Content-Length");
  return { ...call, body, headers: [...headers, ["Content-Length", String(body.length)]] };
}

export async function measureWarm(options: {
  against?: string;
  requests: number;
  batches: number;
}): Promise<Warm[]> {
  const wazero = await buildProgram("wazero");
  const folder = temporaryFolder("bench-warm");
  const path = (name: string) => join(folder.path, name);
  const results: Warm[] = [];
  try {
    for (const { name, config, call } of await loads()) {
      writeFileSync(path("config.json"), marshal(config), "latin1");
      writeFileSync(path("request"), wire(call));
      for (const guests of GUESTS) {
        const samples = await runProgram<{ one: number[]; other: number[] }>(wazero, [
          ...["warm", "-wasm", join(root, "plugin.wasm"), "-against", options.against ?? ""],
          ...["-config", path("config.json"), "-request", path("request")],
          ...["-guests", String(guests), "-batches", String(options.batches)],
          ...["-requests", String(options.requests)],
        ]);
        const quotient = samples.one.map((time, i) => time / samples.other[i]!);
        results.push({
          ...{ load: name, guests, one: spread(samples.one), other: spread(samples.other) },
          quotient: spread(quotient),
        });
      }
    }
  } finally {
    folder.remove();
  }
  return results;
}
