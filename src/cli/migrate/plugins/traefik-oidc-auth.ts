/** traefik-oidc-auth (sevensolutions), by its website's middleware-configuration.md. */
import { type Allow, anyOf, call, everyOf } from "../allow.ts";
import { isOrHas, isOrHasAny, isSayable, namesOfJsonPath, pathOf } from "../claims.ts";
import { type Draft, isReference, isTrue, listOf, treeOf } from "../draft.ts";
import type { Given } from "../first-match.ts";
import { headersOf } from "../headers.ts";
import { EVERYWHERE } from "../region.ts";
import { denied, exactly, strictly } from "../said.ts";
import { Source, type Taker } from "../source.ts";
import { callbackAt, completeSession, take, urlOf } from "../take.ts";
import { openOf } from "./bypass.ts";
import type { OldPlugin } from "./plugin.ts";

const CERTIFICATES = take.noted("certificates of the provider are its service's: serversTransport");

/** A check that could be turned off there is always on here. */
const always =
  (what: string): Taker =>
  (_, value) =>
    isTrue(value) ? exactly() : strictly(`${what} is always compared`);

const issuerElsewhere: Taker = (draft) => {
  draft.put("issuer", "<https://sso.example.com/realms/main>");
  return exactly();
};

const PROVIDER: Record<string, Taker> = {
  url: (draft, value, all) =>
    all.has("validIssuer")
      ? exactly()
      : take.text("issuer", "<https://sso.example.com/realms/main>")(draft, value, all),
  urlEnv: issuerElsewhere,
  clientId: take.text("clientId", "<client>"),
  clientIdEnv: (draft) => {
    draft.put("clientId", "<client>");
    return exactly();
  },
  clientSecretEnv: take.secret("login.clientSecret", "CLIENT_SECRET"),
  clientSecret: take.secret("login.clientSecret", "CLIENT_SECRET"),
  clientJwtPrivateKey: take.secret("login.clientKey", "CLIENT_KEY"),
  clientJwtPrivateKeyId: take.to("login.clientKeyId"),
  usePkce: take.aside,
  usePkceBool: take.aside,
  validateIssuer: always("the issuer"),
  validateIssuerBool: take.aside,
  validIssuer: take.text("issuer", "<https://sso.example.com/realms/main>"),
  validateAudience: always("the audience"),
  validateAudienceBool: take.aside,
  validAudience: (draft, value) => {
    const text = String(value);
    if (!isReference(text) && text !== "") draft.put("audience", [text]);
    return exactly();
  },
  tokenValidation: (draft, value) => {
    if (/^introspection$/i.test(String(value)))
      return strictly("tokens are verified by their signature");
    if (/^idtoken$/i.test(String(value)))
      draft.put("login.claimsFrom", ["id_token", "access_token"]);
    return exactly();
  },
  useClaimsFromUserInfo: take.flag("login.userinfo"),
  useClaimsFromUserInfoBool: take.aside,
  tokenRenewalThreshold: (draft, value) => {
    const share = Number(value);
    if (share >= 0.1 && share <= 0.95) draft.put("login.refreshAt", share);
    return exactly();
  },
  insecureSkipVerify: CERTIFICATES,
  insecureSkipVerifyBool: take.aside,
  caBundle: CERTIFICATES,
  caBundleFile: CERTIFICATES,
  disableSingleSignOut: take.aside,
};

const COOKIE: Record<string, Taker> = {
  domain: take.cookieDomain,
  sameSite: take.sameSite,
  maxAge: take.duration("session.maxAge", 8760),
  secure: take.aside,
  httpOnly: take.aside,
  path: take.aside,
};

const inside =
  (takers: Record<string, Taker>, prefix: string): Taker =>
  (draft, value) => {
    new Source(treeOf(value)).give(takers, draft, prefix);
    return exactly();
  };

/** Another place of the token. */
const place =
  (path: string): Taker =>
  (draft, value) => {
    const name = new Source(treeOf(value)).text("name");
    if (name !== undefined) draft.put(path, name);
    return exactly();
  };

const redirects: Taker = (draft, value) => {
  const origins = listOf(value).flatMap((it) => {
    const url = it.includes("*") ? null : urlOf(it);
    return url && url.protocol === "https:" && url.pathname === "/" ? [url.origin] : [];
  });
  if (origins.length > 0) draft.put("login.allowedRedirects", origins);
  return origins.length < listOf(value).length
    ? strictly("people return to origins that are named one by one, without paths and *")
    : exactly();
};

const PAGES = take.noted("the plugin's pages are its own; who may not gets 403");

const OPTIONS: Record<string, Taker> = {
  provider: inside(PROVIDER, "Provider."),
  secret: take.sessionSecret,
  secretEnv: take.sessionSecret,
  scopes: take.texts("login.scopes"),
  callbackUri: (draft, value) => callbackAt(draft, urlOf(value)?.pathname ?? String(value)),
  loginUri: take.noted("sign-in begins at /oidc/login, and on every page"),
  postLoginRedirectUri: take.noted("people end where they wanted to go"),
  validPostLoginRedirectUris: redirects,
  logoutUri: take.noted("signing out is at /oidc/logout"),
  postLogoutRedirectUri: take.afterLogout,
  validPostLogoutRedirectUris: take.aside,
  sessionStorageType: take.aside,
  sessionStorage: take.aside,
  redis: take.aside,
  frontChannelLogoutUri: take.aside,
  authorizationParamsOverridable: take.aside,
  cookieNamePrefix: take.cookieName,
  sessionCookie: inside(COOKIE, "SessionCookie."),
  authorizationHeader: place("token.header"),
  authorizationCookie: place("token.cookie"),
  authorizationParams: take.to("login.authorizationParams"),
  requestedResources: take.noted("resources that were asked for: see login.authorizationParams"),
  unauthorizedBehavior: take.aside,
  unauthenticatedBehavior: (_, value) =>
    /^forward$/i.test(String(value)) ? strictly("name what is public in rules") : exactly(),
  javaScriptRequestDetection: take.aside,
  bypassAuthenticationRule: take.aside,
  authorization: take.aside,
  headers: headersOf,
  errorPages: PAGES,
  logLevel: take.logLevel,
};

export const traefikOidcAuth: OldPlugin = {
  from: "traefik-oidc-auth",
  is: (name, block) =>
    Object.keys(treeOf(block.get("provider"))).length > 0 ||
    (/traefik-oidc-auth/i.test(name) && block.names.length > 0),
  read(block, draft) {
    block.give(OPTIONS, draft);
    if (draft.get("login.clientSecret") === undefined) draft.put("login.clientAuth", "none");
    if (draft.get("login.clientKey")) draft.put("login.clientAuth", "private_key_jwt");
    completeSession(draft);
    const allow = assertions(new Source(treeOf(block.get("authorization"))), draft);
    const rest = { what: "whoever is signed in", name: "everything", region: EVERYWHERE, allow };
    draft.decide([...bypass(block.text("bypassAuthenticationRule"), draft), rest], "deny");
  },
};

function bypass(rule: string | undefined, draft: Draft): Given[] {
  if (rule === undefined) return [];
  const found = openOf(rule);
  const what = "BypassAuthenticationRule";
  const why =
    "a public rule names its paths; a header, an address or a query never opens one. It asks for a sign-in";
  if (found === null) {
    draft.tell(what, strictly(why));
    return [];
  }
  for (const part of found.lost) draft.tell(`${what}: ${part}`, strictly(why));
  const said = rule.includes("PathPrefix")
    ? strictly("whole segments: /public is not for /publicX")
    : exactly();
  return found.regions.map((region) => ({ what, name: "public", region, allow: "public", said }));
}

/** All of them must hold. */
function assertions(authorization: Source, draft: Draft): Allow {
  for (const name of authorization.names) {
    if (/^(assertClaims|checkOnEveryRequest)$/i.test(name)) continue;
    draft.close(`Authorization.${name}`, "not known here, and it may restrict");
  }
  const given = authorization.get("assertClaims");
  const list = Array.isArray(given) ? given : given === undefined ? [] : [given];
  return everyOf([
    "authenticated",
    ...list.map((item) => assertion(new Source(treeOf(item)), draft)),
  ]);
}

function assertion(item: Source, draft: Draft): Allow {
  const what = `AssertClaims: ${item.text("name") ?? ""}`;
  const odd = item.names.filter((name) => !/^(name|anyOf|allOf|values?)$/i.test(name));
  const names = namesOfJsonPath(item.text("name") ?? "");
  const [any, all] = [listOf(item.get("anyOf")), listOf(item.get("allOf"))];
  const values = [...any, ...all];
  if (names === null || odd.length > 0 || item.has("value") || item.has("values")) {
    draft.tell(what, denied("no function says the same: write it by hand"));
    return "authenticated";
  }
  if (!values.every((it) => isSayable(it) && !isReference(it))) {
    draft.tell(what, denied("its values are not here"));
    return "authenticated";
  }
  const path = pathOf(names);
  // `[*]` means the elements of a list, and nothing else.
  const isOfList = /\[\*\]$/.test(item.text("name") ?? "");
  if (values.length === 0 && isOfList) {
    draft.tell(what, denied("whether a list has anything in it no function says"));
    return "authenticated";
  }
  draft.tell(what, exactly());
  if (values.length === 0) return call("Exists", path);
  const has = (value: string) => call("Contains", path, value);
  if (isOfList) return everyOf([...(any.length > 0 ? [anyOf(any.map(has))] : []), ...all.map(has)]);
  return everyOf([
    ...(any.length > 0 ? [isOrHasAny(path, any)] : []),
    ...(all.length === 1
      ? [isOrHas(path, all[0]!)]
      : all.map((value) => call("Contains", path, value))),
  ]);
}
