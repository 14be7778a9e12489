/** Configurations that are right, and configurations with mistakes: every one is found, at its path, all at once. */
import { ec, keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";
import type { Configuration } from "./gates.ts";

export interface Mistake {
  path: string;
  code: string;
  /** Part of the message. */
  says: string;
  column?: number;
}

export interface BadConfiguration {
  name: string;
  config: unknown;
  mistakes: Mistake[];
  /** Can only stand in JSON with real types (a CRD): the file provider and labels make another value of it. */
  typedOnly?: true;
}

export const GOOD: Configuration = {
  issuer: ISSUER,
  clientId: CLIENT,
  jwks: JSON.stringify(keySet(rsa, ec)),
};

/** The good configuration with changes; undefined takes a key away. */
export const but = (changes: Configuration): Configuration => ({ ...GOOD, ...changes });

/** A row: name, changes to the good configuration, and the mistakes as [path, code, part of the message]. */
export type Row = [string, Configuration, ...[string, string, string][]];

export const rowsOf = (rows: Row[], more: Partial<BadConfiguration> = {}): BadConfiguration[] =>
  rows.map(([name, changes, ...mistakes]) => ({
    name,
    config: but(changes),
    mistakes: mistakes.map(([path, code, says]) => ({ path, code, says })),
    ...more,
  }));

/** Right in every form; a token of alice, who is a viewer, passes, and nobody does not. */
export const GOOD_CONFIGURATIONS: Record<string, Configuration> = {
  least: GOOD,
  full: but({
    mode: "protect",
    audience: [CLIENT, "account"],
    algorithms: ["RS256", "ES256"],
    publicUrl: "https://app.example.com",
    token: { header: "Authorization", cookie: "session" },
    forwardAuthorization: false,
    validation: {
      clockSkew: 30,
      requireExpiration: true,
      requireSubject: true,
      maxTokenAge: "1h",
      tokenTypes: ["JWT", "at+jwt"],
      acceptAzp: false,
      allowNonce: false,
      acceptIdTokens: false,
    },
    roles: { viewer: ["app-viewer"], owner: ["app-owner", "admins"] },
    rolesFrom: ["realm_access.roles", "resource_access.{clientId}.roles", "a\\.b.c"],
    roleHierarchy: { owner: ["viewer"] },
    rules: [
      { name: "health", match: "Path(`/health`) && Method(`GET`, `HEAD`)", allow: "public" },
      {
        match: 'PathPrefix("/") || Host(`*.example.com`)',
        allow: "Role(`viewer`)",
        audit: "denied",
        detail: "Nur für Viewer.",
      },
    ],
    default: "deny",
    encodedPath: "refuse",
    forwardHeaders: { "X-Forwarded-User": "preferred_username", "X-Forwarded-Groups": "@roles" },
    emailUnverified: true,
    audit: "all",
    logLevel: "info",
  }),
  "texts in headers, and origins of apps": but({
    validation: { audienceFrom: "aud" },
    forwardHeaders: { "X-A": "`a`", "X-B": "`a` sub `b`", "X-C": "sub`b`" },
    cors: { allowedOrigins: ["chrome-extension://abcdefghijklmnop", "https://a.example:8443"] },
    rules: [
      { match: "PathPrefix(`/public`)", allow: "optional" },
      { match: "PathPrefix(`/`)", allow: "authenticated" },
    ],
  }),
  "real types": but({
    validation: { clockSkew: 60, maxTokenAge: 3600, requireExpiration: true },
    forwardAuthorization: true,
    rules: [
      { order: 2, match: "PathPrefix(`/`)", allow: "deny" },
      { order: 1, match: "PathPrefix(`/`)", allow: "authenticated" },
    ],
  }),
  "audit: a map": but({ audit: { decisions: "denied", user: "email", client: false } }),
  "audit: names of {clientId}": but({ audit: { user: "resource_access.{clientId}.name" } }),
  "audit: no names": but({ AUDIT: { user: "none", CLIENT: "false" } }),
  "algorithms by both names": but({ algorithms: ["RS256", "EdDSA", "Ed25519"] }),
  "one text for a list": but({ audience: CLIENT, algorithms: "RS256", rolesFrom: "groups" }),
  "keys in other case": { ISSUER, ClientID: CLIENT, JWKS: GOOD.jwks, LOGLEVEL: "info" },
  "a key set as a map": but({ jwks: keySet(rsa) }),
  PEM: but({ jwks: undefined, publicKeys: [rsa.pem, ec.pem] }),
  "a comma in one text": but({ audience: [CLIENT, "a,b"] }),
  "ten rules and more": but({
    rules: [
      ...Array.from({ length: 11 }, (_, i) => ({ match: `Path(\`/p${i}\`)`, allow: "deny" })),
      { match: "PathPrefix(`/`)", allow: "authenticated" },
    ],
  }),
  "issuers with one name each": but({
    forwardHeaders: { "X-User": "preferred_username" },
    issuers: [
      {
        issuer: "https://b.example",
        audience: ["b"],
        jwks: JSON.stringify(keySet(ec)),
        forwardHeaders: { "X-User": "`b:`preferred_username" },
      },
    ],
  }),
  "issuers in a list": {
    issuers: [
      { issuer: ISSUER, clientId: CLIENT, jwks: GOOD.jwks },
      { issuer: "https://b.example", audience: ["b"], jwks: JSON.stringify(keySet(ec)) },
    ],
    roles: { viewer: ["app-viewer"] },
    rules: [{ match: "PathPrefix(`/`)", allow: "Role(`viewer`)" }],
  },
};
