/** Secrets: whatever way of asking leaks on a bare server is refused to viewers and runners, and open to workers. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../../src/guest/guest.ts";
import { ask, prefectGate } from "./gate.ts";
import { leaksOf } from "./leaks.ts";

let guest: Guest;
before(async () => void (guest = await prefectGate()));

const leaks = leaksOf({ name: "s1", id: "1b2a4c66-0001-4000-8000-000000000001" });

for (const leak of leaks) {
  test(leak.name, async () => {
    for (const caller of ["viewer", "runner"]) {
      const { response, forwarded } = await ask(guest, caller, leak);
      if (leak.leaks) assert.equal(forwarded, null, `forwarded for a ${caller}`);
      if (!forwarded) assert.ok([400, 403].includes(response.status), String(response.status));
    }
    // Not on an encoded slash: that is refused to everybody, because servers differ about it.
    if (leak.target.includes("%2F")) return;
    for (const caller of ["worker", "developer", "owner"]) {
      const { forwarded } = await ask(guest, caller, leak);
      if (leak.leaks) assert.ok(forwarded, `refused to a ${caller}`);
    }
  });
}

describe("what clients and pages ask for passes", () => {
  const asked: [string, string, string][] = [
    ["prefect block inspect", "GET", "?include_secrets=false"],
    ["a page about a block", "GET", ""],
  ];
  const target = "/api/block_types/slug/secret/block_documents/name/s1";
  for (const [name, method, query] of asked) {
    test(name, async () => {
      const { forwarded } = await ask(guest, "viewer", { method, target: target + query });
      assert.ok(forwarded);
    });
  }

  test("the list of blocks", async () => {
    const body = '{"include_secrets":false,"limit":200,"offset":0}';
    const headers = [["Content-Type", "application/json"]] as [string, string][];
    const wire = { method: "POST", target: "/api/block_documents/filter", headers, body };
    const { forwarded } = await ask(guest, "viewer", wire);
    assert.equal(forwarded?.body.toString(), body);
  });
});
