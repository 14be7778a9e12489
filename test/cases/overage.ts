/** Tokens that leave claims out for their size, and say so: Entra ID does from 200 groups on (OpenID Connect Core §5.6.2). */
import { token } from "../support/tokens.ts";
import { type Case, type Expected, forbidden, passes } from "./case.ts";
import type { GateName } from "./gates.ts";

const elsewhere = forbidden("claims_elsewhere");
const plain = forbidden("rule_not_satisfied");
const none = { realm_access: undefined };
const source = { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "x" } } };

const ROWS: [string, GateName, string, object, Expected][] = [
  ["groups, which roles are read from", "main", "/api/a", { ...none, ...source }, elsewhere],
  ["hasgroups", "main", "/api/a", { ...none, hasgroups: true }, elsewhere],
  ["hasgroups false", "main", "/api/a", { ...none, hasgroups: false }, plain],
  ["groups, and a role of another claim", "main", "/api/a", source, passes()],
  ["groups, where any caller may", "main", "/me", { ...none, ...source }, passes()],
  ["roles", "main", "/api/a", { ...none, _claim_names: { roles: "src1" } }, elsewhere],
  ["a claim that nobody reads", "main", "/api/a", { ...none, _claim_names: { a: "b" } }, plain],
  ["_claim_names a list", "main", "/api/a", { ...none, _claim_names: ["groups"] }, plain],
  ["_claim_names null", "main", "/api/a", { ...none, _claim_names: null }, plain],
  ["groups, where a rule asks for one", "language", "/group", source, elsewhere],
  [
    "a claim that a rule compares",
    "language",
    "/equals",
    { _claim_names: { team: "a" } },
    elsewhere,
  ],
  [
    "a claim that a rule compares with the path",
    "language",
    "/t/acme/x",
    { _claim_names: { tenants: "a" } },
    elsewhere,
  ],
  // Nobody is let in because a claim is absent that is only left out.
  ["groups, where a rule asks for one's absence", "language", "/not-group", source, elsewhere],
  ["groups, asked for by two negations", "language", "/twice-not", source, elsewhere],
  [
    "an address, where a rule asks that it is not of a domain",
    "language",
    "/not-domain",
    { email: undefined, _claim_names: { email: "a" } },
    elsewhere,
  ],
  [
    "a claim that must not name what the path does",
    "language",
    "/nt/acme",
    { _claim_names: { tenants: "a" } },
    elsewhere,
  ],
  ["nothing, where a rule asks for a group's absence", "language", "/not-group", {}, passes()],
  ["nothing, where the path's name must be absent", "language", "/nt/acme", {}, passes()],
  ["groups, which are no roles here", "unmapped", "/a", { ...none, ...source }, plain],
];

export const OVERAGE: Case[] = await Promise.all(
  ROWS.map(async ([name, gate, target, claims, expect]) => ({
    name: `claims elsewhere: ${name}`,
    gate,
    target,
    token: await token({ ...claims }),
    expect,
  })),
);
