/** The configurations that the table of cases runs under, by name. In Traefik each is a middleware of its own. */
import { createHash } from "node:crypto";
import { apiKey, digestOf } from "../support/api-keys.ts";
import { ec, keySet, rsa, testKey } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";

export type Configuration = Record<string, unknown>;

export const OTHER_ISSUER = "https://login.example.org/";
/** The other issuer's key, under a `kid` that the first issuer has too; and one that only it has. */
export const otherRsa = testKey("other-rsa-1");
export const otherOnly = testKey("other-2");
/** For EdDSA, which RFC 9864 calls Ed25519. */
export const edwards = testKey("edwards", "Ed25519");
/** Five keys of one kind, for a token that names none of them. */
const many = [1, 2, 3, 4, 5].map((number) => testKey(`many-${number}`, "ES256"));
/** Without `kid`, `alg` and `use`. */
const { kid: _, alg: __, use: ___, ...bareJwk } = testKey("bare", "ES256").jwk;

/** API keys by what they are for. */
export const KEYS = {
  ci: apiKey(),
  rotated: apiKey(),
  expired: apiKey(),
  odd: apiKey(),
  /** Whose name is the issuer's. */
  namesake: apiKey(),
  /** Two whose names are those of users, one with the text that stands before them. */
  person: apiKey(),
  partner: apiKey(),
  file: apiKey(),
};

/** The mount of every gate; cases/files.ts has what is on it. */
export const STATE = "/state";

/** A secret of 32 bytes, in the environment that the plugin sees, and where only the gate below looks for it. */
export const SECRET = "correct horse battery staple 123";
/** What sessions are sealed with: the one in use, and one before it. */
export const SESSION_SECRETS = ["now", "before"].map((label) =>
  createHash("sha256").update(`a session's secret ${label}`).digest(),
);
export const ENVIRONMENT: Record<string, string> = {
  HS_SECRET: SECRET,
  SESSION_SECRET: SESSION_SECRETS[0]!.toString("base64url"),
  OLD_SESSION_SECRET: SESSION_SECRETS[1]!.toString("hex"),
  UPSTREAM: "Basic dXNlcjpwYXNzd29yZA==",
};

/** A provider of several tenants, as Entra ID writes it: two are allowed, one of them that of personal accounts. */
export const TENANTS_ISSUER = "https://login.example.com/{tenantid}/v2.0";
export const TENANT = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";
export const PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";
export const UNLISTED = "11111111-2222-3333-4444-555555555555";
export const tenantIssuer = (tenant: string) => TENANTS_ISSUER.replace("{tenantid}", tenant);
export const TENANT_KEYS = {
  keys: [
    { ...rsa.jwk, issuer: TENANTS_ISSUER },
    { ...ec.jwk, issuer: tenantIssuer(PERSONAL) },
    { ...otherOnly.jwk, issuer: tenantIssuer(UNLISTED) },
  ],
};

const base = {
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa, ec)),
  logLevel: "debug",
  audit: "all",
};

const roles = { viewer: ["app-viewer"], runner: ["app-runner"], owner: ["app-owner", "admins"] };
const roleHierarchy = { owner: ["runner"], runner: ["viewer"] };
const forwardHeaders = {
  "X-Forwarded-User": "preferred_username",
  "X-Forwarded-Email": "email",
  "X-Forwarded-Groups": "@roles",
  "X-Address": "address",
};

const rules = [
  { name: "health", match: "Path(`/api/health`) && Method(`GET`, `HEAD`)", allow: "public" },
  { name: "public", match: "PathPrefix(`/public`)", allow: "public" },
  { name: "maybe", match: "PathPrefix(`/maybe`)", allow: "optional" },
  { name: "internal", match: "PathPrefix(`/internal`)", allow: "deny" },
  { name: "me", match: "Path(`/me`)", allow: "authenticated" },
  { name: "scoped", match: "Path(`/scoped`)", allow: "Scope(`write`, `admin`)" },
  {
    name: "host",
    match:
      "Host(`admin.example.com`, `*.tenant.example.com`, `**.deep.example.com`) && PathPrefix(`/host`)",
    allow: "authenticated",
  },
  { name: "files", match: "PathPrefix(`/files`)", allow: "authenticated", encodedPath: "allow" },
  { name: "item", match: "Path(`/items/*/parts/{part}`, `/deep/**/end`)", allow: "authenticated" },
  { name: "read", match: "PathPrefix(`/api`) && Method(`GET`)", allow: "Role(`viewer`)" },
  {
    name: "delete",
    match: "PathPrefix(`/api`) && Method(`DELETE`)",
    allow: "Role(`owner`) && (Scope(`admin`) || Scope(`sudo`))",
  },
  { name: "write", match: "PathPrefix(`/api`) && !Method(`GET`)", allow: "Role(`runner`)" },
  { name: "robots", match: "PathPrefix(`/robots`)", allow: "Authenticated() && !Role(`viewer`)" },
  {
    name: "calendars",
    match: "PathPrefix(`/dav`) && Method(`PROPFIND`, `MKCALENDAR`, `M-SEARCH`)",
    allow: "authenticated",
  },
];

const gate = { ...base, roles, roleHierarchy, forwardHeaders, rules };
const publicUrl = ["https://app.example.com", "http://app.example.com:8080/"];

/** Seconds of a session's longest life, and the number of the period that its revocations are filed under. */
const MAX_AGE = 12 * 3600;
export const PERIOD = Math.floor(Date.now() / 1000 / MAX_AGE);
export const SESSION_HOSTS = ["https://app.example.com", "https://b.example.com"];
const sessionGate = {
  ...gate,
  publicUrl: SESSION_HOSTS,
  session: { secrets: ["env:SESSION_SECRET", "env:OLD_SESSION_SECRET"] },
  cors: { allowedOrigins: ["https://ui.example.com"] },
  stateDir: `${STATE}/sessions`,
};
/** More records than are taken. */
const unreadable = { ...sessionGate, stateDir: `${STATE}/unreadable` };

const keyGate = {
  ...base,
  roleHierarchy,
  forwardHeaders: { "X-Key": "@apiKey", "X-Roles": "@roles" },
  apiKeysFile: `${STATE}/api-keys.json`,
  apiKeys: [
    { name: "ci", sha256: digestOf(KEYS.ci), roles: ["runner"], expires: "2199-01-01T00:00:00Z" },
    { name: "ci", sha256: digestOf(KEYS.rotated), roles: "viewer" },
    { name: "old", sha256: digestOf(KEYS.expired), roles: "runner", expires: "2026-01-01" },
    { name: "odd", sha256: digestOf(KEYS.odd), roles: "stranger" },
    { name: ISSUER, sha256: digestOf(KEYS.namesake) },
  ],
  rules: [
    { name: "open", match: "Path(`/open`)", allow: "public" },
    { name: "maybe", match: "Path(`/maybe`)", allow: "optional" },
    { name: "me", match: "Path(`/me`)", allow: "authenticated" },
    { name: "only-ci", match: "Path(`/only-ci`)", allow: "ApiKey(`ci`, `cd`)" },
    { name: "namesake", match: "Path(`/namesake`)", allow: `ApiKey(\`${ISSUER}\`)` },
    {
      name: "claims",
      match: "Path(`/claims`)",
      allow: `Exists(\`sub\`) || Issuer(\`${ISSUER}\`)`,
    },
    { name: "read", match: "PathPrefix(`/api`) && Method(`GET`)", allow: "Role(`viewer`)" },
    { name: "write", match: "PathPrefix(`/api`)", allow: "Role(`runner`)" },
  ],
};

const unmapped = {
  ...base,
  default: "deny",
  forwardHeaders: { "X-Roles": "@roles", "X-Name": "given.name" },
  rules: [{ match: "PathPrefix(`/`)", allow: "Role(`editor`)" }],
};

export const GATES = {
  main: gate,
  /** No rules: whoever has a valid token may pass. */
  open: base,
  /** No host, session or token in the query: few requests have anything to check before the credential. */
  plain: {
    ...base,
    forwardHeaders,
    cors: { allowedOrigins: ["https://ui.example.com"] },
    rules: [{ name: "public", match: "PathPrefix(`/public`)", allow: "public" }],
    default: "authenticated",
  },
  /** The provider's names are the roles. */
  unmapped,
  "role-maps": {
    ...unmapped,
    rolesFrom: ["urn:zitadel:iam:org:project:roles", "account.groups[].name"],
  },
  "unmapped-groups": { ...unmapped, rolesFrom: "groups" },
  forwarding: { ...gate, forwardAuthorization: "true" },
  query: { ...gate, token: { query: "access_token" } },
  /** Authorization is the application's. */
  "no-header": { ...gate, token: { header: "" } },
  "query-no-header": { ...gate, token: { header: "", query: "t" } },
  "session-no-header": { ...sessionGate, token: { header: "" } },
  socket: { ...gate, token: { webSocketProtocol: true } },
  upstream: { ...gate, upstreamAuthorization: "env:UPSTREAM" },
  report: { ...gate, reportOnly: "true" },
  "report-upgrade": {
    ...base,
    reportOnly: true,
    rules: [{ name: "tcp", match: "Path(`/tcp`)", allow: "Authenticated() && Upgrade(`tcp`)" }],
  },
  /** Names that are not ASCII. */
  names: {
    ...base,
    roles: { läufer: ["läufer-extern"] },
    roleHierarchy: { läufer: ["gäste"] },
    rules: [
      { name: "guests", match: "PathPrefix(`/gäste`)", allow: "Role(`gäste`)" },
      { name: "others", match: "PathPrefix(`/andere`)", allow: "!Role(`läufer`)" },
    ],
  },
  "cookie-cors": {
    ...gate,
    token: { cookie: "session" },
    publicUrl,
    cors: { allowedOrigins: ["https://ui.example.com"] },
  },
  cors: { ...gate, cors: { allowedOrigins: ["https://ui.example.com"] } },
  "cors-apps": {
    ...gate,
    cors: { allowedOrigins: ["tauri://localhost", "capacitor://localhost", "app://obsidian.md"] },
  },
  /** Texts of the configuration in headers. */
  values: {
    ...base,
    forwardHeaders: {
      "X-Before": "`Bearer `preferred_username",
      "X-Around": "`<`email`>`",
      "X-After": "list `!`",
      "X-Text": "`let in, 100%`",
    },
    apiKeys: keyGate.apiKeys,
    rules: [
      { name: "open", match: "Path(`/open`)", allow: "public" },
      { name: "rest", match: "PathPrefix(`/`)", allow: "authenticated" },
    ],
  },
  "audience-from": { ...base, validation: { audienceFrom: ["aud", "client_id"] } },
  "azp-first": { ...base, validation: { audienceFrom: ["azp", "aud"] } },
  "long-type": { ...base, validation: { tokenTypes: ["application/at+jwt"] } },
  keys: keyGate,
  "keys-missing": { ...keyGate, apiKeysFile: `${STATE}/missing.json` },
  bodies: {
    ...base,
    roles,
    rules: [
      {
        name: "secrets",
        match: "Path(`/blocks/filter`) && Method(`POST`)",
        allow: "Role(`owner`) || (Role(`viewer`) && BodyOnly(`include_secrets`, `false`))",
      },
      { name: "closed", match: "Path(`/closed`) && BodyJSON(`a`)", allow: "Role(`owner`)" },
      { name: "closed too", match: "Path(`/closed`) && !BodyOnly(`a`, `1`)", allow: "deny" },
      { name: "closed still", match: "Path(`/closed`)", allow: "Role(`owner`)" },
      { name: "sides", match: "Path(`/sides`)", allow: "BodyOnly(`a`, `1`) && Role(`owner`)" },
      { name: "kind", match: 'PathPrefix(`/kind`) && BodyJSON(`a.kind`, `"x"`)', allow: "public" },
      { name: "rest", match: "PathPrefix(`/`)", allow: "Role(`viewer`)" },
    ],
  },
  language: {
    ...base,
    roles,
    rules: [
      { name: "header", match: "Path(`/header`) && Header(`X-Mode`, `fast`)", allow: "public" },
      { name: "query", match: "Path(`/query`) && Query(`a b`, `1`)", allow: "public" },
      { name: "empty", match: "Path(`/empty`) && Query(`q`)", allow: "public" },
      { name: "present", match: "Path(`/present`) && !QueryOnly(`q`)", allow: "public" },
      {
        name: "only",
        match: "Path(`/only`) && QueryOnly(`secrets`, `false`, `0`)",
        allow: "public",
      },
      { name: "socket", match: "Path(`/socket`) && WebSocket()", allow: "public" },
      { name: "tcp", match: "Path(`/tcp`) && Upgrade(`tcp`, `SPDY/3.1`)", allow: "public" },
      { name: "exec", match: "Path(`/exec`)", allow: "Authenticated() && Upgrade(`tcp`)" },
      { name: "not-tcp", match: "Path(`/not-tcp`) && !Upgrade(`tcp`)", allow: "public" },
      { name: "any", match: "Path(`/any`)", allow: "public" },
      { name: "near", match: "Path(`/near`) && ClientIP(`127.0.0.0/8`)", allow: "public" },
      { name: "six", match: "Path(`/six`) && ClientIP(`::/0`)", allow: "public" },
      { name: "folder", match: "PathPrefix(`/folder/`)", allow: "public" },
      { name: "star", match: "Path(`/%2A/%7Bid%7D`)", allow: "public" },
      { name: "far", match: "Path(`/far`) && ClientIP(`10.0.0.0/8`)", allow: "public" },
      { name: "tenant", match: "Path(`/t/{tenant}/**`)", allow: "Contains(`tenants`, `{tenant}`)" },
      {
        name: "other",
        match: "(Path(`/o/*/{o}/secret`) && Method(`PUT`)) || Path(`/o/{o}/**`)",
        allow: "Contains(`tenants`, `{o}`)",
      },
      {
        name: "twice",
        match: "Path(`/w/{w}/**`)",
        allow: "Path(`/w/*/{v}/secret`) || Contains(`tenants`, `{w}`)",
      },
      { name: "equals", match: "Path(`/equals`)", allow: "Equals(`team.name`, `red`)" },
      { name: "prefix", match: "Path(`/prefix`)", allow: "Prefix(`team.name`, `re`)" },
      { name: "split", match: "Path(`/split`)", allow: "SplitContains(`list`, `;`, `b`)" },
      { name: "oneof", match: "Path(`/oneof`)", allow: "OneOf(`level`, `2`, `3`)" },
      { name: "exists", match: "Path(`/exists`)", allow: "Exists(`nothing`) || Exists(`team`)" },
      { name: "group", match: "Path(`/group`)", allow: "Group(`g1`)" },
      { name: "below", match: "Path(`/below`)", allow: "Group(`/sales/**`, `team/**`)" },
      { name: "parent", match: "Path(`/parent`)", allow: "Group(`/sales`)" },
      { name: "domain", match: "Path(`/domain`)", allow: "EmailDomain(`example.com`, `Ex.ORG`)" },
      {
        name: "not-domain",
        match: "Path(`/not-domain`)",
        allow: "!EmailDomain(`example.com`)",
      },
      { name: "not-group", match: "Path(`/not-group`)", allow: "!Group(`banned`)" },
      { name: "twice-not", match: "Path(`/twice-not`)", allow: "!(!Group(`staff`))" },
      {
        name: "not-tenant",
        match: "Path(`/nt/{n}`)",
        allow: "Authenticated() && !(Contains(`tenants`, `{n}`) || Exists(`nothing`))",
      },
      { name: "issuer", match: "Path(`/issuer`)", allow: `Issuer(\`${ISSUER}\`)` },
      { name: "foreign", match: "Path(`/foreign`)", allow: `Issuer(\`${OTHER_ISSUER}\`)` },
    ],
  },
  cookie: { ...gate, token: { cookie: "session" }, publicUrl },
  header: { ...gate, token: { header: "X-Access-Token" } },
  pem: { ...base, jwks: undefined, publicKeys: [rsa.pem, ec.pem] },
  bare: { ...base, jwks: { keys: [bareJwk] } },
  many: { ...base, jwks: JSON.stringify(keySet(...many)) },
  file: { ...base, jwks: undefined, jwksFile: `${STATE}/keys.json` },
  tenants: {
    ...base,
    issuer: TENANTS_ISSUER,
    tenants: [TENANT, PERSONAL],
    jwks: JSON.stringify(TENANT_KEYS),
    roles,
    forwardHeaders: { "X-Tenant": "tid", "X-User": "preferred_username" },
    rules: [
      { name: "one", match: "Path(`/one`)", allow: `Issuer(\`${tenantIssuer(TENANT)}\`)` },
      { name: "all", match: "Path(`/all`)", allow: `Issuer(\`${TENANTS_ISSUER}\`)` },
      { name: "role", match: "Path(`/role`)", allow: "Role(`viewer`)" },
      { name: "rest", match: "PathPrefix(`/`)", allow: "authenticated" },
    ],
  },
  "no-keys": { ...base, jwks: undefined, jwksFile: `${STATE}/missing.json` },
  hmac: { ...base, jwks: undefined, signingSecret: "env:HS_SECRET" },
  "only-es256": { ...base, algorithms: ["ES256"] },
  edwards: { ...base, jwks: undefined, publicKeys: [edwards.pem] },
  "edwards-in-a-set": { ...base, jwks: JSON.stringify(keySet(edwards)) },
  "only-ed25519": { ...base, jwks: undefined, publicKeys: [edwards.pem], algorithms: ["Ed25519"] },
  issuers: {
    logLevel: "debug",
    audit: "all",
    issuers: [
      {
        issuer: ISSUER,
        clientId: CLIENT,
        jwks: JSON.stringify(keySet(rsa)),
        forwardHeaders: {
          ...{ "X-User": "preferred_username", "X-Name": "name", "X-List": "list" },
          "X-Caller": "@apiKey",
          "X-Via": "`first`",
        },
      },
      {
        issuer: OTHER_ISSUER,
        clientId: "other",
        audience: ["api://app"],
        jwks: JSON.stringify({ keys: [{ ...otherRsa.jwk, kid: rsa.kid }, otherOnly.jwk] }),
        forwardHeaders: {
          "X-Person": "sub",
          "X-Name": "`ptr:`name",
          "X-List": "`ptr:` list",
          "X-Email": "`ptr:`email",
          "X-Caller": "`ptr:`sub",
          "X-Via": "via",
        },
      },
    ],
    apiKeys: [
      { name: "alice", sha256: digestOf(KEYS.person) },
      { name: "ptr:alice", sha256: digestOf(KEYS.partner) },
    ],
  },
  azp: { ...base, validation: { acceptAzp: true }, audience: ["somebody-else"] },
  age: { ...base, validation: { maxTokenAge: "1m", clockSkew: "0" } },
  "no-exp": { ...base, validation: { requireExpiration: "false" } },
  nonce: { ...base, validation: { allowNonce: true } },
  "id-tokens": { ...base, validation: { acceptIdTokens: true } },
  subject: { ...base, validation: { requireSubject: true } },
  "no-subject": { ...base, validation: { requireSubject: "false" } },
  /** Whoever leaves the client out has an audience that no ID token has. */
  "no-client": { ...base, clientId: undefined, audience: [CLIENT] },
  api: { ...base, audience: [CLIENT, "api"] },
  types: { ...base, validation: { tokenTypes: ["at+jwt"] } },
  /** Types that JSON has words and numbers for as well. */
  "odd-types": { ...base, validation: { tokenTypes: ["true", "null", "1", "[]", "{}"] } },
  email: { ...base, emailUnverified: true, forwardHeaders: { "X-Email": "email" } },
  /** Denials by host and by path before what is open, and a rule about an address. */
  peers: {
    ...base,
    rules: [
      {
        name: "closed",
        match: "Host(`admin.example.com`, `10.1.2.3`, `[2001:db8:0::1]`) || PathPrefix(`/closed`)",
        allow: "deny",
      },
      { name: "email", match: "Path(`/email`)", allow: "Equals(`email`, `alice@example.com`)" },
      { name: "rest", match: "PathPrefix(`/`)", allow: "authenticated" },
    ],
  },
  session: sessionGate,
  "session-forwarding": { ...sessionGate, forwardAuthorization: true },
  "session-report": { ...sessionGate, reportOnly: true },
  "session-keys": { ...sessionGate, apiKeys: keyGate.apiKeys },
  "session-unreadable": unreadable,
  "session-unreadable-allowed": {
    ...unreadable,
    session: { ...unreadable.session, revocationUnreadable: "allow" },
  },
  /** Its directory is not there. */
  "session-gone": { ...sessionGate, stateDir: `${STATE}/gone` },
  "session-no-keys": { ...sessionGate, jwks: undefined, jwksFile: `${STATE}/missing.json` },
  "session-domain": {
    ...sessionGate,
    session: { ...sessionGate.session, domain: "example.com", cookieName: "shared" },
  },
  "session-broken": { ...sessionGate, rules: [{ match: "PathPrefix(`/`", allow: "public" }] },
  /** Wrong: a rule that cannot be parsed. */
  broken: { ...gate, rules: [{ match: "PathPrefix(`/`", allow: "public" }] },
} satisfies Record<string, Configuration>;

export type GateName = keyof typeof GATES;
