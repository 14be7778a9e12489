/** Mistakes in the tenants of an issuer. */
import { ec, keySet } from "../support/keys.ts";
import { type BadConfiguration, type Row, rowsOf } from "./configurations.ts";

const TENANTS = "https://login.example.com/{tenantid}/v2.0";
const TENANT = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
const tenantOf = (number: number) => TENANT.replace(/.{12}$/, String(number).padStart(12, "0"));

const entry = { issuer: "https://b.example", clientId: "b", jwks: JSON.stringify(keySet(ec)) };

const ROWS: Row[] = [
  [
    "an issuer of several tenants, and none is listed",
    { issuer: TENANTS },
    ["tenants", "missing", "anyone can have one"],
  ],
  [
    "an issuer of several tenants, and an empty list",
    { issuer: TENANTS, tenants: [] },
    ["tenants", "missing", "anyone can have one"],
  ],
  [
    "tenants of an issuer that names one",
    { tenants: [TENANT] },
    ["tenants", "conflict", "its tenant already"],
  ],
  ...[
    ...["https://{tenantid}.ciamlogin.com/{tenantid}/v2.0", "https://{tenantid}/v2.0"],
    ...[
      "https://login.example.com/{tenantid}/{tenantid}/v2.0",
      "https://l.example/a{tenantid}/v2.0",
    ],
    ...["https://login.example.com/{tenantid}x/v2.0", "{tenantid}", "https://l.example?{tenantid}"],
  ].map((issuer): Row => [
    `tenants of ${issuer}`,
    { issuer, tenants: [TENANT] },
    ["issuer", "wrong_value", "as a segment of the path"],
  ]),
  ...[
    ...[
      TENANT.toUpperCase(),
      TENANT.slice(1),
      `${TENANT}0`,
      "contoso.onmicrosoft.com",
      "common",
      "*",
    ],
    ...[TENANT.replaceAll("-", "0"), TENANT.replace("8", "g"), TENANT.replace("-", "/")],
  ].map((tenant): Row => [
    `tenants: ${tenant}`,
    { issuer: TENANTS, tenants: [tenant] },
    ["tenants[0]", "wrong_value", "a tenant's ID"],
  ]),
  [
    "tenants: one twice",
    { issuer: TENANTS, tenants: [TENANT, TENANT] },
    ["tenants[1]", "duplicate", "is here already"],
  ],
  [
    "tenants: one that is an issuer as well",
    {
      issuer: TENANTS,
      tenants: [TENANT],
      issuers: [{ ...entry, issuer: TENANTS.replace("{tenantid}", TENANT) }],
    },
    ["tenants[0]", "duplicate", "is here already"],
  ],
  [
    "more than 64 tenants",
    { issuer: TENANTS, tenants: Array.from({ length: 65 }, (_, i) => tenantOf(i)) },
    ["tenants", "too_many", "64"],
  ],
  [
    "more than 64 tenants of two issuers",
    {
      issuer: TENANTS,
      tenants: Array.from({ length: 40 }, (_, i) => tenantOf(i)),
      issuers: [
        {
          ...entry,
          issuer: "https://b.example/{tenantid}/",
          tenants: Array.from({ length: 25 }, (_, i) => tenantOf(i)),
        },
      ],
    },
    ["issuers[0].tenants", "too_many", "64"],
  ],
];

export const BAD_TENANTS: BadConfiguration[] = rowsOf(ROWS);
