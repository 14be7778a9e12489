/** What a rule has for itself: which of its decisions are logged, and what it says to those whom it refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { GOOD } from "../cases/configurations.ts";
import { loadGate } from "../support/gate.ts";
import { claims, token } from "../support/tokens.ts";

const SAYS = 'Secrets: "see_secret_blocks" is für developers.';
const config = {
  ...GOOD,
  roles: { developer: ["app-developer"] },
  rules: [
    { match: "Path(`/secrets`)", allow: "Role(`developer`)", audit: "all", detail: SAYS },
    { match: "Path(`/closed`)", allow: "deny", detail: SAYS },
    { match: "Path(`/lists`)", allow: "authenticated", audit: "denied" },
    { match: "Path(`/quiet`)", allow: "Role(`developer`)", audit: "off" },
    { match: "Path(`/other`)", allow: "Role(`developer`)" },
  ],
  default: "authenticated",
  audit: "writes",
};
const nobody = await token();
const developer = await token(claims({ realm_access: { roles: ["app-developer"] } }));

async function ask(method: string, target: string, bearer: string | null, more = {}) {
  const guest = await loadGate({ ...config, ...more });
  const headers: [string, string][] = bearer ? [["Authorization", `Bearer ${bearer}`]] : [];
  const result = await guest.handle({ method, target, headers });
  const audited = result.logs.filter(({ data }) => data?.rolegate === "audit").length;
  return { ...result, audited };
}

const audits: [string, string, string, number][] = [
  ["a read that passes, of a rule with audit: all", "GET", "/secrets", 1],
  ["a write that passes, of a rule with audit: denied", "POST", "/lists", 0],
  ["a write that passes, of a rule without", "POST", "/other", 1],
  ["a read that passes, of a rule without", "GET", "/other", 0],
  ["a write that no rule matches", "POST", "/elsewhere", 1],
];
for (const [name, method, target, lines] of audits) {
  test(`audit: ${name}: ${lines} lines`, async () => {
    const result = await ask(method, target, developer);
    assert.ok(result.forwarded);
    assert.equal(result.audited, lines);
  });
}

test("audit: refusals are logged, but by a rule with audit: off", async () => {
  assert.equal((await ask("GET", "/secrets", nobody)).audited, 1);
  assert.equal((await ask("POST", "/lists", null)).audited, 1);
  assert.equal((await ask("GET", "/other", nobody)).audited, 1);
  assert.equal((await ask("GET", "/quiet", nobody)).audited, 0);
});

const detailOf = ({ response }: { response: { body: Buffer } }) =>
  JSON.parse(response.body.toString()).detail as string;

test("detail: whom the rule refuses is told, as it stands", async () => {
  for (const [target, bearer] of [
    ["/secrets", nobody],
    ["/closed", developer],
  ] as const) {
    const result = await ask("GET", target, bearer);
    assert.equal(result.response.status, 403);
    assert.equal(detailOf(result), SAYS);
    assert.equal(result.response.headers.get("WWW-Authenticate")!.includes(SAYS), false);
  }
});

test("detail: who is nobody, or refused for another reason, is told nothing of it", async () => {
  for (const bearer of [null, `${nobody.slice(0, -8)}AAAAAAAA`]) {
    const result = await ask("GET", "/secrets", bearer);
    assert.equal(result.response.status, 401);
    assert.notEqual(detailOf(result), SAYS);
  }
  assert.equal(detailOf(await ask("GET", "/other", nobody)), "Your roles do not allow this.");
});

test("detail: with reportOnly the request goes on", async () => {
  assert.ok((await ask("GET", "/secrets", nobody, { reportOnly: true })).forwarded);
});
