/**
 * What a relying party has to refuse, and what it has to accept, case by case with its specification. docs/conformance.md
 * shows this table, and test/login/conformance.test.ts plays every row.
 */
import type { UpstreamResponse } from "../../src/guest/proxy.ts";
import { type FakeProvider, json } from "../support/fake-provider.ts";
import { ec, strangerRsa } from "../support/keys.ts";
import type { Clock } from "../support/login-host.ts";
import { type Claims, CLIENT, ISSUER } from "../support/tokens.ts";

export interface Row {
  name: string;
  specification: string;
  /** What the provider does. */
  does(provider: FakeProvider, clock: Clock): void;
  /** Event in the log, and part of its message. `signed_in`: there is a session. */
  event: string;
  /** An event before that one, which tells of what does not count. */
  before?: string;
  says?: RegExp;
  /** Why a token was refused: the reason in the log. */
  reason?: string;
  /** Of the page. */
  status?: number;
  /** Of the callback. */
  query?: Record<string, string>;
}

const CORE = "OIDC Core §3.1.3.7";
const good = (name: string, specification: string, does: Row["does"]): Row => ({
  ...{ name, specification, does },
  event: "signed_in",
});
const idToken = (name: string, rule: number, changes: Claims, reason: string): Row => ({
  ...{ name, specification: `${CORE}, ${rule}`, reason },
  does: (it) => (it.idToken = changes),
  event: "id_token_refused",
});
const signature = (
  name: string,
  specification: string,
  reason: string,
  does: Row["does"],
  more: Partial<Row> = {},
): Row => ({
  ...{ name, specification, does, event: "id_token_refused", reason },
  ...more,
});
const endpoint = (
  name: string,
  response: UpstreamResponse | ((it: FakeProvider) => UpstreamResponse | Promise<UpstreamResponse>),
  more: Partial<Row>,
): Row => ({
  ...{ name, specification: "RFC 6749 §5.1, §5.2" },
  does: (it) =>
    (it.instead.token = () => (typeof response === "function" ? response(it) : response)),
  event: "token_endpoint_failed",
  status: 503,
  ...more,
});
const discovery = (name: string, specification: string, metadata: Claims, says: RegExp): Row => ({
  ...{ name, specification, says },
  does: (it) => (it.metadata = metadata),
  event: "metadata_refused",
  status: 500,
});
const callback = (name: string, query: Record<string, string>, metadata: Claims = {}): Row => ({
  ...{ name, specification: "RFC 9207 §2.4", query, does: (it) => (it.metadata = metadata) },
  event: "issuer_mismatch",
});
const names = { authorization_response_iss_parameter_supported: true };
const html = { "Content-Type": "text/html" };
const longType = { "Content-Type": `text/html; profile=${"a".repeat(300)}` };
/** Good tokens, under other headers. */
const answered = async (it: FakeProvider, headers: Record<string, string>) => ({
  ...{ headers, body: JSON.stringify(await it.tokens()) },
});

/** The ID token. */
const ID_TOKEN: Row[] = [
  good("all as it should be", CORE, () => {}),
  good("aud a list of us", `${CORE}, 3`, (it) => (it.idToken = { aud: [CLIENT] })),
  good("aud a list, azp us", `${CORE}, 3 to 5`, (it) => {
    it.idToken = { aud: [CLIENT, "api"], azp: CLIENT };
  }),
  good("signed with ES256", `${CORE}, 7`, (it) => (it.idKey = ec)),
  good("no kid, and one key of its kind", "OIDC Core §10.1", (it) => {
    it.idHeader = { kid: undefined };
  }),
  good("no at_hash", "OIDC Core §3.1.3.6", (it) => (it.idToken = { at_hash: undefined })),
  good("expired within the clock's skew", `${CORE}, 9`, (it, { seconds }) => {
    it.idToken = { exp: seconds - 29 };
  }),
  idToken("iss of somebody else", 2, { iss: "https://evil.example" }, "issuer_unknown"),
  idToken("iss with a slash at its end", 2, { iss: `${ISSUER}/` }, "issuer_unknown"),
  idToken("iss missing", 2, { iss: undefined }, "issuer_invalid"),
  idToken("iss a list", 2, { iss: [ISSUER] }, "issuer_invalid"),
  idToken("aud of somebody else", 3, { aud: "other" }, "audience_mismatch"),
  idToken("aud missing", 3, { aud: undefined }, "audience_mismatch"),
  idToken("aud a list without us", 3, { aud: ["a", "b"], azp: CLIENT }, "audience_mismatch"),
  idToken("aud with what is no text", 3, { aud: [CLIENT, 1], azp: CLIENT }, "audience_invalid"),
  idToken("aud a map with us in it", 3, { aud: { a: CLIENT } }, "audience_invalid"),
  idToken("aud several, azp missing", 4, { aud: [CLIENT, "api"] }, "authorized_party_mismatch"),
  idToken("azp of somebody else", 5, { azp: "other" }, "authorized_party_mismatch"),
  idToken("azp of another type", 5, { azp: [CLIENT] }, "authorized_party_mismatch"),
  idToken("exp past", 9, { exp: 1 }, "token_expired"),
  idToken("exp missing", 9, { exp: undefined }, "expiration_missing"),
  idToken("exp a text", 9, { exp: "9999999999" }, "expiration_invalid"),
  idToken("iat in the future", 10, { iat: 9_999_999_999 }, "issued_in_future"),
  idToken("iat missing", 10, { iat: undefined }, "issued_at_invalid"),
  idToken("nonce of another sign-in", 11, { nonce: "other" }, "nonce_mismatch"),
  idToken("nonce missing", 11, { nonce: undefined }, "nonce_mismatch"),
  idToken("nonce empty", 11, { nonce: "" }, "nonce_mismatch"),
  {
    ...idToken("sub missing", 2, { sub: undefined }, "subject_missing"),
    specification: "OIDC Core §2",
  },
  { ...idToken("sub empty", 2, { sub: "" }, "subject_invalid"), specification: "OIDC Core §2" },
  { ...idToken("sub a number", 2, { sub: 7 }, "subject_invalid"), specification: "OIDC Core §2" },
  {
    ...idToken(
      "at_hash of another token",
      2,
      { at_hash: "AAAAAAAAAAAAAAAAAAAAAA" },
      "access_token_mismatch",
    ),
    specification: "OIDC Core §3.1.3.8",
  },
  {
    ...idToken("not valid yet", 2, { nbf: 9_999_999_999 }, "token_not_yet_valid"),
    specification: "RFC 7519 §4.1.5",
  },
  {
    ...idToken("a logout token", 2, { events: {} }, "not_an_id_token"),
    specification: "Back-Channel Logout §4",
  },
  {
    ...idToken("typ Bearer", 2, { typ: "Bearer" }, "not_an_id_token"),
    specification: "RFC 8725 §3.11",
  },
  {
    ...idToken("token_use access", 2, { token_use: "access" }, "not_an_id_token"),
    specification: "RFC 8725 §3.11",
  },
  {
    ...idToken("sub of 256 characters", 2, { sub: "s".repeat(256) }, "subject_invalid"),
    specification: "OIDC Core §2",
  },
  idToken("nbf a text", 2, { nbf: "0" }, "not_before_invalid"),
];

/** Its signature. */
const SIGNATURE: Row[] = [
  signature("a stranger's key under a known kid", `${CORE}, 6`, "signature_invalid", (it) => {
    it.idKey = strangerRsa;
    it.idHeader = { kid: "rsa-1" };
  }),
  signature("alg none", `${CORE}, 7; RFC 8725 §3.1`, "algorithm_unsupported", (it) => {
    it.answer = { id_token: unsigned({ alg: "none" }, it) };
  }),
  signature("alg none, with a signature", "RFC 8725 §3.1", "algorithm_unsupported", (it) => {
    it.answer = { id_token: `${unsigned({ alg: "none" }, it)}AAAA` };
  }),
  signature(
    "HS256 with the client's secret, where there are keys",
    "RFC 8725 §3.1",
    "algorithm_not_allowed",
    (it) => {
      it.answer = { id_token: `${unsigned({ alg: "HS256", kid: "rsa-1" }, it)}AAAA` };
    },
  ),
  signature(
    "HS256 without kid, where there are keys: none to come would help",
    "RFC 8725 §3.1",
    "algorithm_not_allowed",
    (it) => {
      it.answer = { id_token: `${unsigned({ alg: "HS256" }, it)}AAAA` };
    },
  ),
  signature(
    "an unknown kid: the keys are asked for again, the page says so",
    "OIDC Core §10.1.1",
    "key_unknown",
    (it) => {
      it.idKey = strangerRsa;
      it.idHeader = { kid: "next" };
    },
    { status: 503 },
  ),
  signature(
    "no JWT",
    "RFC 7519 §7.2",
    "token_not_compact",
    (it) => (it.answer = { id_token: "abc" }),
  ),
  signature(
    "encrypted",
    "RFC 7519 §7.2",
    "token_encrypted",
    (it) => (it.answer = { id_token: "a.b.c.d.e" }),
  ),
  signature(
    "typ of a logout token",
    "RFC 8725 §3.11",
    "type_not_allowed",
    (it) => (it.idHeader = { typ: "logout+jwt" }),
  ),
  {
    ...{ name: "no ID token", specification: "OIDC Core §3.1.3.3", event: "id_token_missing" },
    does: (it) => (it.answer = { id_token: undefined }),
  },
  {
    ...{ name: "an ID token that is no text", specification: "OIDC Core §3.1.3.3" },
    does: (it) => (it.answer = { id_token: { alg: "RS256" } }),
    event: "id_token_missing",
  },
];

/** What comes beside it. */
const TOKENS: Row[] = [
  good("an opaque access token", "RFC 6749 §1.4", (it) => {
    it.answer = { access_token: "opaque" };
    it.idToken = { at_hash: undefined };
  }),
  {
    ...good(
      "no refresh token",
      "RFC 6749 §5.1",
      (it) => (it.answer = { refresh_token: undefined }),
    ),
    before: "no_refresh_token",
  },
  good(
    "token_type in another case",
    "RFC 6749 §5.1",
    (it) => (it.answer = { token_type: "bEARER" }),
  ),
  {
    ...{ name: "a forged access token beside a good ID token", specification: "RFC 9068 §4" },
    does: (it) => {
      it.accessKey = strangerRsa;
      it.answer = { access_token: undefined };
      it.instead.token = async () => {
        it.answer = {};
        const tokens = await forged(it);
        return json(tokens);
      };
    },
    before: "access_token_unread",
    event: "signed_in",
    reason: "signature_invalid",
  },
  good("no token_type", "RFC 6749 §5.1", (it) => (it.answer = { token_type: undefined })),
  {
    ...{ name: "an access token of more than 32 KiB", specification: "RFC 6749 §1.4" },
    does: (it) => (it.accessToken = { padding: "x".repeat(25_000) }),
    event: "tokens_refused",
    reason: "token_too_large",
  },
];

/** The token endpoint. */
const ENDPOINT: Row[] = [
  endpoint("invalid_grant", json({ error: "invalid_grant" }, 400), {
    event: "code_refused",
    status: 400,
  }),
  endpoint("invalid_client", json({ error: "invalid_client" }, 401), {
    event: "code_refused",
    status: 400,
  }),
  endpoint("an error without a name", json({}, 400), {}),
  endpoint("status 500", json({ error: "server_error" }, 500), {}),
  endpoint("a redirect", { status: 302, headers: { Location: "https://evil.example/" } }, {}),
  endpoint("HTML", { status: 200, headers: html, body: "<html></html>" }, {}),
  endpoint("JSON that is said to be HTML", (it) => answered(it, html), {}),
  endpoint("JSON without a type", (it) => answered(it, {}), {}),
  {
    ...endpoint("HTML by a type of 300 characters", (it) => answered(it, longType), {}),
    // What the guest has room for is still there from the answer before.
    does: (it) => {
      const type = { "Content-Type": "application/json; charset=utf-8" };
      it.instead["openid-configuration"] = () => ({ ...json(it.document()), headers: type });
      it.instead.token = () => answered(it, longType);
    },
  },
  endpoint("half of an answer", (it) => ({ ...json(it.document()), dies: true }), {}),
  endpoint("no answer", { unreachable: true }, {}),
  endpoint("no JSON", { headers: { "Content-Type": "application/json" }, body: "{" }, {}),
  endpoint("a list", json([]), {}),
  endpoint(
    "a member twice",
    {
      headers: { "Content-Type": "application/json" },
      body: '{"id_token":"a","id_token":"b"}',
    },
    {},
  ),
  endpoint("more than 256 KiB", json({ x: "x".repeat(262_144) }), {}),
  endpoint(
    "more than 256 KiB, of spaces behind it",
    async (it) => ({ ...json({}), body: JSON.stringify(await it.tokens()) + " ".repeat(262_144) }),
    {},
  ),
  endpoint("more than is buffered", json({ x: "x".repeat(1_100_000) }), {}),
];

/** The authorization response, RFC 9207. */
const RESPONSE: Row[] = [
  {
    ...good("iss ours", "RFC 9207 §2.4", (it) => (it.metadata = names)),
    query: { iss: ISSUER },
  },
  callback("iss of another provider", { iss: "https://evil.example" }),
  callback("iss of another provider on an error", {
    iss: "https://evil.example",
    error: "access_denied",
  }),
  callback("iss missing where it was promised", {}, names),
  callback("iss missing on an error where it was promised", { error: "access_denied" }, names),
  callback("iss empty", { iss: "" }),
  {
    ...{ name: "access_denied", specification: "RFC 6749 §4.1.2.1", does: () => {} },
    query: { error: "access_denied" },
    event: "provider_refused",
    status: 403,
  },
  {
    ...{ name: "temporarily_unavailable", specification: "RFC 6749 §4.1.2.1", does: () => {} },
    query: { error: "temporarily_unavailable" },
    event: "provider_refused",
    status: 503,
  },
];

/** The metadata. */
const ELSEWHERE = "https://accounts.example.net";
const at = (url: string) => ({ token_endpoint: url });
const noObject = (name: string, body: string): Row => ({
  ...discovery(name, "OIDC Discovery §4.2", {}, /is no JSON object/),
  does: (it) => (it.instead["openid-configuration"] = () => ({ ...json({}), body })),
});
const DISCOVERY: Row[] = [
  noObject("no JSON", "{"),
  noObject("a list", `[${JSON.stringify({ issuer: ISSUER })}]`),
  noObject("a text", JSON.stringify(ISSUER)),
  discovery(
    "issuer of somebody else",
    "OIDC Discovery §4.3",
    { issuer: "https://evil.example" },
    /issuer is/,
  ),
  discovery("issuer with a slash", "OIDC Discovery §4.3", { issuer: `${ISSUER}/` }, /issuer is/),
  discovery("issuer missing", "OIDC Discovery §4.3", { issuer: undefined }, /issuer is none/),
  discovery(
    "a token endpoint of another origin",
    "RFC 9700 §4.4",
    at("https://evil.example/token"),
    /not the issuer's origin/,
  ),
  discovery(
    "one on another port",
    "RFC 9700 §4.4",
    at("https://sso.example.com:8443/token"),
    /not the issuer's origin/,
  ),
  discovery(
    "one over plain http",
    "RFC 6749 §3.2",
    at("http://sso.example.com/token"),
    /not the issuer's origin|plain http/,
  ),
  discovery(
    "one with a user name",
    "RFC 9700 §4.4",
    at("https://sso.example.com@evil.example/token"),
    /no absolute URL/,
  ),
  discovery("one of ftps", "RFC 9110 §4.2", at("ftps://sso.example.com/token"), /no absolute URL/),
  discovery("one with a space", "RFC 3986 §2", at("https://sso.example.com/to ken"), /no absolute/),
  discovery("one that is no URL", "RFC 6749 §3.2", at("/token"), /no absolute URL/),
  discovery(
    "no token endpoint",
    "OIDC Discovery §3",
    { token_endpoint: undefined },
    /no token_endpoint/,
  ),
  discovery(
    "no authorization endpoint",
    "OIDC Discovery §3",
    { authorization_endpoint: undefined },
    /no authorization_endpoint/,
  ),
  ...[
    [
      "an authorization endpoint of another origin",
      { authorization_endpoint: `${ELSEWHERE}/authorize` },
    ],
    ["an end-session endpoint of another origin", { end_session_endpoint: `${ELSEWHERE}/end` }],
    [
      "a userinfo endpoint that is not asked, of another origin",
      { userinfo_endpoint: `${ELSEWHERE}/userinfo` },
    ],
    ["a key set that is in a file, of another origin", { jwks_uri: `${ELSEWHERE}/keys` }],
  ].map(([name, metadata]) =>
    good(name as string, "OIDC Discovery §3", (it) => {
      it.metadata = metadata as Claims;
    }),
  ),
  ...[
    ["with its default port", "https://sso.example.com:443"],
    ["with a host in capitals", "HTTPS://SSO.Example.COM"],
    ["with a dot at the host's end", "https://sso.example.com."],
  ].map(([name, origin]) =>
    good(`a token endpoint ${name!}`, "RFC 3986 §6.2", (it) => {
      it.metadata = at(ISSUER.replace("https://sso.example.com", origin!) + "/token");
    }),
  ),
  discovery(
    "a script for an authorization endpoint",
    "RFC 9700 §4.4",
    { authorization_endpoint: "javascript:alert(1)" },
    /no absolute URL/,
  ),
  discovery(
    "an end-session endpoint over plain http",
    "RP-Initiated Logout §2",
    { end_session_endpoint: "http://sso.example.com/end" },
    /not the issuer's origin|plain http/,
  ),
];

export const CONFORMANCE: Record<string, Row[]> = {
  "The ID token": ID_TOKEN,
  "Its signature": SIGNATURE,
  "What comes beside it": TOKENS,
  "The token endpoint": ENDPOINT,
  "The authorization response": RESPONSE,
  "The metadata": DISCOVERY,
};

/** Header and payload of the token that would be right, and no signature. */
function unsigned(header: Claims, it: FakeProvider): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const payload = { iss: ISSUER, aud: CLIENT, sub: "root", nonce: it.nonce, iat: 1, exp: 9e9 };
  return `${part(header)}.${part(payload)}.`;
}

/** A good ID token without at_hash, and an access token that a stranger has signed under a key id of ours. */
async function forged(it: FakeProvider): Promise<Claims> {
  it.idToken = { at_hash: undefined };
  const tokens = await it.tokens();
  const header = { alg: "RS256", kid: "rsa-1", typ: "JWT" };
  const [, payload, signature] = String(tokens.access_token).split(".");
  const part = Buffer.from(JSON.stringify(header)).toString("base64url");
  return { ...tokens, access_token: `${part}.${payload}.${signature}` };
}
