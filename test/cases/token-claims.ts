/** Claims of well-signed tokens: issuer, audience, times, and what kind of token it is. */
import { rsa } from "../support/keys.ts";
import { type Claims, claims, ISSUER, seconds, token, withPayload } from "../support/tokens.ts";
import { type Case, invalid, passes } from "./case.ts";
import type { GateName } from "./gates.ts";

/** A payload with one claim as text, for what JSON.stringify would not write. */
const literal = (name: string, text: string) =>
  withPayload(
    JSON.stringify(claims({ [name]: undefined })).replace(/}$/, `,"${name}":${text}}`),
    rsa,
  );

type Row = [string, GateName, string, Case["expect"]];

const notAccess = invalid("not_an_access_token");

/** What is there of a token where it says no kind: a provider's that is not Keycloak. */
const plain = (changes: Claims, header: Claims = {}) =>
  token({ typ: undefined, scope: undefined, azp: undefined, ...changes }, rsa, header);

/**
 * Whose access tokens have our own client as audience: what tells them from ID tokens. Claims are as the providers'
 * documents have them.
 */
const PROVIDERS: Row[] = [
  [
    "Entra ID v2, a user",
    "main",
    await plain({ azp: "spa", azpacr: "0", scp: "access" }),
    passes(),
  ],
  ["Entra ID v2, a program", "main", await plain({ azp: "job", azpacr: "1" }), passes()],
  ["Entra ID v1, a program", "main", await plain({ appid: "job", appidacr: "1" }), passes()],
  ["Entra ID, an ID token", "main", await plain({ roles: ["owner"], ver: "2.0" }), notAccess],
  ["Okta, Hydra", "main", await plain({ cid: "app", scp: ["openid"] }), passes()],
  ["Auth0, Ping", "main", await plain({ azp: "app", scope: "openid" }), passes()],
  ["RFC 9068", "main", await plain({ client_id: "app" }, { typ: "at+jwt" }), passes()],
  ["Cognito", "main", await plain({ token_use: "access", client_id: "app" }), passes()],
  ["Cognito, an ID token", "main", await plain({ token_use: "id" }), notAccess],
  [
    "Cognito, an ID token with scope",
    "main",
    await plain({ token_use: "id", scope: "a" }),
    notAccess,
  ],
  ["Google: there are only ID tokens", "main", await plain({ azp: "app" }), notAccess],
  [
    "Google, of an app on a phone",
    "main",
    await plain({ azp: "phone", hd: "example.com" }),
    notAccess,
  ],
  ["Zitadel, of another client", "main", await plain({ client_id: "cli" }), passes()],
  [
    "Zitadel, an ID token of the project's other client",
    "main",
    await plain({ aud: ["app", "cli"], client_id: "cli" }),
    notAccess,
  ],
  [
    "Zitadel, of this client: its audience is the project",
    "main",
    await plain({ client_id: "app" }),
    notAccess,
  ],
  ["Authentik: as its ID tokens", "main", await plain({ azp: "app", uid: "a" }), notAccess],
  ["Authentik, where ID tokens are accepted", "id-tokens", await plain({ azp: "app" }), passes()],
  ["Dex, where ID tokens are accepted", "id-tokens", await plain({ at_hash: "a" }), passes()],
  ["Google, where ID tokens are accepted", "id-tokens", await plain({ nonce: "a" }), passes()],
  ["typ ID, where ID tokens are accepted", "id-tokens", await token({ typ: "ID" }), passes()],
  ["a refresh token, where ID tokens are", "id-tokens", await token({ typ: "Refresh" }), notAccess],
  ["a logout token, where ID tokens are", "id-tokens", await plain({ events: {} }), notAccess],
  [
    "nonce is allowed, and nothing says access token",
    "nonce",
    await plain({ nonce: "a" }),
    notAccess,
  ],
  [
    "GitHub Actions: an audience of its own",
    "no-client",
    await plain({ sub: "repo:a/b" }),
    passes(),
  ],
  ["another audience than the client", "api", await plain({ aud: ["app", "api"] }), passes()],
  ["the client alone, where there is another audience", "api", await plain({}), notAccess],
];

const rows: Row[] = [
  ["iss missing", "main", await token({ iss: undefined }), invalid("issuer_invalid")],
  ["iss a list", "main", await token({ iss: [ISSUER] }), invalid("issuer_invalid")],
  [
    "iss with a slash behind it",
    "main",
    await token({ iss: `${ISSUER}/` }),
    invalid("issuer_unknown"),
  ],
  [
    "iss in capitals",
    "main",
    await token({ iss: ISSUER.toUpperCase() }),
    invalid("issuer_unknown"),
  ],
  [
    "iss of nobody",
    "main",
    await token({ iss: "https://evil.example" }),
    invalid("issuer_unknown"),
  ],

  ["aud a list with ours", "main", await token({ aud: ["account", "app"] }), passes()],
  ["aud missing", "main", await token({ aud: undefined }), invalid("audience_mismatch")],
  [
    "aud of another application",
    "main",
    await token({ aud: "app2" }),
    invalid("audience_mismatch"),
  ],
  ["aud an empty list", "main", await token({ aud: [] }), invalid("audience_mismatch")],
  ["aud in capitals", "main", await token({ aud: "APP" }), invalid("audience_mismatch")],
  ["aud an object", "main", await token({ aud: { app: true } }), invalid("audience_invalid")],
  ["aud a number", "main", await token({ aud: 1 }), invalid("audience_invalid")],
  [
    "aud a list with numbers, ours among them",
    "main",
    await token({ aud: ["app", 1] }),
    invalid("audience_invalid"),
  ],
  ["aud null", "main", await token({ aud: null }), invalid("audience_invalid")],
  ["azp for the audience, where that is allowed", "azp", await token(), passes()],
  // Google's ID tokens for an app's server are so: `aud` is the server's client, `azp` the app's.
  ["azp, and nothing says access token", "azp", await plain({ aud: "api", azp: "app" }), notAccess],
  ["azp, typ ID", "azp", await token({ aud: "api", typ: "ID" }), notAccess],
  ["azp, with a nonce", "azp", await token({ aud: "api", nonce: "a" }), notAccess],
  ["azp, with a scope", "azp", await plain({ aud: "api", azp: "app", scope: "a" }), passes()],
  ["azp, typ Bearer", "azp", await plain({ aud: "api", azp: "app", typ: "Bearer" }), passes()],
  ["azp, of RFC 9068", "azp", await plain({ aud: "api", azp: "app" }, { typ: "at+jwt" }), passes()],
  [
    "azp, and a client that is not in the audience",
    "azp",
    await plain({ aud: "api", azp: "app", client_id: "app" }),
    passes(),
  ],
  ["azp of another client", "azp", await token({ azp: "app2" }), invalid("audience_mismatch")],
  [
    "azp does not count otherwise",
    "main",
    await token({ aud: "account" }),
    invalid("audience_mismatch"),
  ],

  ["exp past", "main", await token({ exp: seconds(-60) }), invalid("token_expired")],
  ["exp past, within the clock skew", "main", await token({ exp: seconds(-10) }), passes()],
  ["exp missing", "main", await token({ exp: undefined }), invalid("expiration_missing")],
  ["exp missing, where that is allowed", "no-exp", await token({ exp: undefined }), passes()],
  ["exp a text", "main", await token({ exp: String(seconds(600)) }), invalid("expiration_invalid")],
  ["exp 1e400", "main", literal("exp", "1e400"), invalid("expiration_invalid")],
  ["exp with an exponent", "main", literal("exp", "9e9"), passes()],
  [
    "exp with an exponent, past",
    "main",
    literal("exp", "1.795509914e+09"),
    invalid("token_expired"),
  ],
  [
    "exp with an exponent, too large",
    "main",
    literal("exp", "1e15"),
    invalid("expiration_invalid"),
  ],
  ["nbf with an exponent, ahead", "main", literal("nbf", "9e9"), invalid("token_not_yet_valid")],
  ["iat with an exponent", "main", literal("iat", "1.688117968E9"), passes()],
  ["exp negative", "main", await token({ exp: -1 }), invalid("expiration_invalid")],
  [
    "exp beyond all integers",
    "main",
    literal("exp", "99999999999999999999999"),
    invalid("expiration_invalid"),
  ],
  ["exp null", "main", await token({ exp: null }), invalid("expiration_invalid")],
  ["exp with a fraction", "main", await token({ exp: seconds(600) + 0.5 }), passes()],
  ["exp zero", "main", await token({ exp: 0 }), invalid("token_expired")],
  ["nbf past", "main", await token({ nbf: seconds(-5) }), passes()],
  ["nbf ahead", "main", await token({ nbf: seconds(120) }), invalid("token_not_yet_valid")],
  ["nbf ahead, within the clock skew", "main", await token({ nbf: seconds(15) }), passes()],
  ["nbf a text", "main", await token({ nbf: "0" }), invalid("not_before_invalid")],
  ["iat missing", "main", await token({ iat: undefined }), passes()],
  ["iat ahead", "main", await token({ iat: seconds(120) }), invalid("issued_in_future")],
  ["iat a text", "main", await token({ iat: "0" }), invalid("issued_at_invalid")],
  ["iat too long ago", "age", await token({ iat: seconds(-90) }), invalid("token_too_old")],
  ["iat recent enough", "age", await token({ iat: seconds(-20) }), passes()],
  [
    "iat missing, where the age counts",
    "age",
    await token({ iat: undefined }),
    invalid("issued_at_invalid"),
  ],

  ["an ID token: typ ID", "main", await token({ typ: "ID" }), invalid("not_an_access_token")],
  ["a refresh token", "main", await token({ typ: "Refresh" }), invalid("not_an_access_token")],
  ["an offline token", "main", await token({ typ: "Offline" }), invalid("not_an_access_token")],
  ["a logout token", "main", await token({ typ: "Logout" }), invalid("not_an_access_token")],
  ["an ID token: nonce", "main", await token({ nonce: "n" }), invalid("not_an_access_token")],
  ["an ID token: at_hash", "main", await token({ at_hash: "h" }), invalid("not_an_access_token")],
  ["an ID token: c_hash", "main", await token({ c_hash: "h" }), invalid("not_an_access_token")],
  ["a logout token: events", "main", await token({ events: {} }), invalid("not_an_access_token")],
  ["nonce, where that is allowed", "nonce", await token({ nonce: "n" }), passes()],
  [
    "typ ID, where nonce is allowed",
    "nonce",
    await token({ typ: "ID" }),
    invalid("not_an_access_token"),
  ],
  ["events, where nonce is allowed", "nonce", await token({ events: {} }), notAccess],
  ["typ of a number", "main", await token({ typ: 1 }), passes()],

  ["sub missing", "main", await token({ sub: undefined }), passes()],
  ...[123456, "", null, ["a", "b"], { a: 1 }, true, "s".repeat(256)].map((sub): Row => [
    `sub ${JSON.stringify(sub).slice(0, 20)}`,
    "main",
    withPayload(claims({ sub }), rsa),
    invalid("subject_invalid"),
  ]),
  ["sub of 255 characters", "main", await token({ sub: "ü".repeat(255) }), passes()],
  [
    "sub missing, typ at+jwt",
    "main",
    await token({ sub: undefined }, rsa, { typ: "at+jwt" }),
    invalid("subject_missing"),
  ],
  [
    "sub missing, typ at+jwt, where that is allowed",
    "no-subject",
    await token({ sub: undefined }, rsa, { typ: "application/at+jwt" }),
    passes(),
  ],
  [
    "sub missing, where it is required",
    "subject",
    await token({ sub: undefined }),
    invalid("subject_missing"),
  ],

  // RFC 9449 §6.1, RFC 8705 §3.1.
  ...[{ jkt: "abc" }, { "x5t#S256": "abc" }, {}, "x"].map((cnf): Row => [
    `cnf ${JSON.stringify(cnf)}`,
    "main",
    withPayload(claims({ cnf }), rsa),
    invalid("sender_constrained"),
  ]),
  ["cnf null", "main", await token({ cnf: null }), invalid("sender_constrained")],
  [
    "a claim larger than headers carry",
    "main",
    await token({ preferred_username: "%".repeat(7000) }),
    {
      status: 403,
      code: "forbidden",
      challenge:
        'Bearer error="insufficient_scope", error_description="Your roles do not allow this."',
      reason: "claims_too_large",
    },
  ],
];

const named = PROVIDERS.map(([name, ...rest]): Row => [
  `an access token, or not: ${name}`,
  ...rest,
]);

export const TOKEN_CLAIMS: Case[] = [...rows, ...named].map(([name, gate, value, expect]) => ({
  name: `claims: ${name}`,
  gate,
  token: value,
  expect,
}));
