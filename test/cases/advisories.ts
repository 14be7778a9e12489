/**
 * What has opened other gates of this kind, by the classes of their advisories, as far as no other case has it already.
 * test/guest/advisories.test.ts says which case stands for which advisory.
 */
import { rsa } from "../support/keys.ts";
import { token } from "../support/tokens.ts";
import {
  type Case,
  type Expected,
  forbidden,
  invalid,
  malformed,
  passes,
  unauthenticated,
} from "./case.ts";
import { BY_HEADER, BY_NAME, refusedByTraefik, type Row } from "./spoofing.ts";

const viewer = await token();

/** Without a credential, towards `/internal`, past `/public`: what a prefix or a second reader would let through. */
const TARGETS: Record<string, Expected> = {
  "/internal?/public": unauthenticated(),
  "/internal?a=/../public": unauthenticated(),
  "/internal?x=%23/public": unauthenticated(),
  "/internal#/public": refusedByTraefik,
  "/internal%23/public": malformed("path_encoded_delimiter"),
  "/internal%3F/public": malformed("path_encoded_delimiter"),
  "/public%3F/../internal": unauthenticated(),
  "/public%23/..%2Finternal": malformed("path_dot_segment"),
  "/public/%2e%2e/internal": unauthenticated(),
  "/public/%252e%252e/internal": malformed("path_dot_segment"),
  "/public/..%5Cinternal": malformed("path_dot_segment"),
  "/public\\..\\internal": malformed("path_dot_segment"),
  "/public/..;/internal": malformed("path_dot_segment"),
  "//internal": unauthenticated(),
  "///public/../internal": unauthenticated(),
  "/./internal": unauthenticated(),
  "/%69nternal": unauthenticated(),
  "/%zz/public": refusedByTraefik,
  "internal/public": refusedByTraefik,
  "/public%20": unauthenticated(),
  "/public.": unauthenticated(),
  "/public-x": unauthenticated(),
  "/public%2e": unauthenticated(),
  "/api/healthz": unauthenticated(),
  "/api/health/": unauthenticated(),
  "/api/health/x": unauthenticated(),
  "/api/health.json": unauthenticated(),
};

const HOSTS = [
  ...["admin.example.com", "ADMIN.Example.COM", "admin.example.com.", "admin.example.com:8443"],
  ...["Admin.example.com.:80"],
];

const byPath: Row[] = [
  ...Object.entries(TARGETS).map(([target, expect]): Row => [target, "main", { target }, expect]),
  ...HOSTS.map((host): Row => [
    `host ${host} is denied`,
    "peers",
    { headers: { Host: host }, token: viewer },
    forbidden("rule_denies", "closed"),
  ]),
  [
    "a whole URL as the target: its host is denied",
    "peers",
    { target: "http://ADMIN.example.com/me", headers: { Host: "other.example" }, token: viewer },
    forbidden("rule_denies", "closed"),
  ],
  [
    "a whole URL as the target: its path is denied",
    "peers",
    { target: "http://other.example/a/../closed/x", token: viewer },
    forbidden("rule_denies", "closed"),
  ],
];

/** A caller who may set claims at the provider, and sets them to what might match anything. */
const stars = await token({
  ...{ preferred_username: "*", email: "*", groups: ["*"], roles: ["*", "**"], scope: "* **" },
  ...{ realm_access: { roles: ["*", "app-*", "/.*/"] }, team: { name: "*" }, level: "*" },
  ...{ tenants: ["*", "**", "{tenant}"], list: "*;*" },
});
const mail = (email: unknown) => token({ email });
const byClaim: Row[] = [
  ["email as the rule has it", "peers", { target: "/email", token: viewer }, passes()],
  ...(await Promise.all(
    [
      ...["alice@example.com@evil.example", "evil@evil.example@alice@example.com"],
      ...["alice@example.com,evil@evil.example", "alice@example.com\u0000", "ALICE@example.com"],
    ].map(async (email): Promise<Row> => [
      `email ${JSON.stringify(email)}`,
      "peers",
      { target: "/email", token: await mail(email) },
      forbidden("rule_not_satisfied", "email"),
    ]),
  )),
  [
    "email in a list",
    "peers",
    { target: "/email", token: await mail(["alice@example.com"]) },
    forbidden("rule_not_satisfied", "email"),
  ],
  [
    "`*` as a role",
    "main",
    { target: "/api/a", token: stars },
    forbidden("rule_not_satisfied", "read"),
  ],
  [
    "`*` as a scope",
    "main",
    { target: "/scoped", token: stars },
    forbidden("rule_not_satisfied", "scoped", "write admin"),
  ],
  ...["equals", "prefix", "split", "oneof", "group"].map((rule): Row => [
    `\`*\` where ${rule} asks`,
    "language",
    { target: `/${rule}`, token: stars },
    forbidden("rule_not_satisfied", rule),
  ]),
  [
    "`*` as a tenant",
    "language",
    { target: "/t/acme/x", token: stars },
    forbidden("rule_not_satisfied", "tenant"),
  ],
  [
    "`*` in the path for a tenant",
    "language",
    { target: "/t/*/x", token: await token({ tenants: ["acme"] }) },
    forbidden("rule_not_satisfied", "tenant"),
  ],
  ["`*` as aud", "main", { token: await token({ aud: ["*"] }) }, invalid("audience_mismatch")],
  ["`*` as iss", "main", { token: await token({ iss: "*" }) }, invalid("issuer_unknown")],
  ["`*` as kid", "main", { token: await token({}, rsa, { kid: "*" }) }, invalid("key_unknown")],
];

/** A refusal sends nobody anywhere, and leaves nothing in the browser. */
const byRedirect: Row[] = [
  ...["//evil.example", "/\\evil.example", "/?rd=https://evil.example", "/oauth2/start?rd=/\\a"],
].map((target) => [
  `${target} leads nowhere`,
  "main",
  { target, headers: { Accept: "text/html", "Sec-Fetch-Mode": "navigate" } },
  {
    ...(target.startsWith("/\\") ? malformed("path_encoded_separator") : unauthenticated()),
    answer: { Location: null, Refresh: null, "Set-Cookie": null },
  },
]);

/** What is cheap to send must be cheap to refuse. */
const byLoad: Row[] = [
  [
    "a number of chunks that only a loop would believe",
    "cookie",
    {
      headers: {
        Host: "app.example.com",
        Cookie: "session.Chunks=4294967295; session.0=a; session0=4294967295",
      },
    },
    unauthenticated(),
  ],
  [
    "6,000 cookies",
    "cookie",
    { headers: { Host: "app.example.com", Cookie: "session=; ".repeat(6_000) } },
    unauthenticated(),
  ],
  [
    "6,000 parameters",
    "language",
    { target: `/only?${"a&".repeat(6_000)}`, token: viewer },
    passes({ rule: "only" }),
  ],
  ["a callback without its state", "main", { target: "/oauth2/callback" }, unauthenticated()],
];

const CLASSES: Record<string, Row[]> = {
  "client header decides": BY_HEADER,
  "identity by a variant": BY_NAME,
  "path or host walked around": byPath,
  "claim believed": byClaim,
  redirect: byRedirect,
  load: byLoad,
};

export const ADVISORIES: Case[] = Object.entries(CLASSES).flatMap(([name, rows]) =>
  rows.map(([what, gate, request, expect]) => ({
    name: `advisory: ${name}: ${what}`,
    gate,
    ...request,
    expect,
  })),
);
