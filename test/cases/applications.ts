/** What belongs to the application: its own Authorization, its visitors without a credential, values in its headers. */
import { tampered, token } from "../support/tokens.ts";
import { type Case, type Expected, invalid, malformed, passes, unauthenticated } from "./case.ts";
import { KEYS, OTHER_ISSUER, otherRsa } from "./gates.ts";
import { rsa } from "../support/keys.ts";
import {
  ALICE,
  cookie,
  DUE,
  EXPIRED,
  GRACE,
  HOST,
  NAVIGATION,
  sealed,
  WITH_KEYS,
} from "./session-cookies.ts";
import { basic, good, nobody, renews, signsIn, told } from "./session-rows.ts";

type Row = [string, Case["gate"], Partial<Case>, Expected];

const viewer = await token({ realm_access: { roles: ["app-viewer"] } });
const bad = tampered(viewer);
/** Jellyfin's. */
const MEDIA = 'MediaBrowser Client="web", Device="a", Token="0123"';
const own = (Authorization: string, more: Record<string, string> = {}) => ({
  headers: { Authorization, ...more },
});
const signedIn = (Authorization: string, more: Record<string, string> = {}) =>
  own(Authorization, { Host: HOST, Cookie: cookie(good), ...more });
const getsOn = (Authorization: string, user = "alice") =>
  passes({ upstream: { headers: { Authorization, "X-Forwarded-User": user } } });
const loses = passes({
  upstream: { headers: { "X-Forwarded-User": "alice" }, absent: ["Authorization"] },
});
const anonymous = (Authorization: string) =>
  passes({ upstream: { headers: { Authorization }, absent: ["X-Forwarded-User"] } });

const withKeys = sealed({ ...ALICE, ...WITH_KEYS });
const keyed = (value: string) => signedIn(value, { Cookie: cookie(withKeys) });
const REPORTED = nobody({ reason: "rule_denies", upstream: { absent: ["Authorization"] } });

const AUTHORIZATION: Row[] = [
  // `token.header: ""`
  ["a Bearer token is none", "no-header", own(`Bearer ${viewer}`), unauthenticated()],
  [
    "a Bearer token goes on, on a public path",
    "no-header",
    { ...own(`Bearer ${viewer}`), target: "/public" },
    anonymous(`Bearer ${viewer}`),
  ],
  ...[`Bearer ${viewer}`, "Bearer opaque", MEDIA, basic("a:b"), "Digest a=b", "x", "Bearer"].map(
    (value): Row => [
      `${value.slice(0, 12)} beside a session`,
      "session-no-header",
      signedIn(value),
      getsOn(value),
    ],
  ),
  [
    "several beside a session are the application's business",
    "session-no-header",
    {
      headers: [
        ["Authorization", "Bearer a"],
        ["Authorization", "Bearer b"],
        ["Host", HOST],
        ["Cookie", cookie(good)],
      ],
    },
    passes({ upstream: { headers: { "X-Forwarded-User": "alice" } } }),
  ],
  [
    "a token in the query counts where Authorization is the application's",
    "query-no-header",
    { ...own(MEDIA), target: `/me?t=${viewer}` },
    passes({ upstream: { target: "/me", headers: { Authorization: MEDIA } } }),
  ],
  // A scheme that nobody asked us to read.
  ...[MEDIA, "Token a", basic("a:b"), "Digest a=b", "opaque"].map((value): Row => [
    `beside a session: ${value.slice(0, 12)}`,
    "session",
    signedIn(value),
    getsOn(value),
  ]),
  ["beside a session: Basic, which API keys come in", "session-keys", keyed(basic("a:b")), loses],
  ["beside a session: another one there", "session-keys", keyed(MEDIA), getsOn(MEDIA)],
  ...["Bearer opaque", `Bearer ${viewer}`].map((value): Row => [
    `beside a session: ${value.slice(0, 13)}`,
    "session",
    signedIn(value),
    malformed("credentials_conflict"),
  ]),
  [
    "beside a session that has ended",
    "session",
    { ...signedIn(MEDIA, { Cookie: cookie(EXPIRED) }), target: "/public" },
    nobody({ upstream: { absent: ["Authorization", "X-Forwarded-User"] } }),
  ],
  [
    "beside none, on a public path",
    "session",
    { ...own(MEDIA, { Host: HOST }), target: "/public" },
    nobody({ upstream: { absent: ["Authorization"] } }),
  ],
  [
    "beside a session that another site's page uses",
    "session",
    {
      ...signedIn(MEDIA, { Origin: "https://evil.example" }),
      method: "POST",
      target: "/public",
    },
    nobody({ upstream: { absent: ["Authorization"] } }),
  ],
  [
    "reported only: it is nobody's",
    "session-report",
    { ...signedIn(MEDIA), target: "/internal" },
    REPORTED,
  ],
];

const badToken = invalid("signature_invalid");
const optionalAlice = passes({
  rule: "maybe",
  upstream: { headers: { "X-Forwarded-User": "alice" } },
});
/** `allow: optional`. */
const OPTIONAL: Row[] = [
  ["nobody", "main", {}, passes({ upstream: { absent: ["X-Forwarded-User"] } })],
  [
    "somebody",
    "main",
    { token: viewer },
    passes({ upstream: { headers: { "X-Forwarded-User": "alice" } } }),
  ],
  ["a bad token", "main", { token: bad }, badToken],
  [
    "a token that has expired",
    "main",
    { token: await token({ exp: 1_700_000_000 }) },
    invalid("token_expired"),
  ],
  ["Bearer and nothing", "main", own("Bearer"), malformed("authorization_malformed")],
  ["another scheme", "main", own("Digest a=b"), passes({ reason: "none" })],
  ["an API key", "keys", { token: KEYS.ci }, passes()],
  ["an API key that has expired", "keys", { token: KEYS.expired }, invalid("api_key_expired")],
  ["a password that is no key", "keys", own(basic("a:b")), passes()],
  ["nothing, with keys", "keys", {}, passes()],
  ["a session", "session", { headers: { Host: HOST, Cookie: cookie(good) } }, optionalAlice],
  [
    "a session that has ended, and a program",
    "session",
    { headers: { Host: HOST, Cookie: cookie(EXPIRED) } },
    told("session_expired"),
  ],
  [
    "a session that has ended, and a person",
    "session",
    { headers: { ...NAVIGATION, Host: HOST, Cookie: cookie(EXPIRED) } },
    signsIn("session_expired", "%2Fmaybe"),
  ],
  [
    "a session that can be renewed",
    "session",
    { headers: { ...NAVIGATION, Host: HOST, Cookie: cookie(GRACE) } },
    renews("session_expired", 302, "%2Fmaybe"),
  ],
  [
    "a session that is due",
    "session",
    { headers: { ...NAVIGATION, Host: HOST, Cookie: cookie(DUE) } },
    renews("session_due", 302, "%2Fmaybe"),
  ],
  ["nobody, with sessions", "session", { headers: { ...NAVIGATION, Host: HOST } }, nobody()],
  [
    "another site's page",
    "session",
    {
      method: "POST",
      headers: { Host: HOST, Cookie: cookie(good), Origin: "https://evil.example" },
    },
    { status: 403, code: "cross_site", reason: "cross_site" },
  ],
];

const values = (headers: Record<string, string>, ...absent: string[]) =>
  passes({ upstream: { headers, absent } });
/** Texts of the configuration in identity headers. */
const VALUES: Row[] = [
  [
    "a text before, after, around and alone",
    "values",
    { token: await token({ list: ["a", "b,c"] }) },
    values({
      "X-Before": "Bearer alice",
      "X-Around": "<alice@example.com>",
      "X-After": "a!,b%2Cc!",
      "X-Text": "let in, 100%25",
    }),
  ],
  [
    "a claim that is missing leaves its texts out",
    "values",
    { token: await token({ preferred_username: undefined, email_verified: false }) },
    values({ "X-Text": "let in, 100%25" }, "X-Before", "X-Around", "X-After"),
  ],
  [
    "a value cannot end the header, nor begin another",
    "values",
    { token: await token({ preferred_username: "a`\r\nX-Text: root" }) },
    values({ "X-Before": "Bearer a`%0D%0AX-Text: root", "X-Text": "let in, 100%25" }),
  ],
  [
    "nobody is given none",
    "values",
    {
      target: "/open",
      headers: { "X-Text": "let in, 100%25", x_text: "a", "X-Before": "Bearer alice" },
    },
    values({}, "X-Text", "x_text", "X-Before"),
  ],
  [
    "an API key is let in, and has no claims",
    "values",
    { token: KEYS.ci },
    values({ "X-Text": "let in, 100%25" }, "X-Before", "X-Around"),
  ],
  [
    "a user of the other issuer is not called as everybody of the first is",
    "issuers",
    {
      token: await token({ iss: OTHER_ISSUER, aud: "api://app", via: "first-gate" }, otherRsa, {
        kid: rsa.kid,
      }),
    },
    values({}, "X-Via"),
  ],
  ["who is of the first", "issuers", { token: await token() }, values({ "X-Via": "first" })],
];

/** A provider's token that has no `aud`, or an empty one: Cognito, Hydra. */
const use = (claims: object) =>
  token({ aud: undefined, azp: undefined, typ: undefined, scope: "a", ...claims });
const other = invalid("audience_mismatch");
const AUDIENCE: [string, Case["gate"], object, Expected][] = [
  ["no aud, client_id is ours", "audience-from", { client_id: "app" }, passes()],
  ["no aud, client_id of another", "audience-from", { client_id: "app2" }, other],
  ["aud of another, client_id ours", "audience-from", { aud: "b", client_id: "app" }, other],
  ["aud ours, client_id of another", "audience-from", { aud: "app", client_id: "b" }, passes()],
  ["an empty aud", "audience-from", { aud: [], client_id: "app" }, passes()],
  ["an empty aud, and no more", "audience-from", { aud: [] }, other],
  ["neither", "audience-from", {}, other],
  ["azp is not listed", "audience-from", { azp: "app" }, other],
  [
    "aud a number, client_id ours",
    "audience-from",
    { aud: 1, client_id: "app" },
    invalid("audience_invalid"),
  ],
  [
    "aud null, client_id ours",
    "audience-from",
    { aud: null, client_id: "app" },
    invalid("audience_invalid"),
  ],
  [
    "client_id an object",
    "audience-from",
    { client_id: { app: true } },
    invalid("audience_invalid"),
  ],
  ["azp before aud", "azp-first", { aud: "b", azp: "app" }, passes()],
  ["azp of another before aud", "azp-first", { aud: "app", azp: "b" }, other],
  [
    "azp before aud, which is a number",
    "azp-first",
    { aud: 1, azp: "app" },
    invalid("audience_invalid"),
  ],
  ["azp before aud, and none", "azp-first", { aud: "app" }, passes()],
  [
    "an ID token by its azp",
    "azp-first",
    { aud: "b", azp: "app", scope: undefined },
    invalid("not_an_access_token"),
  ],
  [
    "Cognito's ID token has aud",
    "audience-from",
    { aud: "app", token_use: "id" },
    invalid("not_an_access_token"),
  ],
  ["client_id where it is not listed", "main", { client_id: "app" }, other],
];

const audience = await Promise.all(
  AUDIENCE.map(async ([name, gate, claims, expect]): Promise<Row> => [
    name,
    gate,
    { token: await use(claims) },
    expect,
  ]),
);

/** Shells of desktop and mobile apps, and extensions. */
const preflight = (origin: string) => ({
  method: "OPTIONS",
  target: "/api/a",
  headers: { Origin: origin, "Access-Control-Request-Method": "PUT" },
});
const APPS: Row[] = [
  ...["tauri://localhost", "capacitor://localhost", "app://obsidian.md"].map((origin): Row => [
    `a preflight of ${origin}`,
    "cors-apps",
    preflight(origin),
    passes(),
  ]),
  ...[
    "tauri://localhost:1",
    "tauri://localhost.evil.example",
    "tauri://",
    "ionic://localhost",
    "https://localhost",
    "null",
    "TAURI://localhost",
  ].map((origin): Row => [
    `a preflight of ${origin}`,
    "cors-apps",
    preflight(origin),
    unauthenticated(),
  ]),
  [
    "an app reads a refusal",
    "cors-apps",
    { target: "/api/a", headers: { Origin: "app://obsidian.md" } },
    {
      ...unauthenticated(),
      answer: { "Access-Control-Allow-Origin": "app://obsidian.md", Vary: "Origin" },
    },
  ],
];

const TYPES: Row[] = [
  ["at+jwt", "long-type", { token: await token({}, rsa, { typ: "at+jwt" }) }, passes()],
  [
    "application/at+jwt",
    "long-type",
    { token: await token({}, rsa, { typ: "Application/AT+JWT" }) },
    passes(),
  ],
  ["JWT", "long-type", { token: viewer }, invalid("type_not_allowed")],
];

/** As AWS's load balancer writes `x-amzn-oidc-data`: each part padded, and no `aud`. */
const [header, payload, signature] = (await token({ aud: undefined, jti: "a" })).split(".");
const padded = [header, payload, signature].map(
  (it) => it! + "=".repeat((4 - (it!.length % 4)) % 4),
);
const members = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`m${i}`, i]));
/** What large realms and other servers' tokens are like. */
const LARGE: Row[] = [
  [
    "padded as by AWS's load balancer",
    "header",
    { headers: { "X-Access-Token": `${padded.join(".")}=` } },
    invalid("token_base64url"),
  ],
  ["1,024 members in one object", "main", { token: await token({ a: members(1024) }) }, passes()],
  [
    "1,025 members in one object",
    "main",
    { token: await token({ a: members(1025) }) },
    invalid("payload_not_json"),
  ],
  ["31 KiB", "main", { token: await token({ a: "a".repeat(23_000) }) }, passes()],
];

const named = (what: string, rows: Row[], more: Partial<Case> = {}): Case[] =>
  rows.map(([name, gate, request, expect]) => ({
    name: `${what}: ${name}`,
    gate,
    ...more,
    ...request,
    expect,
  }));

export const APPLICATIONS: Case[] = [
  ...named("Authorization of the application", AUTHORIZATION),
  ...named("optional", OPTIONAL, { target: "/maybe" }),
  ...named("header values", VALUES),
  ...named("audience from", audience),
  ...named("apps", APPS),
  ...named("tokenTypes: [application/at+jwt]", TYPES),
  ...named("a token of", LARGE),
];
