/** With `reportOnly`, the audit says who would have been refused, and the application hears nothing of them. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Guest } from "../../src/guest/guest.ts";
import { GATES } from "../cases/gates.ts";
import { loadGate } from "../support/gate.ts";
import { token } from "../support/tokens.ts";

let guest: Guest;
let viewer = "";
before(async () => {
  guest = await loadGate(GATES.report);
  viewer = await token();
});

interface Asked {
  method: string;
  isSomebody: boolean;
}

async function seen({ method, isSomebody }: Asked): Promise<unknown[]> {
  const headers: [string, string][] = isSomebody ? [["Authorization", `Bearer ${viewer}`]] : [];
  const { logs, forwarded } = await guest.handle({ method, target: "/api/a", headers });
  const audit = logs.find(({ data }) => data?.rolegate === "audit")!.data!;
  const { decision, reason, subject, roles } = audit;
  const heard = forwarded!.headers.get("X-Forwarded-User");
  return [decision, reason, subject, roles, heard ?? undefined];
}

const MAY_NOT: Asked = { method: "POST", isSomebody: true };
const NOBODY: Asked = { method: "POST", isSomebody: false };
const MAY: Asked = { method: "GET", isSomebody: true };

const SEEN: [string, Asked, unknown[]][] = [
  [
    "who may not",
    MAY_NOT,
    ["report", "rule_not_satisfied", "8d6f3a6e-0001", ["viewer"], undefined],
  ],
  ["nobody", NOBODY, ["report", "credential_missing", undefined, undefined, undefined]],
  ["who may", MAY, ["allow", "none", "8d6f3a6e-0001", ["viewer"], "alice"]],
];

// In one guest: no one is called what the one before was.
describe("audit with reportOnly", () => {
  for (const order of [SEEN, [...SEEN].reverse()]) {
    for (const [what, asked, expected] of order) {
      test(what, async () => assert.deepEqual(await seen(asked), expected));
    }
  }
});
