/** Audit lines for people, and nothing in them that steers a terminal. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decisionLine } from "../../stack/traefik/decisions.ts";

const audit = {
  rolegate: "audit",
  time: "2026-11-24T09:40:41Z",
  method: "GET",
  path: "/api/runs",
};

test("allowed, refused, and lines of another kind", () => {
  assert.equal(
    decisionLine({ ...audit, decision: "allow", subject: "bob", roles: ["runner", "viewer"] }),
    "09:40:41  ok   GET /api/runs  bob (runner, viewer)",
  );
  assert.equal(
    decisionLine({ ...audit, decision: "deny", status: 401, reason: "credential_missing" }),
    "09:40:41  401  GET /api/runs  credential_missing",
  );
  assert.equal(decisionLine({ rolegate: "keys", event: "read" }), null);
});

test("control characters of a client's are not printed", () => {
  const line = decisionLine({
    ...audit,
    path: "/\u001b[2J\n\u009b",
    decision: "deny",
    subject: "é",
  })!;
  assert.match(line, /^[\x20-\x7e]*$/);
});
