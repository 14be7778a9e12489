/** Traefik Hub's JWT and OIDC middlewares; this plugin's options are named after theirs. */
import { isReference, isTrue, plainOr, treeOf } from "../draft.ts";
import { EVERYWHERE } from "../region.ts";
import { denied, exactly, strictly } from "../said.ts";
import { Source, type Taker } from "../source.ts";
import { callbackAt, completeSession, oneSource, take, urlOf } from "../take.ts";
import type { OldPlugin } from "./plugin.ts";

const CONNECTION = take.noted(
  "timeouts and certificates of the provider are its service's: serversTransport",
);

const SESSION: Record<string, Taker> = {
  name: take.cookieName,
  domain: take.cookieDomain,
  sameSite: take.sameSite,
  expiry: take.duration("session.maxAge", 8760),
  maxAge: take.aside,
  path: take.aside,
  sliding: take.aside,
  refresh: take.aside,
  secure: take.aside,
  httpOnly: take.aside,
  store: take.noted("sessions are in cookies; ended ones are listed in stateDir"),
  secret: take.aside,
  secretFile: take.aside,
};

const OPTIONS: Record<string, Taker> = {
  ...Object.fromEntries(
    "claims usernameClaim pkce csrf stateCookie backchannelLogoutSessionsRequired backchannelLogoutTimeout discoveryParams disableLogin source tokenQueryKey"
      .split(" ")
      .map((name) => [name, take.aside]),
  ),
  issuer: take.text("issuer", "<issuer>"),
  trustedIssuer: take.text("issuer", "<issuer>"),
  trustedIssuers: (draft, value) => {
    const [first, ...others] = Array.isArray(value)
      ? value.map(String)
      : Object.values(treeOf(value)).map(String);
    draft.put("issuer", plainOr(first, "<issuer>"));
    if (first !== undefined && draft.get("jwksFile") === undefined) {
      draft.put("jwksFile", "/state/jwks.json");
      draft.note(`bring the keys of ${first} into state/jwks.json: rolegate keys sync`);
    }
    return others.length > 0 ? strictly(`add them to issuers: ${others.join(", ")}`) : exactly();
  },
  clientId: take.text("clientId", "<client>"),
  clientSecret: take.secret("login.clientSecret", "CLIENT_SECRET"),
  forwardHeaders: (draft, value) => {
    const headers = Object.entries(treeOf(value)).filter(
      ([, claim]) => typeof claim === "string" && !isReference(claim),
    );
    if (headers.length > 0) draft.put("forwardHeaders", Object.fromEntries(headers));
    return exactly();
  },
  forwardAuthorization: take.flag("forwardAuthorization"),
  clientConfig: CONNECTION,
  insecureSkipVerify: CONNECTION,
  rootCAs: CONNECTION,
  signingSecret: take.secret("signingSecret", "HS_SECRET"),
  signingSecretBase64Encoded: (_, value) =>
    isTrue(value)
      ? exactly("signingSecret is taken as it is: put the decoded secret into HS_SECRET")
      : exactly(),
  publicKey: (draft, value) => {
    if (!isReference(String(value))) draft.put("publicKeys", [value]);
    return exactly();
  },
  jwksFile: (draft, value) => {
    draft.put(String(value).startsWith("/") ? "jwksFile" : "jwks", value);
    return exactly();
  },
  jwksUrl: (draft, value) => {
    draft.put("jwksFile", "/state/jwks.json");
    return exactly(
      `bring the keys into state/jwks.json: rolegate keys sync --jwks-url ${String(value)} -o state/jwks.json`,
    );
  },
  tokenKey: take.to("token.query"),
  disableIssuerCheck: take.stricter("the issuer is always compared"),
  redirectUrl: (draft, value) => {
    const url = urlOf(value);
    if (url && /^https?:$/.test(url.protocol)) draft.put("publicUrl", url.origin);
    return callbackAt(draft, url ? url.pathname : String(value));
  },
  scopes: take.texts("login.scopes"),
  authParams: take.to("login.authorizationParams"),
  loginUrl: take.noted("sign-in begins at /oidc/login, and on every page"),
  logoutUrl: take.noted("signing out is at /oidc/logout"),
  postLoginRedirectUrl: take.noted("people end where they wanted to go"),
  postLogoutRedirectUrl: take.afterLogout,
  backchannelLogoutUrl: take.noted("back-channel sign-out is at /oidc/backchannel-logout"),
  session: (draft, value) => {
    new Source(treeOf(value)).give(SESSION, draft, "session.");
    return exactly();
  },
};

const KEYS = [
  "signingSecret",
  "publicKey",
  "jwksFile",
  "jwksUrl",
  "trustedIssuers",
  "clientId",
  "issuer",
];
/** Known functions of its expressions. The meaning of any other is unknown here. */
const FUNCTIONS = ["Equals", "Prefix", "Contains", "SplitContains", "OneOf"];

export const traefikHub: OldPlugin = {
  from: "Traefik Hub",
  is: (name, block) => /^(jwt|oidc)$/i.test(name) && KEYS.some((key) => block.has(key)),
  read(block, draft) {
    block.give(OPTIONS, draft);
    oneSource(draft);
    if (block.has("clientSecret")) completeSession(draft);
    else if (draft.get("clientId") === undefined) draft.put("audience", ["<audience>"]);
    if (draft.get("issuer") === undefined) draft.put("issuer", "<issuer>");
    const claims = block.text("claims");
    const allow = claims === undefined ? "authenticated" : claims.trim();
    draft.tell(
      "claims",
      claims === undefined || isKnown(claims) ? exactly() : denied("write it by hand"),
    );
    const what = "whoever has a token";
    draft.decide([{ what, name: "everything", region: EVERYWHERE, allow }], "deny");
  },
};

/** Its expressions are this language's, with these functions. */
function isKnown(claims: string): boolean {
  const bare = claims.replace(/`[^`]*`|"(?:[^"\\]|\\.)*"/g, "");
  const names = [...bare.matchAll(/\w+/g)].map(([name]) => name);
  return (
    names.length > 0 && names.every((name) => FUNCTIONS.includes(name)) && !/[{}]/.test(claims)
  );
}
