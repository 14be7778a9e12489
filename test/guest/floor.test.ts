/**
 * The benchmark's floor guest makes the calls that Rolegate makes: in order, with the same texts and buffers, and no
 * other. And the loads are let through, and of the sizes that they are named after.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { floorOf } from "../../bench/floor/guest.ts";
import { record, type Recorded } from "../../bench/floor/record.ts";
import { keySet, makeKey, makeToken } from "../../bench/keys.ts";
import { loads } from "../../bench/loads.ts";
import { shapes } from "../../bench/shapes.ts";
import { type Call, configuration, readCall, writeCall } from "../../bench/workload.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";

const wasm = join(root, "plugin.wasm");
const moduleOf = (recorded: Recorded) => new WebAssembly.Module(Buffer.from(floorOf(recorded)));

for (const { name, config, calls } of [...loads(true), ...shapes()]) {
  test(`${name}: the same calls`, async () => {
    const all = await calls(wasm);
    assert.equal((await record({ wasm, config }, all)).recordings.length, all.length);
    const asked = all.slice(0, 1);
    const recorded = await record({ wasm, config }, asked);
    assert.ok(recorded.recordings[0]!.request.length > 3);
    assert.deepEqual(await record({ wasm: moduleOf(recorded), config }, asked), recorded);
  });
}

test("the shapes have the sizes of their names", async () => {
  let seen = 0;
  for (const { name, config, calls } of shapes()) {
    const [{ headers }] = (await calls(wasm)) as [Call];
    const [, number, unit] = /([\d.]+) (kB|headers|rules)$/.exec(name) ?? [];
    if (!number) continue;
    seen++;
    const named = Number(number);
    if (unit === "headers") assert.equal(headers.length, named);
    if (unit === "rules") assert.equal((config.rules as unknown[]).length, named);
    if (unit !== "kB") continue;
    const token = headers.find(([it]) => it === "Authorization")![1].slice("Bearer ".length);
    assert.ok(Math.abs(token.length / 1000 / named - 1) < 0.1, `${name}: ${token.length}`);
  }
  assert.equal(seen, 9);
});

const key = makeKey("RS256");
const token = makeToken(key);
const config = configuration({ jwks: keySet([key]) });
const asked = [readCall(token), writeCall(token)];

test("a write is audited, a read is not, whichever comes first", async () => {
  const recorded = await record({ wasm, config }, asked);
  const names = recorded.recordings.map(({ request }) => request.map(({ name }) => name));
  assert.deepEqual(
    names.map((list) => list.includes("log")),
    [false, true],
  );
  const floor = moduleOf(recorded);
  assert.deepEqual(await record({ wasm: floor, config }, asked), recorded);
  const reversed = await record({ wasm: floor, config }, [...asked].reverse());
  assert.deepEqual(reversed.recordings, [...recorded.recordings].reverse());
});

test("another target is given back as it came", async () => {
  const floor = moduleOf(await record({ wasm, config }, asked));
  const other = { ...readCall(token), target: "/api/flow_runs/another?one=1" };
  const { recordings } = await record({ wasm: floor, config }, [other]);
  assert.deepEqual(recordings[0]!.request.at(-1), { name: "set_uri", values: ["target"] });
});

test("a call that Rolegate saves is saved, and one after the answer is made then", async () => {
  const recorded = await record({ wasm, config }, asked.slice(0, 1));
  const [{ request, method }] = recorded.recordings as [Recorded["recordings"][0]];
  const response = [
    { name: "get_header_values", values: [1, { text: "server" }, { size: 64 }] },
    { name: "get_header_names", values: [1, { size: 64 }] },
  ];
  const changed = {
    ...recorded,
    recordings: [{ method, request: request.slice(0, -2), response }],
  };
  const made = await record({ wasm: moduleOf(changed), config }, asked.slice(0, 1));
  assert.deepEqual(made, changed);
});

test("a file's state does not overwrite the texts", async () => {
  const folder = temporaryFolder("floor");
  try {
    writeFileSync(join(folder.path, "jwks.json"), "{}");
    const mounts = [`${folder.path}:/state:ro`];
    const look = {
      name: "path_filestat_get",
      values: [3, 0, { text: "jwks.json" }, "place" as const],
    };
    const mark = { name: "set_header_value", values: [0, { text: "X-First" }, { text: "one" }] };
    const request = [mark, look, mark, look];
    const changed = { features: 0, recordings: [{ method: "GET", request, response: [] }] };
    const made = await record({ wasm: moduleOf(changed), config, mounts }, asked.slice(0, 1));
    assert.deepEqual(made, changed);
  } finally {
    folder.remove();
  }
});

test("what it cannot make is refused", async () => {
  const recorded = await record({ wasm, config }, asked.slice(0, 1));
  const [read] = recorded.recordings as [Recorded["recordings"][0]];
  const unknown = { ...read, request: [{ name: "proc_exit", values: [0] }] };
  assert.throws(() => floorOf({ ...recorded, recordings: [unknown] }), /proc_exit/);
  const put = { ...read, method: "PUT" };
  assert.throws(() => floorOf({ ...recorded, recordings: [read, put] }), /one length/);
});
