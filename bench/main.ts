/**
 * `npm run bench -- [--warm] [--new-tokens] [--startup] [--memory] [--decide] [--json] …`: throughput beside bare Traefik, or the time
 * of a warm request or of a new guest, its memory, or what many rules cost. With --json one JSON object on standard output and nothing else.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../tools/root.ts";
import { compare, MEASURES, PARTS, partsOf } from "./compare.ts";
import { measureDecide } from "./decide.ts";
import { countHostCalls } from "./host-calls.ts";
import { loads } from "./loads.ts";
import { measureLines } from "./lines.ts";
import { isBusy, machine } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import { measureNewTokens } from "./new-token.ts";
import * as report from "./report.ts";
import { sayComparison } from "./report-compare.ts";
import { sayNewTokens } from "./report-new-token.ts";
import { writeResults } from "./results.ts";
import { sayStartup } from "./report-startup.ts";
import { sayWarm } from "./report-warm.ts";
import { measureScale } from "./scale.ts";
import { chart } from "./scale-chart.ts";
import { measureStartup, pluginSize, RULES } from "./startup.ts";
import { shapes } from "./shapes.ts";
import { rounded } from "./statistics.ts";
import { measureWarm } from "./warm.ts";

const USAGE = `npm run bench -- [options]
  --rounds N        throughput: at least 9 for a figure (default 9; with --peers 5)
  --seconds N       throughput: for each of them in a round (default 6; with --peers 2)
  --connections N   throughput: at a time (default 32)
  --quiet           throughput: waits while others are busy, and repeats rounds in which they were
  --only NAMES      of ${PARTS.join(", ")}; a comma between
                    warm: one of its loads, such as token
  --peers DIR       throughput, latency at a fixed rate, memory, start and reload, beside the peers of that folder;
                    bench/README.md says what is in it
  --contenders A,B  of the peers and the other plugin.wasm only those with such a part in their names
  --gogc N          throughput, latency, memory: how much garbage Go's collector lets Traefik make, in percent of what
                    is in use; of bare Traefik and all others (default: Go's own, 100)
  --held N          memory: requests that the upstream holds (default 2000)
  --results FOLDER  writes RESULTS.md and its pictures there
  --rules N         throughput, decide: so many, of which the last decides (default: a team's 20; decide: 200);
                    startup: so many, the last of them a team's (default ${RULES})
  --against FILE    throughput: another plugin.wasm in the same rounds, with a team's 20 rules or
  --against-rules N so many, of which the last decides
  --warm            a warm request on wazero, taken by 1 to 64 guests in turn; with --against FILE another plugin.wasm
                    in alternating batches
  --cold N          warm: so many KiB of other memory are read before each request
  --new-tokens      tokens that a guest has never seen, on wazero, beside Go's own work; with --against FILE another
                    plugin.wasm in alternating batches
  --bodies          warm: requests with bodies that a rule looks into, too
  --shapes          warm: other tokens, headers, rules and paths, by 32 guests
  --lines           what a warm request touches of a guest's memory, and how often it calls the host
  --decide          what many rules cost a warm request, on wazero and on the Node host
  --startup         time of a new guest on wazero, with 4 keys; with --against FILE another plugin.wasm in alternating
                    batches
  --guests N        startup: alive together (default 50); warm: that many alone
  --batches N       startup, decide: as often (default 20); warm: the same (default 200); new-tokens: 40
  --memory          pages of one guest after many tokens
  --requests N      memory: how many (default 1000000)
  --rsa             memory: no token with ECDSA, whose keys have tables; signing a million takes Go half an hour
  --scale           memory, start and a request's time by routers, connections, rules, keys, API keys and sign-outs
  --axis NAME       scale: that one alone
  --svg FILE        scale: the curves
  --json            one JSON object on standard output`;

function fail(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        rounds: { type: "string" },
        seconds: { type: "string" },
        connections: { type: "string", default: "32" },
        quiet: { type: "boolean", default: false },
        only: { type: "string" },
        rules: { type: "string" },
        against: { type: "string" },
        "against-rules": { type: "string" },
        peers: { type: "string" },
        contenders: { type: "string" },
        held: { type: "string", default: "2000" },
        gogc: { type: "string" },
        results: { type: "string" },
        warm: { type: "boolean", default: false },
        bodies: { type: "boolean", default: false },
        cold: { type: "string" },
        shapes: { type: "boolean", default: false },
        "new-tokens": { type: "boolean", default: false },
        lines: { type: "boolean", default: false },
        decide: { type: "boolean", default: false },
        startup: { type: "boolean", default: false },
        guests: { type: "string" },
        batches: { type: "string" },
        memory: { type: "boolean", default: false },
        requests: { type: "string", default: "1000000" },
        rsa: { type: "boolean", default: false },
        scale: { type: "boolean", default: false },
        axis: { type: "string" },
        svg: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return fail((error as Error).message);
  }
}

const values = options();
if (values.help) {
  console.error(USAGE);
  process.exit(0);
}

type Times = "rounds" | "seconds" | "connections" | "guests" | "batches" | "requests" | "held";
type Count = Times | "gogc" | "rules" | "against-rules" | "cold";

function count(name: Count) {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) fail(`--${name} ${values[name]}: not a whole number`);
  return value;
}

const orElse = (name: Count, usual: number) => (values[name] === undefined ? usual : count(name));
const batches = (usual: number) => orElse("batches", usual);

const list = (text: string | undefined) => text?.split(",").map((it) => it.trim());
const isMeasure = (name: string) => (MEASURES as readonly string[]).includes(name);

/** A list of rules, of which the last decides; a team's rules if no number is given. */
const rules = (name: "rules" | "against-rules") =>
  values[name] === undefined ? {} : { last: count(name) };

/** Where the raw figures of an unfinished comparison are. */
const RAW = join(root, "build", "bench", "comparison.json");

async function throughput() {
  const names = list(values.only) ?? (values.peers ? [] : ["throughput"]);
  const unknown = names.filter((name) => !PARTS.includes(name));
  if (unknown.length > 0) fail(`--only: unknown are ${unknown.join(", ")}`);
  const { measures, scenarios } = partsOf(names);
  const run = {
    machine: before,
    rounds: orElse("rounds", values.peers ? 5 : 9),
    seconds: orElse("seconds", values.peers ? 2 : 6),
    connections: count("connections"),
    quiet: values.quiet,
    gogc: values.gogc === undefined ? undefined : String(count("gogc")),
  };
  const result = await compare({
    ...run,
    measures: values.peers || names.some(isMeasure) ? measures : ["throughput"],
    scenarios,
    rules: rules("rules"),
    against: values.against,
    againstRules: rules("against-rules"),
    peers: values.peers,
    contenders: list(values.contenders),
    held: count("held"),
    report: report.say,
    save: (all) => writeFileSync(RAW, JSON.stringify(rounded(all), null, 1)),
  });
  const hostCalls = await countHostCalls();
  const pluginBytes = pluginSize();
  sayComparison(result);
  report.sayHostCalls(hostCalls, pluginBytes);
  if (values.results) await writeResults(values.results, result, run);
  return {
    ...result,
    hostCalls: { warm: hostCalls.read.length, audited: hostCalls.write.length },
    pluginBytes,
  };
}

async function startup() {
  const { rolegate, against } = await measureStartup({
    guests: values.guests === undefined ? 50 : count("guests"),
    batches: batches(20),
    rules: values.rules === undefined ? RULES : count("rules"),
    against: values.against,
  });
  sayStartup(rolegate, against);
  return { startup: { ...rolegate, against } };
}

async function memory() {
  const result = await measureMemory({ requests: count("requests"), rsa: values.rsa });
  report.sayMemory(result);
  return { memory: result };
}

async function lines() {
  const result = await measureLines(values.against ?? join(root, "plugin.wasm"));
  report.sayLines(result);
  return { lines: result };
}

async function decide() {
  const many = values.rules === undefined ? 200 : count("rules");
  const result = await measureDecide({ rules: many, requests: 500, batches: batches(20) });
  report.sayDecide(result);
  return { decide: result };
}

async function warm() {
  const all = values.shapes ? shapes() : loads(values.bodies);
  const { only = "" } = values;
  const chosen = all.filter(({ name }) => only === "" || name === only);
  if (chosen.length === 0) fail(`--only: one of ${all.map(({ name }) => name).join(", ")}`);
  const usual = values.shapes ? [32] : [1, 8, 32, 64];
  const result = await measureWarm({
    loads: chosen,
    against: values.against,
    guests: values.guests === undefined ? usual : [count("guests")],
    requests: 128,
    batches: batches(200),
    ...(values.cold === undefined ? {} : { cold: count("cold") }),
  });
  sayWarm(result);
  return { warm: result };
}

async function newTokens() {
  const result = await measureNewTokens({ against: values.against, batches: batches(40) });
  sayNewTokens(result);
  return { newTokens: result };
}

async function scale() {
  const result = await measureScale(report.say, values.axis);
  if (values.svg) writeFileSync(values.svg, chart(result));
  return { scale: result };
}

// What it was like before: afterwards the load is the benchmark's own.
const before = machine();
const asked = [
  ...(values.warm ? [warm] : []),
  ...(values["new-tokens"] ? [newTokens] : []),
  ...(values.startup ? [startup] : []),
  ...(values.memory ? [memory] : []),
  ...(values.lines ? [lines] : []),
  ...(values.decide ? [decide] : []),
  ...(values.scale ? [scale] : []),
];
let result = {};
for (const measure of asked.length > 0 ? asked : [throughput]) {
  result = { ...result, ...(await measure()) };
}
report.say();
report.sayMachine(before);
if (values.json) {
  console.log(JSON.stringify(rounded({ ...result, machine: { ...before, busy: isBusy(before) } })));
}
