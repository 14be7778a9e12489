/** The keys of each object of the configuration: what is in none of these tables is unknown. */

/** Of one issuer, at the top or in `issuers`. */
export const ISSUER_KEYS: Array<string> = [
  "issuer",
  "clientId",
  "audience",
  "jwksFile",
  "publicKeys",
  "jwks",
  "signingSecret",
  "algorithms",
  "roles",
  "rolesFrom",
  "forwardHeaders",
  "emailUnverified",
];

export const TOP_KEYS: Array<string> = ISSUER_KEYS.concat([
  "mode",
  "issuers",
  "token",
  "forwardAuthorization",
  "upstreamAuthorization",
  "reportOnly",
  "cors",
  "apiKeys",
  "apiKeysFile",
  "publicUrl",
  "validation",
  "roleHierarchy",
  "rules",
  "default",
  "session",
  "login",
  "keys",
  "stateDir",
  "forwardAuth",
  "configFile",
  "encodedPath",
  "audit",
  "logLevel",
]);

/** What may stand beside `configFile`. */
export const CONFIG_FILE_KEYS: Array<string> = ["mode", "configFile"];

export const TOKEN_KEYS: Array<string> = ["header", "cookie", "query", "webSocketProtocol"];

export const CORS_KEYS: Array<string> = ["allowedOrigins"];

export const VALIDATION_KEYS: Array<string> = [
  "clockSkew",
  "requireExpiration",
  "requireSubject",
  "maxTokenAge",
  "tokenTypes",
  "acceptAzp",
  "allowNonce",
  "acceptIdTokens",
];

export const API_KEY_KEYS: Array<string> = ["name", "sha256", "roles", "expires"];

export const RULE_KEYS: Array<string> = [
  "name",
  "match",
  "allow",
  "order",
  "encodedPath",
  "audit",
  "detail",
];

/** What an issuer needs one for: at the top they mean nothing when no issuer stands beside them. */
export const KEYS_OF_ONE_ISSUER: Array<string> = [
  "clientId",
  "audience",
  "jwksFile",
  "publicKeys",
  "jwks",
  "signingSecret",
  "algorithms",
];

export const SESSION_KEYS: Array<string> = [
  "secrets",
  "cookieName",
  "domain",
  "sameSite",
  "maxAge",
  "refreshEvery",
  "revocationTtl",
  "revocationUnreadable",
  "audience",
];

export const LOGIN_KEYS: Array<string> = [
  "issuer",
  "path",
  "clientSecret",
  "clientKey",
  "clientKeyId",
  "clientAuth",
  "scopes",
  "authorizationParams",
  "claimsFrom",
  "endpoints",
  "endpointOrigins",
  "service",
  "userinfo",
  "trustTransport",
  "refreshAt",
  "refreshGrace",
  "postLogoutRedirect",
  "allowedRedirects",
];

/** `login.endpoints`. */
export const ENDPOINT_KEYS: Array<string> = [
  "authorization",
  "token",
  "userinfo",
  "endSession",
  "jwks",
];

/** `keys`: of the fetched ones. */
export const FETCHED_KEYS: Array<string> = ["refresh", "maxStale"];

export const FORWARD_AUTH_KEYS: Array<string> = [
  "trusted",
  "uriHeader",
  "methodHeader",
  "hostHeader",
];

/** Parameters of the authorization request that are the plugin's own, or that would take its place. */
export const OWN_PARAMETERS: Array<string> = [
  "client_id",
  "scope",
  "state",
  "nonce",
  "redirect_uri",
];
export const OWN_PARAMETER_PREFIXES: Array<string> = ["response_", "code_challenge", "request"];
