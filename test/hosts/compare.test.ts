/**
 * What the comparison with other tools rests on: latency counts from when a request is due, held requests are counted,
 * and a gate that does not decide is not measured.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Contender, Setup } from "../../bench/contenders.ts";
import { peersIn } from "../../bench/peers/all.ts";
import { runProgram, startServer } from "../../bench/program.ts";
import { takeRounds } from "../../bench/rounds.ts";
import type { Sample } from "../../bench/run.ts";
import { send, startContender, type Running } from "../../bench/stage.ts";
import { configuration, KEY_FILE, readCall, wire } from "../../bench/workload.ts";
import { makeWorld, type World } from "../../bench/world.ts";

let world: World;
let file: string;
before(async () => {
  world = await makeWorld();
  file = join(world.folder, "requests.json");
  writeFileSync(file, JSON.stringify([wire(readCall(""))]));
});
after(() => world.stop());

/** Answers at once, but for the first request: that one waits. */
async function lateOnce(wait: number): Promise<{ server: Server; address: string }> {
  let received = 0;
  const server = createServer((_request, response) => {
    setTimeout(() => response.end("{}"), received++ === 0 ? wait : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface Printed {
  requests: number;
  /** Microseconds. */
  p50: number;
  p99: number;
  first: number;
  late: number;
}

const load = (address: string, ...options: string[]) =>
  runProgram<Printed>(world.traffic, [
    ...["load", "-address", address, "-requests", file, "-connections", "1", "-seconds", "1"],
    ...options,
  ]);

for (const [what, rate] of [
  ["with a rate, what waits behind a late answer is late", 50],
  ["without, nothing is due, and only that one is", 0],
] as const) {
  test(what, async () => {
    const wait = 800;
    const { server, address } = await lateOnce(wait);
    const { p50, first, requests } = await load(address, "-rate", String(rate));
    server.close();
    assert.equal(first, 0);
    assert.ok(requests > 10, `${requests} requests`);
    // Of the requests that were due in one second, most were due while the first one waited.
    assert.equal(p50 > (wait * 1e3) / 4, rate > 0, `p50 ${p50} µs`);
  });
}

test("what is late in the warm-up is told apart, and is not the generator's own delay", async () => {
  const wait = 800;
  const { server, address } = await lateOnce(wait);
  const { p99, first, late } = await load(address, "-rate", "50", "-warmup", "1.5");
  server.close();
  assert.ok(first >= wait * 1e3, `first ${first} µs`);
  assert.ok(p99 < wait * 1e3, `p99 ${p99} µs`);
  assert.ok(late < (wait * 1e3) / 4, `late ${late} µs`);
});

test("the upstream tells how many requests it holds", async () => {
  const held = join(world.folder, "held.json");
  const call = readCall("");
  writeFileSync(held, JSON.stringify([wire({ ...call, target: "/api?hold" })]));
  const options = ["-address", world.upstream.address, "-requests", held, "-connections", "7"];
  const program = await startServer(world.traffic, ["hold", ...options]);
  const count = () => send(world.upstream.address, { ...call, target: "/held" });
  for (let user = ""; user !== "7";) ({ user = "" } = (await count()) as { user?: string });
  program.stop();
  for (let user = ""; user !== "0";) ({ user = "" } = (await count()) as { user?: string });
});

const SAMPLE: Sample = {
  ...{ requests: 1, seconds: 1, rate: 1, p50: 1, p99: 1, first: 0, late: 0, next: 0 },
  ...{ cpu: null, beside: null, others: null },
};
const contender = (name: string, ours: boolean) => ({ contender: { name, ours } }) as Running;
const ROUNDS = { rounds: 3, seconds: 1, connections: 1, quiet: false, report: () => {} };

test("a peer that fails in a round is left out with the reason, and the others go on", async () => {
  const [bare, peer] = [contender("bare", true), contender("peer", false)];
  let runs = 0;
  const { samples, failed } = await takeRounds("test", [bare, peer], ROUNDS, async (it) => {
    if (it === peer && ++runs > 2) throw new Error("it fell over");
    return SAMPLE;
  });
  assert.deepEqual([...samples.keys()], [bare]);
  assert.equal(samples.get(bare)!.length, 3);
  assert.deepEqual(failed, { peer: "it fell over" });
});

test("bare Traefik and Rolegate must not fail", async () => {
  const all = [contender("bare", true)];
  const run = async () => Promise.reject(new Error("it fell over"));
  await assert.rejects(takeRounds("test", all, ROUNDS, run), /it fell over/);
});

const gate = (setup: Partial<Setup>): Contender => ({
  name: "gate",
  title: "a gate",
  scenarios: ["warm"],
  decides: "role",
  prepare: ({ token }) => ({
    middlewares: {},
    traefik: { pluginDir: null },
    credential: (_scenario, _address, index) => token(index),
    user: null,
    ...setup,
  }),
});

const forAll = {
  ...configuration({ jwksFile: KEY_FILE }),
  rules: [{ match: "PathPrefix(`/`)", allow: "authenticated" }],
};

const GATES: [string, Partial<Setup>, RegExp][] = [
  ["lets everybody in", {}, /without a credential: got 200/],
  [
    "lets nobody in",
    { middlewares: { no: { basicAuth: { users: ["a:$apr1$x$3Zq4Hc0j6sR1iJxv0Y2mv/"] } } } },
    /a read: got 401/,
  ],
  [
    "does not look at roles",
    { traefik: {}, middlewares: { any: { plugin: { rolegate: forAll } } } },
    /a token without the role: got 200/,
  ],
  ["names nobody", { user: "bob.runner" }, /a read: got 200 for , who is bob.runner/],
];

test("Traefik's collector is told what the benchmark was told", async () => {
  const some = gate({ middlewares: {} });
  const running = await startContender(
    { ...some, scenarios: [] },
    { ...world, runtime: { GOGC: "800" } },
  );
  const variables = readFileSync(`/proc/${running.pid}/environ`, "utf8").split("\0");
  await running.stop();
  assert.ok(variables.includes("GOGC=800"), variables.join(" "));
});

for (const [what, setup, expected] of GATES) {
  test(`a gate that ${what} is not measured`, async () => {
    await assert.rejects(startContender(gate(setup), world), expected);
  });
}

test("peers that are not in the folder are named, the others are taken", () => {
  const dir = join(world.folder, "peers");
  mkdirSync(dir);
  assert.throws(() => peersIn(dir), /none of oauth2-proxy, Authelia/);
  writeFileSync(join(dir, "oauth2-proxy"), "");
  writeFileSync(join(dir, "oauth2-proxy.version"), "7.15.4\n");
  const { found, absent } = peersIn(dir);
  assert.deepEqual(
    found.map(({ name }) => name),
    ["oauth2-proxy"],
  );
  assert.match(found[0]!.version!, /^7\.15\.4 \(e3b0c44298fc\)$/);
  assert.deepEqual(absent, ["Authelia", "traefik-oidc-auth", "jwt-middleware", "traefikoidc"]);
  assert.throws(() => peersIn(join(dir, "nowhere")), /no such folder/);
});
