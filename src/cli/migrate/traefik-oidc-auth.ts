/** From traefik-oidc-auth (sevensolutions). */
import { Draft, listOf, Source, take, type Taker, treeOf } from "./draft.ts";
import { headersOf } from "./headers.ts";
import type { OldPlugin } from "./old-plugin.ts";
import { asSuch } from "./pattern.ts";

const TOA_PROVIDER: Record<string, Taker> = {
  url: take.to("issuer"),
  clientId: take.to("clientId"),
  clientSecret: take.secret("login.clientSecret", "CLIENT_SECRET"),
  usePkce: take.nothing,
  validateIssuer: take.always("Provider.ValidateIssuer", "the issuer is compared"),
  validIssuer: take.to("issuer"),
  validateAudience: take.always("Provider.ValidateAudience", "the audience is compared"),
  validAudience: take.texts("audience"),
  tokenValidation: (draft, value) => {
    if (value === "Introspection")
      draft.leave("Provider.TokenValidation", "tokens are verified by their signature");
    if (value === "IdToken") draft.put("login.claimsFrom", ["id_token", "access_token"]);
  },
  useClaimsFromUserInfo: take.flag("login.userinfo"),
  tokenRenewalThreshold: take.to("login.refreshAt"),
  insecureSkipVerify: take.no(
    "Provider.InsecureSkipVerify",
    "set it on the provider's service: serversTransport",
  ),
  caBundle: take.no("Provider.CABundle", "set rootCAs on the provider's serversTransport"),
  caBundleFile: take.no("Provider.CABundleFile", "set rootCAs on the provider's serversTransport"),
};

export const traefikOidcAuth: OldPlugin = {
  from: "traefik-oidc-auth",
  is: (_, block) =>
    Object.keys(block.map("provider")).length > 0 &&
    block.map("provider") !== null &&
    block.get("issuer") === undefined,
  read(block) {
    const draft = new Draft("traefik-oidc-auth");
    const cookie: Record<string, Taker> = {
      domain: take.to("session.domain"),
      sameSite: (it, value) =>
        /^(lax|strict|none)$/i.test(String(value)) &&
        it.put("session.sameSite", String(value).toLowerCase()),
      maxAge: take.duration("session.maxAge", "SessionCookie.MaxAge"),
      secure: take.always("SessionCookie.Secure", "cookies are Secure where publicUrl is https"),
      httpOnly: take.always("SessionCookie.HttpOnly", "cookies are HttpOnly"),
      path: take.nothing,
    };
    block.give(
      {
        provider: (it, value) => new Source(treeOf(value)).give(TOA_PROVIDER, it, "Provider."),
        secret: take.sessionSecret,
        scopes: take.texts("login.scopes"),
        callbackUri: (it, value) => {
          if (value !== "/oidc/callback")
            it.note(
              `at the provider, the redirect URI ends in /oidc/callback, instead of ${String(value)}`,
            );
        },
        loginUri: take.no("LoginUri", "it is /oidc/login"),
        logoutUri: (it) => it.note("signing out is at /oidc/logout"),
        postLogoutRedirectUri: take.to("login.postLogoutRedirect"),
        validPostLoginRedirectUris: take.texts("login.allowedRedirects"),
        cookieNamePrefix: take.to("session.cookieName"),
        sessionCookie: (it, value) => new Source(treeOf(value)).give(cookie, it, "SessionCookie."),
        authorizationHeader: (it, value) =>
          it.put("token.header", new Source(treeOf(value)).text("name")),
        authorizationCookie: (it, value) =>
          it.put("token.cookie", new Source(treeOf(value)).text("name")),
        authorizationParams: take.to("login.authorizationParams"),
        unauthenticatedBehavior: (it, value) => {
          if (value === "Forward")
            it.leave("UnauthenticatedBehavior", "name what is public in rules");
        },
        unauthorizedBehavior: (it, value) => {
          if (value !== "Unauthorized") it.leave("UnauthorizedBehavior", "who may not gets 403");
        },
        bypassAuthenticationRule: (it, value) => bypass(String(value), it),
        authorization: (it, value) => assertions(new Source(treeOf(value)), it),
        headers: (it, value) => headersOf(value, it),
        errorPages: take.no("ErrorPages", "the plugin's pages are its own"),
        logLevel: (it, value) => it.put("logLevel", String(value).toLowerCase()),
      },
      draft,
    );
    draft.put("stateDir", "/state");
    draft.note("set publicUrl to the address under which browsers see the application");
    draft.put("publicUrl", "<https://app.example.com>");
    if (!draft.rules.some(({ match }) => match === "PathPrefix(`/`)")) {
      draft.rules.push({ name: "everything", match: "PathPrefix(`/`)", allow: "authenticated" });
    }
    return draft;
  },
};

/** Its rule language is Traefik's; what may open a path here is only its path and method. */
function bypass(rule: string, draft: Draft): void {
  const functions = [...rule.matchAll(/(\w+)\(/g)].map(([, name]) => name!);
  const isSame =
    functions.length > 0 &&
    functions.every((name) => ["Path", "PathPrefix", "Method"].includes(name));
  if (!isSame || rule.includes("!")) {
    draft.leave(
      `BypassAuthenticationRule: ${rule}`,
      "a rule that is public names its paths; a header or an address never opens one",
    );
    return;
  }
  // To it and to Traefik 3 a path is one as it stands.
  const match = rule.replace(/`\/[^`]*`/g, asSuch);
  draft.rules.unshift({ name: "public", match, allow: "public" });
  if (/PathPrefix/.test(rule))
    draft.note("PathPrefix is for whole segments here: /public is not for /publicX");
}

function assertions(authorization: Source, draft: Draft): void {
  const list = authorization.get("assertClaims");
  const parts = (Array.isArray(list) ? list : []).flatMap((item) => {
    const claim = new Source(treeOf(item));
    const name = (claim.text("name") ?? "").replace(/^\$\.?/, "").replace(/\[\*\]$/, "");
    const any = listOf(claim.get("anyOf")).map(
      (value) => `(Equals(\`${name}\`, \`${value}\`) || Contains(\`${name}\`, \`${value}\`))`,
    );
    const all = listOf(claim.get("allOf")).map((value) => `Contains(\`${name}\`, \`${value}\`)`);
    if (any.length + all.length === 0) return [`Exists(\`${name}\`)`];
    return [
      ...(any.length > 0 ? [any.length > 1 ? `(${any.join(" || ")})` : any[0]!] : []),
      ...all,
    ];
  });
  draft.rules.push({
    name: "everything",
    match: "PathPrefix(`/`)",
    allow: parts.join(" && ") || "authenticated",
  });
}
