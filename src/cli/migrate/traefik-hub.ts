/** From Traefik Hub's JWT and OIDC middlewares, after whose options this plugin's are named. */
import { Draft, isTrue, Source, take, type Taker, treeOf } from "./draft.ts";
import type { OldPlugin } from "./old-plugin.ts";

const HUB_SHARED: Record<string, Taker> = {
  issuer: take.to("issuer"),
  clientId: take.to("clientId"),
  clientSecret: take.secret("login.clientSecret", "CLIENT_SECRET"),
  claims: take.nothing,
  usernameClaim: take.nothing,
  forwardHeaders: take.to("forwardHeaders"),
  forwardAuthorization: take.flag("forwardAuthorization"),
  clientConfig: take.no(
    "clientConfig",
    "set timeouts and certificates on the provider's service: serversTransport",
  ),
};

export const traefikHub: OldPlugin = {
  from: "Traefik Hub",
  is: (name, block) =>
    /^(jwt|oidc)$/i.test(name) &&
    ["signingSecret", "publicKey", "jwksFile", "jwksUrl", "clientId", "issuer"].some(
      (key) => block.get(key) !== undefined,
    ),
  read(block) {
    const draft = new Draft("Traefik Hub");
    const cookies = (prefix: string): Record<string, Taker> => ({
      name: prefix === "session." ? take.to("session.cookieName") : take.nothing,
      domain: prefix === "session." ? take.to("session.domain") : take.nothing,
      sameSite: prefix === "session." ? take.to("session.sameSite") : take.nothing,
      expiry: take.duration("session.maxAge", `${prefix}expiry`),
      maxAge: take.nothing,
      path: take.nothing,
      sliding: take.nothing,
      refresh: take.nothing,
      secure: take.nothing,
      httpOnly: take.always(`${prefix}httpOnly`, "cookies are HttpOnly"),
      store: take.no(`${prefix}store`, "sessions are in cookies; what is ended stands in stateDir"),
    });
    block.give(
      {
        ...HUB_SHARED,
        signingSecret: take.secret("signingSecret", "HS_SECRET"),
        signingSecretBase64Encoded: (it, value) =>
          isTrue(value) &&
          it.note("signingSecret is taken as it is: put the decoded secret into HS_SECRET"),
        publicKey: (it, value) => it.put("publicKeys", [value]),
        jwksFile: (it, value) =>
          String(value).startsWith("/") ? it.put("jwksFile", value) : it.put("jwks", value),
        jwksUrl: (it, value) => {
          it.put("jwksFile", "/state/jwks.json");
          it.note(
            `bring the keys into state/jwks.json: rolegate keys sync --jwks-url ${String(value)} -o state/jwks.json`,
          );
        },
        tokenKey: take.to("token.query"),
        trustedIssuer: take.to("issuer"),
        disableIssuerCheck: take.no("disableIssuerCheck", "the issuer is always compared"),
        redirectUrl: (it, value) => {
          const url = /^https?:/.test(String(value)) ? new URL(String(value)) : null;
          it.put("publicUrl", url ? url.origin : "<https://app.example.com>");
          it.note(
            `at the provider, the redirect URI ends in /oidc/callback, instead of ${url ? url.pathname : String(value)}`,
          );
        },
        pkce: take.nothing,
        discoveryParams: take.no("discoveryParams", "discovery has none"),
        scopes: take.texts("login.scopes"),
        authParams: take.to("login.authorizationParams"),
        disableLogin: take.no(
          "disableLogin",
          "without session and login nobody is sent to sign in",
        ),
        loginUrl: take.no("loginUrl", "it is /oidc/login"),
        logoutUrl: (it) => it.note("signing out is at /oidc/logout"),
        postLoginRedirectUrl: take.no("postLoginRedirectUrl", "people end where they wanted to go"),
        postLogoutRedirectUrl: take.to("login.postLogoutRedirect"),
        backchannelLogoutUrl: (it) =>
          it.note("back-channel sign-out is at /oidc/backchannel-logout"),
        backchannelLogoutSessionsRequired: take.nothing,
        stateCookie: (it, value) =>
          new Source(treeOf(value)).give(cookies("stateCookie."), it, "stateCookie."),
        session: (it, value) => new Source(treeOf(value)).give(cookies("session."), it, "session."),
        csrf: take.nothing,
      },
      draft,
    );
    if (block.get("clientSecret") !== undefined) {
      take.sessionSecret(draft, "", block);
      draft.put("stateDir", "/state");
      if (draft.block.publicUrl === undefined) draft.put("publicUrl", "<https://app.example.com>");
    } else if (draft.block.clientId === undefined) draft.put("audience", ["<audience>"]);
    if (draft.block.issuer === undefined) draft.put("issuer", "<issuer>");
    // Hub's expressions are this language's.
    draft.rules.push({
      name: "everything",
      match: "PathPrefix(`/`)",
      allow: block.text("claims") ?? "authenticated",
    });
    return draft;
  },
};
