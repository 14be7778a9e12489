/**
 * A value out of the path beside a body that has not been read: whose value it is must not rest on what another rule
 * made of the path, nor on whether an earlier rule had the body read.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ec, keySet, rsa } from "../support/keys.ts";
import { loadGate } from "../support/gate.ts";
import { CLIENT, ISSUER, token, type Claims } from "../support/tokens.ts";

const base = { issuer: ISSUER, clientId: CLIENT, jwks: JSON.stringify(keySet(rsa, ec)) };
const other = { match: "Path(`/other`)", allow: "deny" };
/** It has the body read, and matches nothing. */
const reads = { match: "PathPrefix(`/`) && BodyJSON(`never`)", allow: "authenticated" };

interface Ask {
  rules: object[];
  claims: Claims;
  target: string;
  body?: string;
  type?: string;
}

/** The status, the same the second time. */
async function ask({ rules, claims, target, body = '{"k":1}', type = "application/json" }: Ask) {
  const guest = await loadGate({ ...base, rules });
  const headers = { Authorization: `Bearer ${await token(claims)}`, "Content-Type": type };
  const send = () => guest.handle({ method: "POST", target, headers, body });
  const statuses = [(await send()).response.status, (await send()).response.status];
  assert.equal(statuses[0], statuses[1], "it depends on what came before");
  return statuses[0];
}

describe("a rule that may match, and lets nobody of that path pass", () => {
  const blocked = {
    match: "Path(`/teams/{x}`) && BodyJSON(`k`)",
    allow: "!Equals(`blocked`, `{x}`)",
  };
  for (const body of ['{"k":1}', "{}"]) {
    test(`refuses the blocked, with ${body}, whatever stands behind it`, async () => {
      const claims = { blocked: "blue" };
      const asked = { claims, target: "/teams/blue", body };
      assert.equal(await ask({ ...asked, rules: [blocked, other] }), 403);
      assert.equal(await ask({ ...asked, rules: [reads, blocked, other] }), 403);
    });
  }
  test("lets the others pass", async () => {
    const asked = { claims: { blocked: "blue" }, target: "/teams/red" };
    assert.equal(await ask({ ...asked, rules: [blocked, other] }), 200);
  });
  test("does not take a prefix for given that another rule left empty", async () => {
    const match = "Path(`/teams/{x}`) && BodyJSON(`k`)";
    const rule = { match, allow: "Prefix(`path`, `{x}`)" };
    const asked = { claims: { path: "zzz" }, target: "/teams/blue" };
    assert.equal(await ask({ ...asked, rules: [rule, other] }), 403);
  });
  test("does not take another rule's value for its own", async () => {
    const match = "Path(`/teams/{x}`) && BodyJSON(`k`)";
    const rule = { match, allow: "Equals(`team`, `{x}`)" };
    const behind = { match: "Path(`/{x}/*`)", allow: "deny" };
    const asked = { claims: { team: "teams" }, target: "/teams/blue" };
    assert.equal(await ask({ ...asked, rules: [rule, behind] }), 403);
  });
});

describe("alternatives that capture", () => {
  const two = "(Path(`/{t}/**`) && BodyJSON(`a`)) || (Path(`/*/{t}/**`) && BodyJSON(`b`))";
  test("the one that holds once the body is read counts", async () => {
    const rules = [{ match: two, allow: "Equals(`team`, `{t}`)" }];
    const asked = { rules, claims: { team: "y" }, target: "/x/y/z" };
    assert.equal(await ask({ ...asked, body: '{"b":1}' }), 200);
    assert.equal(await ask({ ...asked, body: '{"a":1}' }), 403);
  });
  test("it is the same one whether or not the body was read before", async () => {
    const match = "(Path(`/{t}/**`) && BodyJSON(`k`)) || Path(`/*/{t}`)";
    const rule = { match, allow: "!Equals(`c`, `{t}`)" };
    const asked = { claims: { c: "x" }, target: "/x/y" };
    assert.equal(await ask({ ...asked, rules: [rule] }), 403);
    assert.equal(await ask({ ...asked, rules: [reads, rule] }), 403);
  });
});

describe("a tunnel", () => {
  const upgrade = async (rules: object[], target: string, more: object = {}) => {
    const guest = await loadGate({ ...base, rules, ...more });
    const bearer = `Bearer ${await token({ g: ["viewer"] })}`;
    const headers = { Authorization: bearer, Connection: "Upgrade", Upgrade: "tcp" };
    return (await guest.handle({ target, headers })).response.status;
  };
  test("is there only where each alternative names it", async () => {
    const allow = "Contains(`g`, `admin`) && Upgrade(`tcp`) || Contains(`g`, `viewer`)";
    assert.equal(await upgrade([{ match: "PathPrefix(`/`)", allow }], "/"), 400);
    const match = "Path(`/read`) || Path(`/exec`) && Upgrade(`tcp`)";
    assert.equal(await upgrade([{ match, allow: "authenticated" }], "/read"), 400);
    const both = "(Path(`/read`) || Path(`/exec`)) && Upgrade(`tcp`)";
    assert.equal(await upgrade([{ match: both, allow: "authenticated" }], "/read"), 200);
  });
  test("is refused, not reported, where rules refuse it", async () => {
    const rules = [{ match: "PathPrefix(`/`)", allow: "Role(`owner`) && Upgrade(`tcp`)" }];
    assert.equal(await upgrade(rules, "/", { reportOnly: true }), 403);
  });
});

test("a type that begins as a form's is no JSON, though it ends so", async () => {
  const rules = [{ match: "PathPrefix(`/`)", allow: "BodyOnly(`b`, `false`)" }];
  for (const type of ["x-www-form-urlencoded+json", "X-WWW-Form-Urlencoded.a+json"]) {
    const body = '{"a":"&b=true&"}';
    const asked = { rules, claims: {}, target: "/", body, type: `application/${type}` };
    assert.equal(await ask(asked), 400);
  }
});

test("blanks within a guarded name do not hide it", async () => {
  const rules = [{ match: "PathPrefix(`/`)", allow: "BodyOnly(`sk`, `false`)" }];
  for (const blank of ["\u1680", "\u180e", "\u2003", "\ufeff"]) {
    const body = JSON.stringify({ [`sk${blank}`]: true });
    assert.equal(await ask({ rules, claims: {}, target: "/", body }), 403, escape(blank));
  }
});
