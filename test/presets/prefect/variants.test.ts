/** What variants, roles of one's own and another base change, and that they change nothing else. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rulesOf } from "../../../src/presets/prefect/preset.ts";
import { ask, type Caller, callers, prefectGate } from "./gate.ts";
import { mayCall, type Route, routes, wireOf } from "./routes.ts";

const setState = "/api/flow_runs/1b2a4c66-0001-4000-8000-000000000001/set_state";

/** Routes of the table that `caller` may call with these options and not by default, or the other way round. */
async function changes(options: Parameters<typeof prefectGate>[0], caller: Caller) {
  const guest = await prefectGate(options);
  assert.equal(guest.check().errors, 0);
  const found: string[] = [];
  for (const route of routes) {
    const { forwarded } = await ask(guest, caller, wireOf(route));
    if ((forwarded !== null) !== mayCall(route, caller))
      found.push(`${route.method} ${route.path}`);
  }
  return found;
}

async function expectChanges(
  options: Parameters<typeof prefectGate>[0],
  expected: Partial<Record<Caller, string[]>>,
): Promise<void> {
  for (const caller of callers) {
    assert.deepEqual((await changes(options, caller)).sort(), expected[caller] ?? [], caller);
  }
}

test("worker-strict: workers neither make pools nor change them, nor have the channel by which they would", () =>
  expectChanges(
    { variants: ["worker-strict"] },
    {
      worker: [
        "PATCH /api/work_pools/{name}",
        "POST /api/work_pools/",
        "WS /api/work_pools/{work_pool_name}/workers/connect",
      ],
    },
  ));

test("settings-for-developers: not for the three roles below", async () => {
  const page = ["GET /api/admin/settings"];
  await expectChanges(
    { variants: ["settings-for-developers"] },
    { viewer: page, runner: page, worker: page },
  );
});

describe("runner-may-cancel", () => {
  const state = (type: string, more = "") =>
    `{"state":{"type":"${type}","name":"x","message":null,"state_details":{}}${more}}`;
  // What a runner asks for, and whether it passes.
  const rows: [string, string | Buffer, boolean][] = [
    ["prefect flow-run cancel", state("CANCELLING", ',"force":false'), true],
    ["a page's button", '{"state":{"type":"CANCELLING"}}', true],
    ["to COMPLETED", state("COMPLETED"), false],
    ["to SCHEDULED, a retry", state("SCHEDULED"), false],
    ["by force", state("CANCELLING", ',"force":true'), false],
    ["a type twice", '{"state":{"type":"CANCELLING","type":"COMPLETED"}}', false],
    ["a state twice", '{"state":{"type":"CANCELLING"},"state":{"type":"COMPLETED"}}', false],
    ["an escaped key", '{"state":{"type":"CANCELLING"},"st\\u0061te":{"type":"FAILED"}}', false],
    ["no type", '{"state":{"name":"CANCELLING"}}', false],
    ["the type elsewhere", '{"type":"CANCELLING","state":{"name":"x"}}', false],
    ["in lower case", state("cancelling"), false],
    ["no body", "", false],
    ["no JSON", Buffer.from(state("CANCELLING"), "utf16le"), false],
  ];
  for (const [name, body, passes] of rows) {
    test(`${name}: ${passes ? "passes" : "refused"}`, async () => {
      const guest = await prefectGate({ variants: ["runner-may-cancel"] });
      const headers = [["Content-Type", "application/json"]] as [string, string][];
      const wire = { method: "POST", target: setState, headers, body };
      const { forwarded, response } = await ask(guest, "runner", wire);
      assert.equal(forwarded !== null, passes, response.body.toString());
      assert.equal((await ask(guest, "viewer", wire)).forwarded, null);
      assert.ok((await ask(guest, "worker", wire)).forwarded, "a worker sets any state");
    });
  }

  test("without the variant a runner may not cancel", async () => {
    const wire = { method: "POST", target: setState, body: state("CANCELLING") };
    assert.equal((await ask(await prefectGate(), "runner", wire)).response.status, 403);
  });

  test("nothing else changes", () => expectChanges({ variants: ["runner-may-cancel"] }, {}));
});

test("all variants at once have no mistakes", async () => {
  const variants = ["runner-may-cancel", "worker-strict", "settings-for-developers"];
  assert.equal((await prefectGate({ variants })).check().errors, 0);
});

test("another base: the routes are there, and not where they were", async () => {
  const guest = await prefectGate({ apiBase: "/team-a/api" });
  const status = async (target: string) =>
    (await ask(guest, "viewer", { method: "POST", target })).response.status;
  assert.equal(await status("/team-a/api/flows/filter"), 200);
  assert.equal(await status("/api/flows/filter"), 403);
});

test("a role of one's own has its scopes, what everyone needs, and no more", async () => {
  const guest = await prefectGate({ custom: { auditor: ["see_events", "see_flows"] } });
  assert.equal(guest.check().errors, 0);
  const may = async (route: Omit<Route, "roles">) =>
    (await ask(guest, "auditor", wireOf({ ...route, roles: "" }))).forwarded !== null;
  assert.ok(await may({ method: "WS", path: "/api/events/out" }));
  assert.ok(await may({ method: "POST", path: "/api/flows/filter" }));
  assert.ok(await may({ method: "GET", path: "/api/admin/version" }));
  assert.ok(await may({ method: "GET", path: "/v2/*" }));
  assert.ok(!(await may({ method: "POST", path: "/api/deployments/filter" })));
  assert.ok(!(await may({ method: "WS", path: "/api/events/in" })));
});

test("what does not exist is named, with what does", () => {
  const options = { apiBase: "/api", variants: [], custom: {} };
  assert.throws(() => rulesOf({ ...options, variants: ["x"] }), /no variant x: runner-may-cancel/);
  assert.throws(() => rulesOf({ ...options, custom: { a: ["x"] } }), /no scope x: health/);
  assert.throws(() => rulesOf({ ...options, apiBase: "api/" }), /--api-base is a path/);
});
