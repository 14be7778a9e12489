/** traefikoidc (lukaszraczylo), by its page on configuration. */
import { type Allow, both, call } from "../allow.ts";
import { isSayable, named } from "../claims.ts";
import { type Draft, isReference, isTrue, listOf } from "../draft.ts";
import type { Given } from "../first-match.ts";
import { alsoForward, headersOf } from "../headers.ts";
import { denied, exactly, strictly } from "../said.ts";
import { EVERYWHERE, region } from "../region.ts";
import { beginningWith, exactPath, segments } from "../shape.ts";
import type { Source, Taker } from "../source.ts";
import { callbackAt, completeSession, take } from "../take.ts";
import type { OldPlugin } from "./plugin.ts";

const ASIDE = `enablePKCE forceHTTPS rateLimit disableReplayDetection minimalHeaders stripAuthCookies overrideScopes
  groupClaimName roleClaimName userIdentifierClaim allowedRolesAndGroups allowedUsers allowedUserDomains excludedURLs
  refreshGracePeriodSeconds maxRefreshTokenAgeSeconds allowPrivateIPAddresses enableBackchannelLogout
  enableFrontchannelLogout revocationURL oidcEndSessionURL securityHeaders redis cookiePrefix`;

const CERTIFICATES = take.noted("certificates of the provider are its service's: serversTransport");
const OPAQUE = take.stricter("tokens are verified by their signature");

const OPTIONS: Record<string, Taker> = {
  ...Object.fromEntries(ASIDE.split(/\s+/).map((name) => [name, take.aside])),
  providerURL: take.text("issuer", "<https://sso.example.com/realms/main>"),
  clientID: take.text("clientId", "<client>"),
  clientSecret: take.secret("login.clientSecret", "CLIENT_SECRET"),
  sessionEncryptionKey: take.sessionSecret,
  callbackURL: (draft, value) => callbackAt(draft, String(value)),
  logoutURL: take.noted("signing out is below login.path, at /logout"),
  postLogoutRedirectURI: take.afterLogout,
  scopes: (draft, value, all) => {
    const own = listOf(value).filter((it) => !isReference(it));
    const first = isTrue(all.get("overrideScopes")) ? [] : ["openid", "profile", "email"];
    if (own.length > 0) draft.put("login.scopes", [...new Set([...first, ...own])]);
    return exactly();
  },
  audience: take.texts("audience"),
  strictAudienceValidation: take.aside,
  cookieDomain: take.cookieDomain,
  sessionMaxAge: take.duration("session.maxAge", 8760),
  logLevel: take.logLevel,
  headers: headersOf,
  allowOpaqueTokens: OPAQUE,
  requireTokenIntrospection: OPAQUE,
  insecureSkipVerify: CERTIFICATES,
  caCertPath: CERTIFICATES,
  caCertPEM: CERTIFICATES,
  backchannelLogoutURL: take.noted("back-channel sign-out is at /oidc/backchannel-logout"),
  frontchannelLogoutURL: take.aside,
  enableBearerAuth: take.aside,
  dynamicClientRegistration: take.stricter(
    "a client is registered once, by hand: name it as clientId",
  ),
  includedURLs: take.stricter("everything was open but these: a public rule names its paths"),
  extraAuthParams: take.to("login.authorizationParams"),
};

export const traefikOidc: OldPlugin = {
  from: "traefikoidc",
  is: (name, block) =>
    block.has("providerURL") ||
    (/traefik-?oidc$/i.test(name) && (block.has("clientID") || block.has("callbackURL"))),
  read(block, draft) {
    block.give(OPTIONS, draft);
    completeSession(draft);
    forward(block, draft);
    const allow = both(members(block, draft), users(block, draft));
    const rest = { what: "whoever is signed in", name: "everything", region: EVERYWHERE, allow };
    draft.decide([...listOf(block.get("excludedURLs")).map(excluded), rest], "deny");
  },
};

/**
 * Old releases matched all paths with this beginning, and `/` every path; newer ones match whole
 * segments, and `/` only the front page. Both open what is below.
 */
function excluded(url: string): Given {
  const what = `excludedURLs: ${url}`;
  if (url === "/") return { what, region: region({ paths: exactPath("/") }), allow: "public" };
  const paths = url.endsWith("/") ? beginningWith(url) : segments(url);
  const said = strictly("whole segments: releases differ in what else begins with it");
  return { what, region: region({ paths }), allow: "public", said };
}

function members(block: Source, draft: Draft): Allow {
  const names = listOf(block.get("allowedRolesAndGroups"));
  const claims = [block.text("roleClaimName") ?? "roles", block.text("groupClaimName") ?? "groups"];
  draft.put("rolesFrom", [...new Set(claims.map(named))]);
  if (names.length === 0) return "authenticated";
  const odd = names.filter((it) => isReference(it) || !isSayable(it));
  if (odd.length > 0)
    draft.tell(`allowedRolesAndGroups: ${odd.join(", ")}`, denied("its value is not here"));
  return call("Role", ...names);
}

/** One of the users, or of a domain, is enough. */
function users(block: Source, draft: Draft): Allow {
  const [names, domains] = [
    listOf(block.get("allowedUsers")),
    listOf(block.get("allowedUserDomains")),
  ];
  const last =
    "an address is more than its last part: ask the provider for a group, or name whole addresses with OneOf(`email`, …)";
  if (names.length === 0) {
    if (domains.length > 0) draft.tell("allowedUserDomains", denied(last));
    return "authenticated";
  }
  if (domains.length > 0) draft.tell(`allowedUserDomains: ${domains.join(", ")}`, strictly(last));
  const odd = names.filter((it) => isReference(it) || !isSayable(it));
  if (odd.length > 0)
    draft.tell(`allowedUsers: ${odd.join(", ")}`, denied("its value is not here"));
  return call("OneOf", named(block.text("userIdentifierClaim") ?? "email"), ...names);
}

/** Set by itself; fewer with `minimalHeaders`. */
function forward(block: Source, draft: Draft): void {
  const user = named(block.text("userIdentifierClaim") ?? "email");
  const more = {
    "X-Auth-Request-User": user,
    "X-User-Groups": named(block.text("groupClaimName") ?? "groups"),
    "X-User-Roles": named(block.text("roleClaimName") ?? "roles"),
  };
  const isMinimal = isTrue(block.get("minimalHeaders"));
  alsoForward(draft, { "X-Forwarded-User": user, ...(isMinimal ? {} : more) });
  if (!isMinimal)
    draft.note(
      "X-Auth-Request-Token: the application gets no ID token; forwardAuthorization passes the access token",
    );
}
