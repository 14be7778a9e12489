/** Configurations of sign-in that are right, in every mode and in every form that Traefik delivers. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { rsa } from "../support/keys.ts";
import { CLIENT, ISSUER } from "../support/tokens.ts";
import type { Configuration } from "./gates.ts";
import { but } from "./configurations.ts";

const bytes = (label: string, hash = "sha256") => createHash(hash).update(label).digest();

/** Nobody's secrets, in the forms that they may have. */
export const SESSION_SECRET = bytes("session").toString("base64url");
export const OLD_SECRET = bytes("an older session", "sha512").toString("hex");
export const CLIENT_SECRET = bytes("client").toString("base64");

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const CLIENT_KEY = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
export const CLIENT_JWK = JSON.stringify({ ...privateKey.export({ format: "jwk" }), kid: "own" });

export const STATE_DIR = "/state";

/** The least that signs people in. */
export const SIGN_IN = but({
  publicUrl: "https://app.example.com",
  session: { secrets: [SESSION_SECRET] },
  login: { clientSecret: CLIENT_SECRET },
});

export const signIn = (changes: Configuration): Configuration => ({ ...SIGN_IN, ...changes });

/** One block for all modes. */
const BLOCK: Configuration = {
  issuer: ISSUER,
  clientId: CLIENT,
  stateDir: STATE_DIR,
  keys: { refresh: "5m", maxStale: "24h" },
  store: {
    ...{ kind: "etcd", prefix: "apps/rolegate_1.2-b" },
    ...{ username: "rolegate", password: CLIENT_SECRET },
  },
  publicUrl: ["https://app.example.com", "https://app.example.com:8443/"],
  session: {
    secrets: [SESSION_SECRET, OLD_SECRET],
    cookieName: "app",
    domain: "example.com",
    sameSite: "strict",
    maxAge: "8h",
    refreshEvery: 600,
    revocationTtl: "10s",
    revocationUnreadable: "allow",
    revocationMaxStale: "10m",
    audience: "all-of-us",
  },
  login: {
    issuer: ISSUER,
    path: "/sign-in/oidc_1",
    clientSecret: CLIENT_SECRET,
    clientKey: CLIENT_KEY,
    clientKeyId: "app-1",
    clientAuth: "post",
    scopes: ["openid", "profile", "urn:example:scope/read"],
    authorizationParams: { prompt: "select_account", kc_idp_hint: "corporate", max_age: 3600 },
    claimsFrom: ["id_token", "access_token"],
    endpoints: {
      authorization: "https://sso.example.com/authorize?tenant=a",
      token: "https://oauth.example.net/token",
      userinfo: "https://api.example.net:8443/userinfo",
      endSession: "https://sso.example.com/logout",
      jwks: "https://oauth.example.net/keys",
    },
    endpointOrigins: { oauth: "https://oauth.example.net", api: "https://api.example.net:8443" },
    service: "oauth",
    userinfo: true,
    trustTransport: false,
    refreshAt: 0.5,
    refreshGrace: "5m",
    postLogoutRedirect: "/goodbye?from=app",
    allowedRedirects: ["https://docs.example.com"],
    otherAccount: "select_account",
  },
  pages: {
    name: "Flows",
    logo: "data:image/png;base64,iVBORw0KGgo=",
    color: "#7a1fa2",
    contact: "https://help.example.com/access?app=flows",
    language: "de",
    showRoles: true,
  },
  forwardAuth: {
    trusted: ["10.0.0.0/8", "2001:db8::1"],
    uriHeader: "X-Original-URI",
    methodHeader: "X-Original-Method",
    hostHeader: "X-Original-Host",
  },
};

/** Every default, written out. */
const DEFAULTS: Configuration = {
  mode: "protect",
  token: { header: "Authorization", cookie: "", query: "", webSocketProtocol: false },
  forwardAuthorization: false,
  apiKeysFile: "",
  stateDir: "",
  keys: { refresh: "5m", maxStale: "24h" },
  session: {
    secrets: [SESSION_SECRET],
    cookieName: "rolegate",
    domain: "",
    sameSite: "lax",
    maxAge: "12h",
    refreshEvery: "5m",
    revocationTtl: "5s",
    revocationUnreadable: "refuse",
    revocationMaxStale: "5m",
    audience: "",
  },
  login: {
    path: "/oidc",
    clientSecret: CLIENT_SECRET,
    clientAuth: "basic",
    scopes: ["openid", "profile", "email"],
    authorizationParams: {},
    claimsFrom: ["access_token", "id_token"],
    endpoints: {},
    endpointOrigins: {},
    service: "provider",
    userinfo: false,
    trustTransport: false,
    refreshAt: 0.75,
    refreshGrace: "10m",
    postLogoutRedirect: "/",
    allowedRedirects: [],
  },
  pages: { name: "", logo: "", color: "", contact: "", showRoles: false },
  forwardAuth: { trusted: [], uriHeader: "", methodHeader: "", hostHeader: "" },
  configFile: "",
};

const login = (more: Configuration) => signIn({ mode: "login", login: more });

export const GOOD_SIGN_IN: Record<string, Configuration> = {
  least: SIGN_IN,
  "every default": signIn(DEFAULTS),
  ...Object.fromEntries(
    ["protect", "login", "keys", "auth"].map((mode) => [`one block, ${mode}`, { ...BLOCK, mode }]),
  ),
  "one text for a list": signIn({
    session: { secrets: SESSION_SECRET },
    login: { scopes: "openid", claimsFrom: "id_token", allowedRedirects: "https://b.example" },
  }),
  "keys in other case": signIn({
    SESSION: { Secrets: [SESSION_SECRET], SameSite: "lax" },
    session: undefined,
    Login: { clientsecret: CLIENT_SECRET, ENDPOINTS: { JWKS: `${ISSUER}/keys` } },
    login: undefined,
    STATEDIR: STATE_DIR,
  }),
  "four secrets": signIn({
    session: {
      secrets: [
        SESSION_SECRET,
        OLD_SECRET,
        bytes("3").toString("hex"),
        bytes("4").toString("base64url"),
      ],
    },
  }),
  "the token forwarded": signIn({ forwardAuthorization: true }),
  "a public client": login({ clientAuth: "none" }),
  "a key in PEM": login({ clientAuth: "private_key_jwt", clientKey: CLIENT_KEY }),
  "a key as a JWK": login({ clientAuth: "private_key_jwt", clientKey: CLIENT_JWK }),
  "another issuer's sign-in": signIn({
    mode: "login",
    issuers: [
      { issuer: "https://b.example/x/", clientId: "b", jwks: JSON.stringify({ keys: [rsa.jwk] }) },
    ],
    login: { clientSecret: CLIENT_SECRET, issuer: "https://b.example/x/" },
  }),
  "no keys, the connection trusted": signIn({
    jwks: undefined,
    login: { trustTransport: true, clientSecret: CLIENT_SECRET },
  }),
  "on this machine": signIn({
    mode: "login",
    issuer: "http://127.0.0.1:8080/realms/main",
    publicUrl: ["http://localhost:8000", "http://app.localhost", "http://[::1]:8000"],
  }),
  "signed out at another site": login({
    clientSecret: CLIENT_SECRET,
    postLogoutRedirect: "https://www.example.com/bye?a=%20b",
  }),
  "keys only": { mode: "keys", issuer: ISSUER, clientId: CLIENT, stateDir: `${STATE_DIR}/` },
  "decisions only": but({
    mode: "auth",
    forwardAuth: {
      trusted: "192.0.2.1",
      uriHeader: "X-Forwarded-Uri",
      methodHeader: "X-Forwarded-Method",
      hostHeader: "X-Forwarded-Host",
    },
  }),
};
