/** Mistakes in `login`: the relying party, and what it says to the provider. */
import { generateKeyPairSync } from "node:crypto";
import { ec, keySet, rsa } from "../support/keys.ts";
import { ISSUER } from "../support/tokens.ts";
import { type BadConfiguration, type Row, rowsOf } from "./configurations.ts";
import { CLIENT_KEY, CLIENT_SECRET, signIn } from "./sign-in.ts";

const login = (changes: object) =>
  signIn({ mode: "login", login: { clientSecret: CLIENT_SECRET, ...changes } });
const withKey = (clientKey: unknown) => login({ clientAuth: "private_key_jwt", clientKey });
const pem = (curve: string) =>
  generateKeyPairSync("ec", { namedCurve: curve }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
const second = { issuer: "https://b.example", clientId: "b", jwks: JSON.stringify(keySet(ec)) };

const CLIENT_ROWS: Row[] = [
  ["login: a list", signIn({ login: ["/oidc"] }), ["login", "wrong_type", "a map"]],
  [
    "login: an unknown key",
    login({ clientsSecret: "x" }),
    ["login.clientsSecret", "unknown_key", "login.clientSecret"],
  ],
  [
    "login: a key twice in different case",
    login({ Path: "/a", path: "/b" }),
    ["login.path", "duplicate_key", "different case"],
  ],
  [
    "login: no client secret",
    login({ clientSecret: undefined }),
    ["login.clientSecret", "missing", "clientAuth none"],
  ],
  [
    "login: no client secret for post",
    login({ clientSecret: undefined, clientAuth: "post" }),
    ["login.clientSecret", "missing", "clientAuth none"],
  ],
  [
    "login: an empty client secret",
    login({ clientSecret: "" }),
    ["login.clientSecret", "empty", "is empty"],
  ],
  [
    "login: a placeholder for the client secret",
    login({ clientSecret: "<secret>" }),
    ["login.clientSecret", "placeholder", "your own value"],
  ],
  [
    "login: a placeholder in mode protect too",
    signIn({ login: { clientSecret: "change-me" } }),
    ["login.clientSecret", "placeholder", "your own value"],
  ],
  [
    "login: a variable that is not there",
    login({ clientSecret: "env:NOWHERE" }),
    ["login.clientSecret", "secret_missing", "settings.envs"],
  ],
  [
    "login: a client secret that can be guessed",
    login({ clientSecret: "secret" }),
    ["login.clientSecret", "bad_secret", "few different bytes"],
  ],
  [
    "login: a list of client secrets",
    login({ clientSecret: [CLIENT_SECRET] }),
    ["login.clientSecret", "wrong_type", "a text"],
  ],
  [
    "login: clientAuth",
    login({ clientAuth: "client_secret_basic" }),
    ["login.clientAuth", "wrong_value", "basic, post, private_key_jwt, none"],
  ],
  [
    "login: no client key",
    login({ clientAuth: "private_key_jwt" }),
    ["login.clientKey", "missing", "P-256"],
  ],
  [
    "login: a client key that is none",
    withKey("no key"),
    ["login.clientKey", "bad_key", "neither a JWK nor"],
  ],
  [
    "login: a client key on another curve",
    withKey(pem("P-384")),
    ["login.clientKey", "bad_key", "P-256"],
  ],
  [
    "login: a client key of RSA",
    withKey(rsa.privateKey.export({ type: "pkcs8", format: "pem" })),
    ["login.clientKey", "bad_key", ""],
  ],
  [
    "login: a public key for a client key",
    withKey(ec.pem),
    ["login.clientKey", "bad_key", "public key"],
  ],
  [
    "login: half of a client key",
    withKey(CLIENT_KEY.slice(0, 80)),
    ["login.clientKey", "bad_key", ""],
  ],
  [
    "login: a client key that is not there",
    withKey("file:/state/nowhere.pem"),
    ["login.clientKey", "secret_missing", "settings.mounts"],
  ],
  ["login: an empty client key", withKey(""), ["login.clientKey", "empty", "is empty"]],
  [
    "login: clientKeyId a map",
    login({ clientKeyId: { a: "b" } }),
    ["login.clientKeyId", "wrong_type", "a text"],
  ],
];

const REQUEST: Row[] = [
  ...[
    "oidc",
    "/",
    "//oidc",
    "/oidc/",
    "/o%69dc",
    "/oi dc",
    "/oidc?x",
    "/oidc//x",
    "/../oidc",
    "/öidc",
  ].map((path): Row => [
    `login: path ${path}`,
    login({ path }),
    ["login.path", "wrong_value", "as in /oidc"],
  ]),
  [
    "login: scopes in one text",
    login({ scopes: "openid profile email" }),
    ["login.scopes[0]", "wrong_value", "several are a list"],
  ],
  [
    "login: a scope with a quote",
    login({ scopes: ["openid", 'a"b'] }),
    ["login.scopes[1]", "wrong_value", "one scope"],
  ],
  ["login: no openid", login({ scopes: ["profile"] }), ["login.scopes", "wrong_value", "openid"]],
  ["login: no scopes", login({ scopes: [] }), ["login.scopes", "wrong_value", "openid"]],
  [
    "login: scopes a map",
    login({ scopes: { openid: "true" } }),
    ["login.scopes", "wrong_type", "a list of texts"],
  ],
  ...[
    "state",
    "nonce",
    "redirect_uri",
    "response_type",
    "response_mode",
    "code_challenge",
    "code_challenge_method",
    "request",
    "request_uri",
    "client_id",
    "scope",
    "Scope",
    "STATE",
  ].map((name): Row => [
    `login: authorizationParams ${name}`,
    login({ authorizationParams: { [name]: "x" } }),
    [`login.authorizationParams.${name}`, "reserved", "by the plugin itself"],
  ]),
  [
    "login: authorizationParams a list",
    login({ authorizationParams: ["prompt=login"] }),
    ["login.authorizationParams", "wrong_type", "a map"],
  ],
  [
    "login: an empty parameter",
    login({ authorizationParams: { prompt: "" } }),
    ["login.authorizationParams.prompt", "empty", "is empty"],
  ],
  [
    "login: a list for a parameter",
    login({ authorizationParams: { prompt: ["login"] } }),
    ["login.authorizationParams.prompt", "wrong_type", "a text"],
  ],
  [
    "login: claimsFrom",
    login({ claimsFrom: ["id_token", "idToken"] }),
    ["login.claimsFrom[1]", "wrong_value", "access_token or id_token"],
  ],
  [
    "login: claimsFrom nowhere",
    login({ claimsFrom: [] }),
    ["login.claimsFrom", "empty", "no one would have a role"],
  ],
  [
    "login: userinfo yes",
    login({ userinfo: "yes" }),
    ["login.userinfo", "wrong_type", "true or false"],
  ],
  [
    "login: trustTransport 1",
    login({ trustTransport: 1 }),
    ["login.trustTransport", "wrong_type", "true or false"],
  ],
  ...[0, 1, 0.05, 0.96, 1.5, "75%", "half", "0.7x", ["0.5"]].map((refreshAt): Row => [
    `login: refreshAt ${JSON.stringify(refreshAt)}`,
    login({ refreshAt }),
    ["login.refreshAt", "wrong_value", "0.1 to 0.95"],
  ]),
  [
    "login: refreshGrace of two days",
    login({ refreshGrace: "2d" }),
    ["login.refreshGrace", "wrong_value", "from 0 to 86400"],
  ],
  ...[
    "goodbye",
    "//evil.example",
    "/\\evil.example",
    "/a/../b",
    "/%2e%2e/b",
    "/a b",
    "/ä",
    "/%zz",
    "http://www.example.com/",
    "https://user@www.example.com",
    "https://www.example.com/#bye",
  ].map((to): Row => [
    `login: postLogoutRedirect ${to}`,
    login({ postLogoutRedirect: to }),
    ["login.postLogoutRedirect", "wrong_value", "one slash, or an https URL"],
  ]),
  [
    "login: otherAccount",
    login({ otherAccount: "consent" }),
    ["login.otherAccount", "wrong_value", "select_account, login, logout"],
  ],
  [
    "login: postLogoutRedirect to signing out",
    login({ postLogoutRedirect: "/oidc/logout?x" }),
    ["login.postLogoutRedirect", "conflict", "login.path"],
  ],
  [
    "login: postLogoutRedirect empty",
    login({ postLogoutRedirect: "" }),
    ["login.postLogoutRedirect", "empty", "is empty"],
  ],
  [
    "login: allowedRedirects with a path",
    login({ allowedRedirects: ["https://a.example", "https://b.example/x"] }),
    ["login.allowedRedirects[1]", "wrong_value", "an origin"],
  ],
  ...[
    ...[
      "https://*.example.com",
      "https://*.a.example.com:8443",
      "https://*.com",
      "http://*.example.com",
    ],
    ...["https://*", "https://*.", "https://a.*.example.com", "https://*.*.example.com"],
  ].map((origin): Row => [
    `login: allowedRedirects of ${origin}, and no session.domain`,
    login({ allowedRedirects: [origin] }),
    ["login.allowedRedirects[0]", "wrong_value", "only within session.domain"],
  ]),
  [
    "login: allowedRedirects of all",
    login({ allowedRedirects: "*" }),
    ["login.allowedRedirects[0]", "wrong_value", "an origin"],
  ],
];

const PROVIDER: Row[] = [
  [
    "login: an issuer that is none of ours",
    login({ issuer: "https://b.example" }),
    ["login.issuer", "wrong_value", "none of the issuers"],
  ],
  [
    "login: which of two issuers",
    signIn({ mode: "login", issuers: [second] }),
    ["login.issuer", "missing", "name the one"],
  ],
  [
    "login: an issuer without a client",
    signIn({
      mode: "login",
      issuers: [{ ...second, clientId: undefined, audience: "b" }],
      login: { issuer: second.issuer, clientSecret: CLIENT_SECRET },
    }),
    ["issuers[0].clientId", "missing", "sign-in needs"],
  ],
  [
    "login: an issuer over http",
    signIn({
      mode: "login",
      issuers: [{ ...second, issuer: "http://b.example" }],
      login: { issuer: "http://b.example", clientSecret: CLIENT_SECRET },
    }),
    ["issuers[0].issuer", "wrong_value", "https URL"],
  ],
  [
    "login: trustTransport is for one issuer",
    signIn({
      issuers: [{ issuer: "https://b.example", clientId: "b" }],
      login: { issuer: ISSUER, trustTransport: true },
    }),
    ["issuers[0].jwksFile", "no_keys", "no source"],
  ],
  [
    "login: trustTransport without a session",
    { jwks: undefined, login: { trustTransport: true } },
    ["jwksFile", "no_keys", "no source"],
  ],
  [
    "login: endpoints a text",
    login({ endpoints: ISSUER }),
    ["login.endpoints", "wrong_type", "a map"],
  ],
  [
    "login: an unknown endpoint",
    login({ endpoints: { jwksUri: `${ISSUER}/keys` } }),
    ["login.endpoints.jwksUri", "unknown_key", "login.endpoints.jwks"],
  ],
  [
    "login: an endpoint without a host",
    login({ endpoints: { token: "/token" } }),
    ["login.endpoints.token", "wrong_value", "an absolute URL"],
  ],
  [
    "login: an endpoint with a fragment",
    login({ endpoints: { endSession: `${ISSUER}/x#y` } }),
    ["login.endpoints.endSession", "wrong_value", "an absolute URL"],
  ],
  [
    "login: an endpoint with half an escape",
    login({ endpoints: { token: `${ISSUER}/a%2` } }),
    ["login.endpoints.token", "wrong_value", "an absolute URL"],
  ],
  [
    "login: an endpoint over http",
    login({
      endpoints: { authorization: "http://sso.example.com/a" },
      endpointOrigins: { plain: "http://sso.example.com" },
    }),
    ["login.endpoints.authorization", "insecure_url", "needs https"],
  ],
  [
    "login: an endpoint elsewhere",
    login({ endpoints: { token: "https://oauth.example.net/token" } }),
    ["login.endpoints.token", "wrong_value", "login.endpointOrigins"],
  ],
  [
    "login: endpointOrigins a list",
    login({ endpointOrigins: ["https://b.example"] }),
    ["login.endpointOrigins", "wrong_type", "a map"],
  ],
  [
    "login: an origin with a path",
    login({ endpointOrigins: { b: "https://b.example/x" } }),
    ["login.endpointOrigins.b", "wrong_value", "an origin"],
  ],
  [
    "login: two origins of one name",
    login({ endpointOrigins: { B: "https://b.example", b: "https://c.example" } }),
    ["login.endpointOrigins.B", "duplicate_key", "different case"],
  ],
  [
    "login: a service of no name",
    login({ service: "oauth" }),
    ["login.service", "wrong_value", "endpointOrigins"],
  ],
  ["login: service empty", login({ service: "" }), ["login.service", "empty", "is empty"]],
];

const TYPED: Row[] = [
  [
    "login.clientSecret true",
    login({ clientSecret: true }),
    ["login.clientSecret", "wrong_type", "a text"],
  ],
  [
    "login.authorizationParams with true",
    login({ authorizationParams: { prompt: true } }),
    ["login.authorizationParams.prompt", "wrong_type", "a text"],
  ],
  [
    "login.authorizationParams with null",
    login({ authorizationParams: { prompt: null } }),
    ["login.authorizationParams.prompt", "wrong_type", "a text"],
  ],
  [
    "login.authorizationParams without a name",
    login({ authorizationParams: { "": "x" } }),
    ["login.authorizationParams.", "wrong_name", "no name"],
  ],
  [
    "login.endpoints.token true",
    login({ endpoints: { token: true } }),
    ["login.endpoints.token", "wrong_type", "a text"],
  ],
  ["login.path a number", login({ path: 5 }), ["login.path", "wrong_value", "as in /oidc"]],
];

export const BAD_LOGIN: BadConfiguration[] = [
  ...rowsOf([...CLIENT_ROWS, ...REQUEST, ...PROVIDER]),
  ...rowsOf(TYPED, { typedOnly: true }),
];
