/**
 * The development provider's faults: mistakes of a provider, and attacks between it and Traefik, as
 * a table. Each changes one endpoint's response. Cases of OpenID Connect's basic RP profile are
 * among them.
 */
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from "jose";
import type { Answer, Changed } from "./answer.ts";
import type { Endpoint } from "./network.ts";
import { tokenHash, type Header, type Signer } from "./signing.ts";

export interface Fault {
  endpoint: Endpoint;
  change(answer: Answer, signer: Signer): Changed | Promise<Changed>;
}

type Json = Record<string, unknown>;

const json = (answer: Answer, change: (body: Json) => Json | Promise<Json>) =>
  // What the endpoint refuses stays refused.
  answer.status === 200
    ? Promise.resolve(change(JSON.parse(answer.body) as Json)).then((body) => ({
        ...answer,
        body: JSON.stringify(body),
      }))
    : answer;

const inJson = (endpoint: Endpoint, change: (body: Json) => Json): Fault => ({
  endpoint,
  change: (answer) => json(answer, change),
});

const otherStatus = (endpoint: Endpoint, status: number, body: Json): Fault => ({
  endpoint,
  change: ({ headers }) => ({ status, headers, body: JSON.stringify(body) }),
});

const tokenError = (status: number, error: string) => otherStatus("token", status, { error });

const html = (endpoint: Endpoint): Fault => ({
  endpoint,
  change: ({ headers }) => ({
    status: 200,
    headers: { ...headers, "content-type": "text/html" },
    body: "<!doctype html><title>Maintenance</title>",
  }),
});

const text = (endpoint: Endpoint, body: string): Fault => ({
  endpoint,
  change: (answer) => ({ ...answer, status: 200, body }),
});

const abort = (endpoint: Endpoint): Fault => ({ endpoint, change: () => "abort" });

type Member = "id_token" | "access_token";
type Sign = (signer: Signer, claims: JWTPayload, header: Header) => Promise<string> | string;

/** A token of the token endpoint's answer, made again from changed claims. */
function remade(member: Member, sign: Sign): Fault {
  return {
    endpoint: "token",
    change: (answer, signer) =>
      json(answer, async (body) => {
        const token = body[member] as string;
        const { alg, typ } = decodeProtectedHeader(token) as Header;
        const made = await sign(signer, decodeJwt(token), { alg, typ });
        // An ID token vouches for its access token: that check is not what such a fault is about.
        if (member === "access_token" && body.id_token) {
          const claims = { ...decodeJwt(body.id_token as string), at_hash: tokenHash(made) };
          return { ...body, [member]: made, id_token: await signer.sign(claims) };
        }
        return { ...body, [member]: made };
      }),
  };
}

const claims = (member: Member, changed: (claims: JWTPayload) => Json, header: Header = {}) =>
  remade(member, (signer, old, its) =>
    signer.sign({ ...old, ...changed(old) } as JWTPayload, { ...its, ...header }),
  );
const idToken = (changed: (claims: JWTPayload) => Json, header?: Header) =>
  claims("id_token", changed, header);
const accessToken = (changed: (claims: JWTPayload) => Json, header?: Header) =>
  claims("access_token", changed, header);

const unsigned = (claims: JWTPayload) =>
  `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`;

function otherSignature(token: string): string {
  const [head, body, signature] = token.split(".") as [string, string, string];
  const bytes = Buffer.from(signature, "base64url");
  bytes[8]! ^= 1;
  return `${head}.${body}.${bytes.toString("base64url")}`;
}

/** The way back to the application, with changed parameters; null takes one away. */
const back = (changed: Record<string, string | null>): Fault => ({
  endpoint: "authorization",
  change(answer) {
    const location = String(answer.headers.location ?? "");
    if (!URL.canParse(location)) return answer;
    const to = new URL(location);
    if (!to.searchParams.has("state")) return answer;
    for (const [name, value] of Object.entries(changed)) {
      if (value === null) to.searchParams.delete(name);
      else to.searchParams.set(name, value);
    }
    return { ...answer, headers: { ...answer.headers, location: to.href } };
  },
});

/** RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6. */
const backWith = (error: string) => back({ code: null, error });

const elsewhere = "https://attacker.example";
const now = () => Math.floor(Date.now() / 1000);
const without = (name: string) => (body: Json) => ({ ...body, [name]: undefined });

export const faults = {
  // The ID token, OpenID Connect Core §3.1.3.7.
  "id-token-missing": inJson("token", without("id_token")),
  "id-token-no-jwt": inJson("token", (body) => ({ ...body, id_token: "no.such.token" })),
  "id-token-number": inJson("token", (body) => ({ ...body, id_token: 7 })),
  "id-token-bad-nonce": idToken(() => ({ nonce: "another" })),
  "id-token-missing-nonce": idToken(() => ({ nonce: undefined })),
  "id-token-bad-iss": idToken(() => ({ iss: elsewhere })),
  "id-token-missing-iss": idToken(() => ({ iss: undefined })),
  "id-token-bad-aud": idToken(() => ({ aud: "another" })),
  "id-token-missing-aud": idToken(() => ({ aud: undefined })),
  "id-token-second-aud": idToken(({ aud }) => ({ aud: [aud, "another"], azp: "another" })),
  "id-token-bad-azp": idToken(() => ({ azp: "another" })),
  "id-token-bad-at-hash": idToken(() => ({ at_hash: tokenHash("another") })),
  /** No fault: it may be missing from the code flow. */
  "id-token-missing-at-hash": idToken(() => ({ at_hash: undefined })),
  "id-token-missing-sub": idToken(() => ({ sub: undefined })),
  "id-token-empty-sub": idToken(() => ({ sub: "" })),
  "id-token-number-sub": idToken(() => ({ sub: 7 })),
  "id-token-missing-exp": idToken(() => ({ exp: undefined })),
  "id-token-expired": idToken(() => ({ iat: now() - 7200, exp: now() - 3600 })),
  "id-token-missing-iat": idToken(() => ({ iat: undefined })),
  "id-token-future": idToken(() => ({ iat: now() + 3600, exp: now() + 7200 })),
  "id-token-typ-logout": idToken(() => ({ typ: "Logout" })),
  "id-token-typ-bearer": idToken(() => ({ typ: "Bearer" })),
  "id-token-unknown-kid": idToken(() => ({}), { kid: "nobodys" }),
  "id-token-missing-kid": idToken(() => ({}), { kid: undefined }),
  "id-token-wrong-signature": inJson("token", (body) => ({
    ...body,
    id_token: otherSignature(body.id_token as string),
  })),
  "id-token-forged": remade("id_token", (signer, old, its) => signer.forge(old, its)),
  "id-token-unsigned": remade("id_token", (_signer, old) => unsigned(old)),
  /** At a refresh: OpenID Connect Core §12.2. */
  "id-token-other-sub": idToken(() => ({ sub: "carol" })),
  "id-token-other-auth-time": idToken(() => ({ auth_time: now() - 86_400 })),
  // The access token, a source of claims.
  "access-token-missing": inJson("token", without("access_token")),
  "access-token-opaque": remade("access_token", () => "opaque"),
  "access-token-forged": remade("access_token", (signer, old, its) =>
    signer.forge({ ...old, roles: ["app-owner"], realm_access: { roles: ["app-owner"] } }, its),
  ),
  "access-token-other-sub": accessToken(() => ({ sub: "carol", roles: ["app-owner"] })),
  "access-token-bad-iss": accessToken(() => ({ iss: elsewhere, roles: ["app-owner"] })),
  "access-token-expired": accessToken(() => ({ exp: now() - 3600, roles: ["app-owner"] })),
  /** With the next: roles are in userinfo alone, as some providers have it. */
  "access-token-without-roles": accessToken(() => ({ roles: undefined, realm_access: undefined })),
  "id-token-without-roles": idToken(() => ({ roles: undefined, realm_access: undefined })),
  "access-token-other-aud": accessToken(() => ({ aud: "another" })),
  // The token endpoint's answer, RFC 6749 §5.
  "token-invalid-grant": tokenError(400, "invalid_grant"),
  "token-invalid-client": tokenError(401, "invalid_client"),
  "token-invalid-scope": tokenError(400, "invalid_scope"),
  "token-unauthorized-client": tokenError(400, "unauthorized_client"),
  "token-server-error": tokenError(500, "server_error"),
  "token-unavailable": tokenError(503, "temporarily_unavailable"),
  "token-error-with-200": tokenError(200, "invalid_grant"),
  "token-redirect": {
    endpoint: "token",
    change: () => ({ status: 302, headers: { location: `${elsewhere}/token` }, body: "" }),
  } satisfies Fault,
  "token-html": html("token"),
  "token-empty": text("token", ""),
  "token-broken-json": text("token", '{"access_token":"'),
  "token-abort": abort("token"),
  "token-too-large": inJson("token", (body) => ({ ...body, padding: "x".repeat(300_000) })),
  "token-type-mac": inJson("token", (body) => ({ ...body, token_type: "mac" })),
  "token-no-expiry": inJson("token", without("expires_in")),
  "token-expiry-as-text": inJson("token", (body) => ({
    ...body,
    expires_in: String(body.expires_in),
  })),
  /** At a refresh: the old one stays good, RFC 6749 §6. */
  "token-no-refresh-token": inJson("token", without("refresh_token")),
  // The way back, RFC 9207.
  "back-missing-iss": back({ iss: null }),
  "back-other-iss": back({ iss: elsewhere }),
  "back-other-state": back({ state: "another" }),
  "back-access-denied": backWith("access_denied"),
  "back-login-required": backWith("login_required"),
  "back-unavailable": backWith("temporarily_unavailable"),
  "back-server-error": backWith("server_error"),
  "back-error-other-iss": back({ code: null, error: "access_denied", iss: elsewhere }),
  // Userinfo, OpenID Connect Core §5.3.2.
  "userinfo-other-sub": inJson("userinfo", (body) => ({ ...body, sub: "carol" })),
  "userinfo-missing-sub": inJson("userinfo", without("sub")),
  "userinfo-refused": otherStatus("userinfo", 401, { error: "invalid_token" }),
  "userinfo-html": html("userinfo"),
  // The metadata, OpenID Connect Discovery §4.3.
  "discovery-other-issuer": inJson("discovery", (body) => ({ ...body, issuer: elsewhere })),
  "discovery-other-token-endpoint": inJson("discovery", (body) => ({
    ...body,
    token_endpoint: `${elsewhere}/token`,
  })),
  "discovery-other-authorization-endpoint": inJson("discovery", (body) => ({
    ...body,
    authorization_endpoint: `${elsewhere}/auth`,
  })),
  "discovery-other-keys": inJson("discovery", (body) => ({
    ...body,
    jwks_uri: `${elsewhere}/jwks`,
  })),
  "discovery-without-iss-promise": inJson(
    "discovery",
    without("authorization_response_iss_parameter_supported"),
  ),
  "discovery-no-token-endpoint": inJson("discovery", without("token_endpoint")),
  "discovery-not-found": otherStatus("discovery", 404, { error: "not_found" }),
  "discovery-server-error": otherStatus("discovery", 500, { error: "server_error" }),
  "discovery-html": html("discovery"),
  "discovery-broken-json": text("discovery", '{"issuer":'),
  "discovery-abort": abort("discovery"),
  // The key set.
  "keys-empty": inJson("keys", () => ({ keys: [] })),
  "keys-private": inJson("keys", (body) => ({
    keys: (body.keys as Json[]).map((key) => ({ ...key, d: "AQAB" })),
  })),
  "keys-secret": inJson("keys", () => ({ keys: [{ kty: "oct", k: "c2VjcmV0", kid: "s" }] })),
  "keys-html": html("keys"),
  "keys-broken-json": text("keys", '{"keys":[{'),
  "keys-server-error": otherStatus("keys", 500, { error: "server_error" }),
  "keys-abort": abort("keys"),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
