/** Tokens of several tenants of one provider: each is of one tenant, by its issuer's whole name, its `tid` and its key. */
import { ec, rsa } from "../support/keys.ts";
import { type Claims, signed } from "../support/tokens.ts";
import { claims, seconds } from "../support/tokens.ts";
import { type Case, type Expected, forbidden, invalid, passes } from "./case.ts";
import { otherOnly, PERSONAL, TENANT, TENANTS_ISSUER, tenantIssuer, UNLISTED } from "./gates.ts";

const of = (tenant: string, changes: Claims = {}): Claims =>
  claims({ iss: tenantIssuer(tenant), tid: tenant, ...changes });
const unknown = invalid("issuer_unknown");
const sees = (tenant: string) => passes({ upstream: { headers: { "X-Tenant": tenant } } });

type Row = [string, Claims, Expected, Partial<Case>?, typeof rsa?];
const ROWS: Row[] = [
  ["of a tenant that is listed", of(TENANT), sees(TENANT)],
  ["of the other one, by its key", of(PERSONAL), sees(PERSONAL), {}, ec],
  ["of one that is not listed", of(UNLISTED), unknown],
  [
    "of one that is not listed, with the tid of one that is",
    of(UNLISTED, { tid: TENANT }),
    unknown,
  ],
  ["whose tid is not listed", of(TENANT, { tid: UNLISTED }), unknown],
  ["whose tid is the other one that is listed", of(TENANT, { tid: PERSONAL }), unknown],
  ["without tid", of(TENANT, { tid: undefined }), unknown],
  ["with tid null", of(TENANT, { tid: null }), unknown],
  ["with tid a list", of(TENANT, { tid: [TENANT] }), unknown],
  ["with tid in capitals", of(TENANT, { tid: TENANT.toUpperCase() }), unknown],
  ["with the place itself as issuer", claims({ iss: TENANTS_ISSUER, tid: TENANT }), unknown],
  ["with the place itself in both", claims({ iss: TENANTS_ISSUER, tid: "{tenantid}" }), unknown],
  ["of organizations", of("organizations", { tid: TENANT }), unknown],
  ["of common", of("common"), unknown],
  ["of an issuer with more behind it", of(TENANT, { iss: `${tenantIssuer(TENANT)}/` }), unknown],
  [
    "of an issuer with another tenant's segment before",
    of(TENANT, { iss: tenantIssuer(`${UNLISTED}/${TENANT}`) }),
    unknown,
  ],
  [
    "of an issuer in another spelling",
    of(TENANT, { iss: tenantIssuer(TENANT.toUpperCase()) }),
    unknown,
  ],
  // Keys for personal accounts have signed tokens for organisations once (Storm-0558, 2023).
  ["signed by another tenant's key", of(TENANT), invalid("signature_invalid"), {}, ec],
  [
    "signed by the key of a tenant that is not listed",
    of(TENANT),
    invalid("signature_invalid"),
    {},
    otherOnly,
  ],
  ["a rule for one tenant", of(TENANT), passes({ rule: "one" }), { target: "/one" }],
  [
    "a rule for one tenant, of the other",
    of(PERSONAL),
    forbidden("rule_not_satisfied", "one"),
    { target: "/one" },
    ec,
  ],
  ["a rule for all", of(PERSONAL), passes({ rule: "all" }), { target: "/all" }, ec],
  ["roles", of(TENANT), passes({ rule: "role" }), { target: "/role" }],
  ["for another application", of(TENANT, { aud: "b" }), invalid("audience_mismatch")],
  ["that has expired", of(TENANT, { exp: seconds(-60) }), invalid("token_expired")],
];

export const TENANT_CASES: Case[] = await Promise.all(
  ROWS.map(async ([name, payload, expect, more, key = rsa]) => ({
    name: `tenants: a token ${name}`,
    gate: "tenants" as const,
    token: await signed(JSON.parse(JSON.stringify(payload)) as Claims, key),
    expect,
    ...more,
  })),
);
