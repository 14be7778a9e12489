/** From traefikoidc (lukaszraczylo). */
import { Draft, listOf, take } from "./draft.ts";
import { headersOf } from "./headers.ts";
import type { OldPlugin } from "./old-plugin.ts";
import { prefixOf } from "./pattern.ts";

const quoted = (names: string[]) => names.map((name) => `\`${name}\``).join(", ");

export const traefikOidc: OldPlugin = {
  from: "traefikoidc",
  is: (_, block) => block.get("providerURL") !== undefined,
  read(block) {
    const draft = new Draft("traefikoidc");
    const silent = [
      "enablePKCE",
      "forceHTTPS",
      "cookiePrefix",
      "rateLimit",
      "strictAudienceValidation",
      "disableReplayDetection",
      "minimalHeaders",
      "stripAuthCookies",
      "groupClaimName",
      "roleClaimName",
      "userIdentifierClaim",
      "allowedRolesAndGroups",
      "allowedUsers",
      "excludedURLs",
      "overrideScopes",
    ];
    block.give(
      {
        ...Object.fromEntries(silent.map((key) => [key, take.nothing])),
        providerURL: take.to("issuer"),
        clientID: take.to("clientId"),
        clientSecret: take.secret("login.clientSecret", "CLIENT_SECRET"),
        sessionEncryptionKey: take.sessionSecret,
        callbackURL: (it, value) => {
          if (value !== "/oidc/callback")
            it.note(
              `at the provider, the redirect URI ends in /oidc/callback, instead of ${String(value)}`,
            );
        },
        logoutURL: (it) => it.note("signing out is at /oidc/logout"),
        postLogoutRedirectURI: take.to("login.postLogoutRedirect"),
        scopes: take.texts("login.scopes"),
        allowedUserDomains: take.no(
          "allowedUserDomains",
          "an address is more than its last part: ask the provider for a group",
        ),
        audience: take.texts("audience"),
        cookieDomain: take.to("session.domain"),
        sessionMaxAge: take.duration("session.maxAge", "sessionMaxAge"),
        refreshGracePeriodSeconds: take.nothing,
        logLevel: take.to("logLevel"),
        headers: (it, value) => headersOf(value, it),
        allowOpaqueTokens: take.no("allowOpaqueTokens", "tokens are verified by their signature"),
        requireTokenIntrospection: take.no(
          "requireTokenIntrospection",
          "tokens are verified by their signature",
        ),
        insecureSkipVerify: take.no(
          "insecureSkipVerify",
          "set it on the provider's service: serversTransport",
        ),
        caCertPath: take.no("caCertPath", "set rootCAs on the provider's serversTransport"),
        caCertPEM: take.no("caCertPEM", "set rootCAs on the provider's serversTransport"),
        allowPrivateIPAddresses: take.nothing,
        enableBackchannelLogout: take.nothing,
        backchannelLogoutURL: (it) =>
          it.note("back-channel sign-out is at /oidc/backchannel-logout"),
        redis: take.no("redis", "sessions are in cookies; what is ended stands in stateDir"),
        securityHeaders: take.no("securityHeaders", "Traefik's headers middleware does this"),
      },
      draft,
    );
    for (const url of listOf(block.get("excludedURLs"))) {
      const match = prefixOf(url);
      if (match === "PathPrefix(`/`)")
        draft.leave(`excludedURLs: ${url}`, "a rule that is public names its paths");
      else draft.rules.push({ match, allow: "public" });
    }
    if (draft.rules.length > 0)
      draft.note(
        "excludedURLs were for paths that begin with these characters; rules are for whole segments",
      );
    const roles = listOf(block.get("allowedRolesAndGroups"));
    const users = listOf(block.get("allowedUsers"));
    if (roles.length > 0)
      draft.put("rolesFrom", [
        block.text("roleClaimName") ?? "roles",
        block.text("groupClaimName") ?? "groups",
      ]);
    const claim = block.text("userIdentifierClaim") ?? "email";
    const parts = [
      ...(roles.length > 0 ? [`Role(${quoted(roles)})`] : []),
      ...(users.length > 0 ? [`OneOf(\`${claim}\`, ${quoted(users)})`] : []),
    ];
    draft.rules.push({
      name: "everything",
      match: "PathPrefix(`/`)",
      allow: parts.join(" && ") || "authenticated",
    });
    draft.put("stateDir", "/state");
    draft.put("publicUrl", "<https://app.example.com>");
    draft.note("set publicUrl to the address under which browsers see the application");
    return draft;
  },
};
