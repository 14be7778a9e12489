/** Every route of Prefect for each of the six callers, and what is no route. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../../src/guest/guest.ts";
import { ask, type Caller, callers, prefectGate } from "./gate.ts";
import { mayCall, type Route, routes, samplePath, upgrade, wireOf } from "./routes.ts";

let guest: Guest;
before(async () => {
  guest = await prefectGate();
  assert.equal(guest.check().errors, 0);
});

const statusOf = (caller: Caller, allowed: boolean) =>
  allowed ? 200 : caller === "anonymous" ? 401 : 403;

for (const caller of callers) {
  describe(caller, () => {
    for (const route of routes) {
      const { method, path } = route;
      const allowed = mayCall(route, caller);
      test(`${allowed ? "may" : "may not"} ${method} ${path}`, async () => {
        const { response, forwarded } = await ask(guest, caller, wireOf(route));
        assert.equal(response.status, statusOf(caller, allowed), response.body.toString());
        assert.equal(forwarded !== null, allowed);
        if (allowed) return assert.equal(forwarded!.target, samplePath(path));
        // Prefect's clients and pages show `detail`.
        const { detail } = JSON.parse(response.body.toString()) as { detail: string };
        const told =
          caller === "anonymous"
            ? /access token/
            : /^Your roles do not allow \w+: it takes|^No rule/;
        assert.match(detail, told);
        assert.ok(!response.body.includes("Invalid CSRF token"), "clients would try again");
      });
    }
  });
}

describe("what is no route", () => {
  const nobodysButTheOwners: Route[] = [
    { method: "GET", path: "/api/new_route", roles: "O" },
    { method: "POST", path: "/api/flows/filter/", roles: "O" },
    { method: "PUT", path: "/api/flows/{id}", roles: "O" },
    { method: "HEAD", path: "/api/flows/{id}", roles: "O" },
    { method: "GET", path: "/api/flow_runs/{id}/graph-v3", roles: "O" },
    { method: "WS", path: "/api/new/socket", roles: "O" },
    { method: "GET", path: "/api", roles: "O" },
    { method: "GET", path: "/api/work_pools/{name}/workers/connect", roles: "O" },
    { method: "POST", path: "/ui-settings", roles: "" },
    { method: "OPTIONS", path: "/api/flows/filter", roles: "O" },
  ];
  for (const route of nobodysButTheOwners) {
    test(`${route.method} ${route.path}`, async () => {
      for (const caller of callers) {
        const { response } = await ask(guest, caller, wireOf(route));
        assert.equal(response.status, statusOf(caller, mayCall(route, caller)), caller);
      }
    });
  }

  test("a pool named filter is a pool, a method away from the list of pools", async () => {
    const target = "/api/work_pools/filter";
    const status = async (caller: Caller, method: string) =>
      (await ask(guest, caller, { method, target })).response.status;
    assert.equal(await status("viewer", "POST"), 200);
    assert.equal(await status("viewer", "GET"), 200);
    assert.equal(await status("viewer", "PATCH"), 403);
    assert.equal(await status("viewer", "DELETE"), 403);
    assert.equal(await status("worker", "DELETE"), 403);
    assert.equal(await status("developer", "DELETE"), 200);
  });

  test("an API at another base than the rules': no secret and no WebSocket through the rule for pages", async () => {
    const status = async (target: string, headers = upgrade.slice(0, 0)) =>
      (await ask(guest, "viewer", { target, headers })).response.status;
    assert.equal(await status("/other/api/block_documents/x?include_secrets=true"), 403);
    assert.equal(await status("/other/api/events/in", upgrade), 403);
    assert.equal(await status("/other/page?include_secrets=false"), 200);
  });

  test("a method in a header or the query is not one", async () => {
    const headers: [string, string][] = [["X-HTTP-Method-Override", "GET"]];
    const target = "/api/flows/1b2a4c66-0001-4000-8000-000000000001?_method=GET";
    const { response } = await ask(guest, "viewer", { method: "DELETE", target, headers });
    assert.equal(response.status, 403);
  });

  test("an upgrade to WebSocket on a route for events alone", async () => {
    for (const [caller, status] of [
      ["viewer", 403],
      ["worker", 200],
    ] as const) {
      const { response } = await ask(guest, caller, { target: "/api/events/in", headers: upgrade });
      assert.equal(response.status, status);
    }
  });
});

describe("paths that could be read in two ways", () => {
  // Name, target, and what becomes of it for a viewer.
  const rows: [string, string, number][] = [
    ["an encoded slash", "/api/block_documents%2Ffilter", 400],
    ["an encoded letter is the letter", "/api/%66lows/filter", 200],
    ["an encoded letter of what is not allowed", "/api/%6Detrics", 403],
    ["dots behind an encoded slash", "/api/flows%2F..%2Fadmin/storage", 400],
    ["a path parameter", "/api/flows;x/filter", 400],
    ["encoded twice", "/api/%2566lows/filter", 400],
    ["another case is another route", "/API/admin/storage", 403],
  ];
  for (const [name, target, status] of rows) {
    test(name, async () => {
      const method = status === 200 || target.startsWith("/API") ? "POST" : "GET";
      const { response } = await ask(guest, "viewer", { method, target });
      assert.equal(response.status, status, response.body.toString());
    });
  }
});
