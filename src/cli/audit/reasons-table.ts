/**
 * The commonest reasons, their meaning, and what to do. docs/log.md has the others.
 */

interface Said {
  means: string;
  remedy?: string;
}

export const REASONS: Record<string, Said> = {
  audience_mismatch: {
    means: "the token is for another application",
    remedy:
      "have the provider put one of the expected names into `aud` (Keycloak: an audience mapper), or add the token's to `audience`",
  },
  issuer_unknown: {
    means: "the token is of an issuer that the configuration does not name",
    remedy:
      "`issuer` must be the token's `iss`, byte for byte, with or without the slash at its end",
  },
  key_unknown: {
    means: "the issuer has no such key, or its keys are older than the token",
    remedy: "see that the keys are fetched: `rolegate doctor`",
  },
  keys_unavailable: {
    means: "no keys of the issuer have been read",
    remedy:
      "see that the router of mode keys is there and its health check succeeds: `rolegate doctor`",
  },
  signature_invalid: { means: "the token's signature is not by a key of the issuer" },
  algorithm_not_allowed: {
    means: "`algorithms` of the configuration leaves the token's algorithm out",
  },
  type_not_allowed: { means: "the token's `typ` is not one that `validation.tokenTypes` allows" },
  token_expired: {
    means: "the token's time is over",
    remedy: "the program has to ask for a new token",
  },
  token_not_yet_valid: { means: "the token is not valid yet: two clocks differ" },
  issued_in_future: { means: "the token is from the future: two clocks differ" },
  token_too_old: { means: "the token is older than the configuration allows" },
  not_an_access_token: {
    means: "it is an ID, refresh or logout token, not an access token",
    remedy: "the program has to send the access token",
  },
  credential_missing: {
    means: "the request has no credential",
    remedy: "people have to sign in, programs to send a token",
  },
  authorization_malformed: {
    means: "the Authorization header is empty, or has no single token behind Bearer",
  },
  scheme_unsupported: { means: "Authorization has another scheme than Bearer" },
  api_key_unknown: { means: "no API key is like that one" },
  api_key_expired: { means: "the API key's time is over" },
  session_expired: {
    means: "the session's time is over",
    remedy: "a page leads to sign-in by itself",
  },
  session_invalid: {
    means: "the session's cookie was not made by this Traefik: another secret, host or application",
  },
  session_outdated: {
    means: "the session was made before the configuration changed",
    remedy: "a page renews it by itself",
  },
  session_revoked: { means: "the session was signed out, here or at the provider" },
  cross_site: { means: "another site's page sent the request, with the user's cookie" },
  wrong_host: { means: "the cookie came with a host that `publicUrl` does not have" },
  rule_denies: { means: "the rule refuses everyone" },
  no_rule: { means: "no rule matches the request, and `default` is deny" },
};
