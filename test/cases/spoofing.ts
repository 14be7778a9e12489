/** What a client's own headers must never decide: whether it may, and who it is. By the classes of others' advisories. */
import { token } from "../support/tokens.ts";
import { type Case, type Expected, forbidden, passes, unauthenticated } from "./case.ts";
import { type GateName, KEYS } from "./gates.ts";

const viewer = await token();
const ofNoName = await token({ preferred_username: undefined, realm_access: undefined });
const UI = "https://app.example.com";
export const refusedByTraefik: Expected = { status: 400, reason: "", beforeGuest: true };

export type Row = [name: string, gate: GateName, request: Partial<Case>, expect: Expected];

/** Headers by which proxies say what the request was, and applications what it is to be. */
const PATH_HEADERS = [
  ...["X-Forwarded-Uri", "X-Forwarded-Path", "X-Forwarded-Prefix", "X-Original-Uri"],
  ...["X-Original-URL", "X-Rewrite-URL", "X-Envoy-Original-Path", "X-Auth-Request-Redirect"],
];
const METHOD_HEADERS = [
  ...["X-Forwarded-Method", "X-Original-Method", "X-Method-Override"],
  ...["X-HTTP-Method", "X-HTTP-Method-Override"],
];
const HEALTH_CHECKERS = ["GoogleHC/1.0", "kube-probe/1.31", "ELB-HealthChecker/2.0", "Consul"];

/** Each alone, on a path that is not public. */
const NO_CREDENTIAL: Record<string, Record<string, string>> = {
  "a stream of events": { Accept: "text/event-stream" },
  "an upgrade": { Connection: "Upgrade", Upgrade: "websocket" },
  "a preflight's method": { "Access-Control-Request-Method": "GET", Origin: UI },
  "an XMLHttpRequest": { "X-Requested-With": "XMLHttpRequest" },
  "a name": { "X-Forwarded-User": "root", "X-Forwarded-Groups": "owner" },
  "another proxy's name": { "Remote-User": "root", "X-Auth-Request-User": "root" },
  "a trusted address": { "X-Forwarded-For": "127.0.0.1", "X-Real-Ip": "127.0.0.1" },
  "a certificate": { "X-Forwarded-Tls-Client-Cert": "MIIB" },
  "a session of another gate": { Cookie: "_oauth2_proxy=a; TraefikOidcAuth.Session.Chunks=1" },
};

export const BY_HEADER: Row[] = [
  ...PATH_HEADERS.flatMap((name): Row[] => [
    [
      `${name} opens no path`,
      "main",
      { target: "/api/a", headers: { [name]: "/public" } },
      unauthenticated(),
    ],
    [
      `${name} lifts no denial`,
      "main",
      { target: "/internal", headers: { [name]: "/me" }, token: viewer },
      forbidden("rule_denies", "internal"),
    ],
  ]),
  ...METHOD_HEADERS.flatMap((name): Row[] => [
    [
      `${name} opens no method`,
      "main",
      { method: "POST", target: "/api/health", headers: { [name]: "GET" } },
      unauthenticated(),
    ],
    [
      `${name} makes no reader a writer`,
      "main",
      { method: "POST", target: "/api/a", headers: { [name]: "GET" }, token: viewer },
      forbidden("rule_not_satisfied", "write"),
    ],
  ]),
  [
    // SECURITY.md leaves it to the application: the rule is that of the method, and the header goes on.
    "X-HTTP-Method-Override is the application's business",
    "main",
    { target: "/api/a", headers: { "X-HTTP-Method-Override": "DELETE" }, token: viewer },
    passes({ rule: "read", upstream: { headers: { "X-HTTP-Method-Override": "DELETE" } } }),
  ],
  ...HEALTH_CHECKERS.map((agent): Row => [
    `User-Agent ${agent}`,
    "main",
    { target: "/api/a", headers: { "User-Agent": agent } },
    unauthenticated(),
  ]),
  ...Object.entries(NO_CREDENTIAL).map(([name, headers]): Row => [
    `${name} is no credential`,
    "main",
    { target: "/api/a", headers },
    unauthenticated(),
  ]),
  [
    "X-Forwarded-Host is no host for rules",
    "main",
    { target: "/host", headers: { "X-Forwarded-Host": "admin.example.com" }, token: viewer },
    forbidden("no_rule"),
  ],
  [
    "X-Forwarded-Host lifts no denial",
    "peers",
    {
      headers: { Host: "admin.example.com", "X-Forwarded-Host": "app.example.com" },
      token: viewer,
    },
    forbidden("rule_denies", "closed"),
  ],
  [
    "X-Forwarded-Host makes no other host ours",
    "cookie",
    {
      headers: { Host: "evil.example", "X-Forwarded-Host": "app.example.com", Cookie: `session=a` },
    },
    { status: 421, code: "wrong_host", reason: "wrong_host" },
  ],
  [
    "X-Forwarded-Proto and -Host make no origin ours",
    "cookie",
    {
      method: "POST",
      headers: {
        ...{ Host: "app.example.com", Origin: "https://evil.example", Cookie: `session=${viewer}` },
        ...{ "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" },
      },
    },
    { status: 403, code: "cross_site", reason: "cross_site" },
  ],
];

/** Every character that a header's name may have, RFC 9110 §5.6.2, where ours has `-`. */
const VARIANTS = [..."_.!#$%&'*+^`|~"].map((c) => `X${c}Forwarded${c}User`);
export const BY_NAME: Row[] = [
  ...VARIANTS.flatMap((name): Row[] => [
    [
      `${name} where the claim is missing`,
      "main",
      { headers: [[name, "root"]], token: ofNoName },
      passes({ upstream: { absent: [name, "X-Forwarded-User"] } }),
    ],
    [
      `${name} on a public path`,
      "main",
      { target: "/public", headers: [[name, "root"]] },
      passes({ upstream: { absent: [name, "X-Forwarded-User"] } }),
    ],
  ]),
  [
    "X-Forwarded-Groups of a caller without roles",
    "main",
    { headers: { "X-Forwarded-Groups": "owner", X_Forwarded_Groups: "owner" }, token: ofNoName },
    passes({ upstream: { absent: ["X-Forwarded-Groups", "X_Forwarded_Groups"] } }),
  ],
  [
    "X-Forwarded-User with a bad token on a public path",
    "main",
    { target: "/public", headers: { "X.Forwarded.User": "root" }, token: "nonsense" },
    passes({ upstream: { absent: ["X.Forwarded.User", "X-Forwarded-User"] } }),
  ],
  [
    "X-Key of a caller with a token, who has none",
    "keys",
    {
      headers: { "X-Key": "ci", X_Key: "ci", "X.Key": "ci" },
      token: await token({ realm_access: { roles: ["viewer"] } }),
      target: "/api/a",
    },
    passes({ upstream: { absent: ["X-Key", "X_Key", "X.Key"] } }),
  ],
  [
    "X-Roles of an API key",
    "keys",
    { headers: { X_Roles: "owner", "X-Roles": "owner" }, token: KEYS.rotated, target: "/api/a" },
    passes({ upstream: { headers: { "X-Roles": "viewer" }, absent: ["X_Roles"] } }),
  ],
  [
    "the other issuer's header",
    "issuers",
    { headers: { "X-Person": "root", X_Person: "root" }, token: viewer },
    passes({ upstream: { headers: { "X-User": "alice" }, absent: ["X-Person", "X_Person"] } }),
  ],
  [
    "a space behind the name",
    "main",
    { target: "/public", headers: [["X-Forwarded-User ", "root"]] },
    refusedByTraefik,
  ],
];
