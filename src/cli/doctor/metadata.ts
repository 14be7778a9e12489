/**
 * Compares the provider's metadata with the block: endpoints that no router leads to, and how a
 * refresh token is asked for.
 */
import { mapOf, textOf, textsOf, valueOf } from "../middleware/block.ts";
import type { Metadata } from "../keys/discovery.ts";
import { missingForRefresh } from "../providers/refresh.ts";
import { DEFAULTS } from "../defaults.ts";
import { type Finding, signsIn, type Target } from "./target.ts";

const MEMBERS = {
  token: "token_endpoint",
  userinfo: "userinfo_endpoint",
  jwks: "jwks_uri",
} as const;

/** Those that the plugin calls and that the block does not have itself. */
export function elsewhere(metadata: Metadata, target: Target): Finding[] {
  const { block, issuer } = target;
  if (block === null || issuer === null) return [];
  const login = mapOf(block, "login");
  const origins = Object.values(mapOf(login, "endpointOrigins"));
  const known = [new URL(issuer).origin, ...origins];
  const isCalled = {
    token: signsIn(target),
    userinfo: signsIn(target) && String(valueOf(login, "userinfo")) === "true",
    jwks: GIVEN.every((key) => valueOf(block, key) === undefined),
  };
  return (Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]).flatMap((endpoint) => {
    const url = textOf(mapOf(login, "endpoints"), endpoint) ?? metadata[MEMBERS[endpoint]];
    if (!isCalled[endpoint] || typeof url !== "string" || !URL.canParse(url)) return [];
    const { origin } = new URL(url);
    if (known.includes(origin)) return [];
    const lines = `login: { service: ${endpoint}, endpointOrigins: { ${endpoint}: ${origin} }, endpoints: { ${endpoint}: ${url} } }`;
    const evidence = `${MEMBERS[endpoint]} is ${url}; the middleware of its router takes ${lines}, its service servers: [{ url: ${origin} }] and passHostHeader: false`;
    return [{ code: "endpoint_elsewhere" as const, evidence }];
  });
}

const GIVEN = ["jwksFile", "jwks", "publicKeys"];

export function refreshNotAsked(target: Target): Finding[] {
  const { block, issuer } = target;
  if (block === null || issuer === null || !signsIn(target)) return [];
  const login = mapOf(block, "login");
  const scopes =
    valueOf(login, "scopes") === undefined ? DEFAULTS["login.scopes"] : textsOf(login, "scopes");
  const missing = missingForRefresh(issuer, scopes, mapOf(login, "authorizationParams"));
  return missing === null
    ? []
    : [{ code: "refresh_not_asked", evidence: `${missing.provider} wants ${missing.wanted}` }];
}
