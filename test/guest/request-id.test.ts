/** A request's id in the log: whose it is can be seen, because a client may choose the one of somebody else's request. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { GATES } from "../cases/gates.ts";
import { loadGate } from "../support/gate.ts";

let guest: Guest;
before(async () => {
  guest = await loadGate(GATES.main);
});

async function auditOf(ids: string[]): Promise<Record<string, unknown>> {
  const headers = ids.map((id): [string, string] => ["X-Request-Id", id]);
  const { logs } = await guest.handle({ target: "/api/a", headers });
  return logs.find(({ data }) => data?.rolegate === "audit")!.data!;
}

// In one guest: what one request said does not stay for the next.
describe("requestFrom", () => {
  for (const round of [1, 2]) {
    for (const [what, ids] of Object.entries({
      "no id": [],
      "an empty one": [""],
      "one with a quote": ['a"b'],
      "one with a backslash": ["a\\b"],
      "one that ends with a backslash": ["a\\"],
      "one with a space": ["a b"],
      "one with a tab": ["a\tb"],
      "one that is not ASCII": ["a\u00e9"],
      "one that is too long": ["i".repeat(129)],
      "two of them": ["a", "b"],
    })) {
      test(`${what}: the plugin made it (${round})`, async () => {
        const { request, requestFrom } = await auditOf(ids);
        assert.match(String(request), /^[0-9a-f]{16}$/);
        assert.equal(requestFrom, undefined);
      });
    }
    test(`one that is fit for a log is the client's (${round})`, async () => {
      const { request, requestFrom } = await auditOf(["a-client's-own"]);
      assert.deepEqual([request, requestFrom], ["a-client's-own", "client"]);
    });
  }
});
