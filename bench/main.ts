/**
 * `npm run bench -- [--warm] [--startup] [--memory] [--decide] [--json] …`: throughput beside bare Traefik, or the time
 * of a warm request or of a new guest, its memory, or what many rules cost. With --json one JSON object on standard output and nothing else.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureDecide } from "./decide.ts";
import { countHostCalls } from "./host-calls.ts";
import { loads } from "./loads.ts";
import { isBusy, machine } from "./machine.ts";
import { measureMemory } from "./memory.ts";
import * as report from "./report.ts";
import { sayStartup } from "./report-startup.ts";
import { sayWarm } from "./report-warm.ts";
import { measureScale } from "./scale.ts";
import { chart } from "./scale-chart.ts";
import { measureStartup, pluginSize, RULES } from "./startup.ts";
import { makeSessions } from "./sessions.ts";
import { shapes } from "./shapes.ts";
import { rounded } from "./statistics.ts";
import { measureThroughput, SCENARIOS } from "./throughput.ts";
import { measureWarm } from "./warm.ts";
import { configuration, KEY_FILE } from "./workload.ts";
import type { Tree } from "../stack/traefik/config.ts";

const USAGE = `npm run bench -- [options]
  --rounds N        throughput: at least 9 for a figure (default 9)
  --seconds N       throughput: for each of them in a round (default 6)
  --connections N   throughput: at a time (default 32)
  --quiet           throughput: waits while others are busy, and repeats rounds in which they were
  --only NAME       throughput: one of ${Object.keys(SCENARIOS).join(", ")}; warm: one of its
                    loads, such as token
  --rules N         throughput, decide: so many, of which the last decides (default: a team's 20; decide: 200);
                    startup: so many, the last of them a team's (default ${RULES})
  --against FILE    throughput: another plugin.wasm in the same rounds, with a team's 20 rules or
  --against-rules N so many, of which the last decides
  --sessions        throughput: people's session cookies in the place of tokens
  --peer FOLDER     throughput: a plugin in Go in the same rounds, as Traefik's local mode has it
  --warm            a warm request on wazero, taken by 1 to 64 guests in turn; with --against FILE another plugin.wasm
                    in alternating batches
  --cold N          warm: so many KiB of other memory are read before each request
  --bodies          warm: requests with bodies that a rule looks into, too
  --shapes          warm: other tokens, headers, rules and paths, by 32 guests
  --decide          what many rules cost a warm request, on wazero and on the Node host
  --startup         time of a new guest on wazero, with 4 keys; with --against FILE another plugin.wasm in alternating
                    batches
  --guests N        startup: alive together (default 50); warm: that many alone
  --batches N       startup, decide: as often (default 20); warm: the same (default 200)
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
        rounds: { type: "string", default: "9" },
        seconds: { type: "string", default: "6" },
        connections: { type: "string", default: "32" },
        quiet: { type: "boolean", default: false },
        only: { type: "string" },
        rules: { type: "string" },
        against: { type: "string" },
        "against-rules": { type: "string" },
        peer: { type: "string" },
        sessions: { type: "boolean", default: false },
        warm: { type: "boolean", default: false },
        bodies: { type: "boolean", default: false },
        cold: { type: "string" },
        shapes: { type: "boolean", default: false },
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

type Times = "rounds" | "seconds" | "connections" | "guests" | "batches" | "requests";
type Count = Times | "rules" | "against-rules" | "cold";

function count(name: Count) {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1) fail(`--${name} ${values[name]}: not a whole number`);
  return value;
}

const batches = (usual: number) => (values.batches === undefined ? usual : count("batches"));

/** A list of rules, of which the last decides; a team's rules if no number is given. */
const rules = (name: "rules" | "against-rules") =>
  values[name] === undefined ? {} : { last: count(name) };

async function throughput() {
  if (values.only && !Object.hasOwn(SCENARIOS, values.only)) fail(`--only ${values.only}: unknown`);
  const block = configuration({ jwksFile: KEY_FILE }, rules("rules")) as Tree;
  const { scenarios, upstream } = await measureThroughput({
    ...(values.sessions ? { sessions: await makeSessions(block) } : {}),
    rounds: count("rounds"),
    seconds: count("seconds"),
    connections: count("connections"),
    quiet: values.quiet,
    rules: rules("rules"),
    against: values.against,
    againstRules: rules("against-rules"),
    peer: values.peer,
    scenarios: values.only ? [values.only] : Object.keys(SCENARIOS),
    report: report.say,
  });
  const hostCalls = await countHostCalls();
  const pluginBytes = pluginSize();
  report.sayThroughput(scenarios, upstream);
  report.sayHostCalls(hostCalls, pluginBytes);
  return {
    ...scenarios,
    upstream,
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

async function scale() {
  const result = await measureScale(report.say, values.axis);
  if (values.svg) writeFileSync(values.svg, chart(result));
  return { scale: result };
}

// What it was like before: afterwards the load is the benchmark's own.
const before = machine();
const asked = [
  ...(values.warm ? [warm] : []),
  ...(values.startup ? [startup] : []),
  ...(values.memory ? [memory] : []),
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
