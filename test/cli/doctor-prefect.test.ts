/** `rolegate doctor --preset prefect`: a server that is as it should be, and one thing wrong with it at a time. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, test } from "node:test";
import { FINDINGS } from "../../src/cli/doctor/catalogue-table.ts";
import { selfSigned } from "../../stack/machine/certificate.ts";
import { type Answer, PrefectServer, prefectSetting } from "./doctor-prefect-server.ts";

const { folder, server, seen, examined } = prefectSetting("doctor-prefect");

async function doctor(at: string, ...args: string[]): Promise<string[]> {
  return (await examined(at, args)).map(({ code }) => code);
}
const withToken = () => doctor(server.url, "--token", "t");

test("as it should be", async () => assert.deepEqual(await withToken(), []));
test("as it should be, below a path", async () => {
  server.heal("/flows");
  const at = `${server.url}/flows`;
  assert.deepEqual(await doctor(at, "--token", "t"), []);
  assert.deepEqual(await doctor(`${at}/`, "--token", "t"), []);
  assert.deepEqual(await doctor(at, "--token", "t", "--api-base", "/elsewhere"), [
    "prefect_preflight",
    "prefect_ui_url",
    "prefect_health",
  ]);
});

const PAGE: Answer = [200, "<html></html>", { "Content-Type": "text/html" }];
const OWN_401: Answer = [401, '{"exception_message":"Unauthorized"}'];
const FORBIDDEN: Answer = [
  403,
  '{"code":"forbidden","requestId":"1"}',
  { "Content-Type": "application/problem+json" },
];
const REFUSED: Answer = [
  401,
  '{"code":"authentication_required","requestId":"1"}',
  { "Content-Type": "application/problem+json" },
];
const FAULTS: [code: string, name: string, answers: Record<string, Answer>][] = [
  ["prefect_down", "a gateway error", { "GET /api/health": [502, "Bad Gateway"] }],
  ["prefect_health", "for everybody but the healthy", { "GET /api/health": REFUSED }],
  ["prefect_prefix", "nothing at the API", { "GET /api/health": [404] }],
  // Prefect answers with its page for whatever is not below its API.
  ["prefect_prefix", "pages in the API's place", { "GET /api/health": PAGE }],
  [
    "prefect_prefix",
    "pages in the API's place, where Rolegate sees another path",
    { "GET /api/health": REFUSED, "GET /api/health+": PAGE },
  ],
  ["prefect_prefix", "pages in the API's place, for people", { "GET /api/admin/version+": PAGE }],
  [
    "prefect_open",
    "by the end of a path",
    { "GET /api/variables/name/system-health": [404, "{}"] },
  ],
  ["prefect_open", "the version", { "GET /api/admin/version": [200, '"3.8.8"'] }],
  ["prefect_open", "the description", { "GET /docs": PAGE }],
  ["prefect_page_instead", "another's sign-in", { "GET /api/admin/version": PAGE }],
  [
    "prefect_page_instead",
    "the way there",
    { "GET /api/admin/version": [302, "", { Location: "https://sso.example.com/" }] },
  ],
  [
    "prefect_cors",
    "for everybody",
    { "OPTIONS /api/flows/filter": [200, "", { "Access-Control-Allow-Origin": "*" }] },
  ],
  ["prefect_password", "of the API", { "GET /api/admin/version+": OWN_401 }],
  ["prefect_second_lock", "in the pages", { "GET /ui-settings+": [200, '{"auth":"BASIC"}'] }],
  ["prefect_preflight", "the version", { "GET /api/admin/version+": FORBIDDEN }],
  ["prefect_preflight", "the CSRF token", { "GET /api/csrf-token+": FORBIDDEN }],
  ["prefect_version", "an old one", { "GET /api/admin/version+": [200, '"3.6.21"'] }],
  [
    "prefect_ui_url",
    "another port",
    { "GET /ui-settings+": [200, '{"api_url":"http://127.0.0.1:1/api"}'] },
  ],
  ["prefect_ui_url", "another path", { "GET /ui-settings+": [200, '{"api_url":"/prefect/api"}'] }],
  ["prefect_csrf", "turned on", { "GET /ui-settings+": [200, '{"csrf_enabled":true}'] }],
  ["prefect_ui_base", "no settings", { "GET /ui-settings+": [404] }],
  ["prefect_ui_base", "no page", { "GET /+": [404] }],
  ["prefect_ui_base", "no script", { "GET /v2/a.js+": [404] }],
  ["prefect_ui_base", "the page again for a script", { "GET /v2/a.js+": PAGE }],
  ["prefect_ui_base", "round and round", { "GET /+": [307, "", { Location: "/" }] }],
  [
    "prefect_host",
    "the server's own",
    { "GET /ui-settings/+": [307, "", { Location: "http://10.0.0.7:4200/ui-settings" }] },
  ],
  [
    "prefect_host",
    "the server's own, to its pages",
    { "GET /+": [307, "", { Location: "http://prefect:4200/v2/" }] },
  ],
];
describe("one thing wrong", () => {
  for (const [code, name, answers] of FAULTS) {
    test(`${code}: ${name}`, async () => {
      Object.assign(server.answers, answers);
      assert.deepEqual(await withToken(), [code]);
    });
  }
});

test("the API on another host, which does not let pages of this one ask", async () => {
  const other = new PrefectServer();
  await other.start();
  try {
    server.answers["GET /ui-settings+"] = [200, JSON.stringify({ api_url: `${other.url}/api` })];
    const [finding, ...rest] = await examined(server.url, ["--token", "t"]);
    assert.deepEqual([finding?.code, rest], ["prefect_two_hosts", []]);
    assert.match(finding!.evidence, /answers a preflight of .* with 401 without CORS headers$/);
    // A bare server there is not Rolegate's second host but a wrong address.
    other.answers["GET /api/admin/version"] = [200, '"3.8.8"'];
    assert.deepEqual(await withToken(), ["prefect_ui_url"]);
  } finally {
    other.stop();
  }
});

test("WebSockets that are open, one that is cut, one whose sub-protocol is lost, one that a rule refuses", async () => {
  server.sockets = (path, hasToken) => (path === "/api/events/out" || hasToken ? "prefect" : 401);
  assert.deepEqual(await withToken(), ["prefect_socket_open"]);
  server.sockets = (path, hasToken) =>
    !hasToken ? 401 : path === "/api/events/in" ? 502 : "prefect";
  assert.deepEqual(await withToken(), ["prefect_socket_refused"]);
  server.sockets = (path, hasToken) =>
    !hasToken ? 401 : path === "/api/logs/out" ? "" : "prefect";
  assert.deepEqual(await withToken(), ["prefect_subprotocol"]);
  server.sockets = (path, hasToken) =>
    !hasToken ? 401 : path.endsWith("/connect") ? 403 : "prefect";
  assert.deepEqual(await withToken(), []);
});

test("behind TLS, a redirect to http; and a certificate that nobody vouches for", async () => {
  const [tls, at] = await server.overTls(await selfSigned(["localhost"]));
  const Location = `${at.replace("https", "http")}/ui-settings`;
  try {
    server.answers["GET /ui-settings/+"] = [307, "", { Location }];
    assert.deepEqual(await doctor(at, "--insecure", "--token", "t"), ["prefect_scheme"]);
    assert.deepEqual(await doctor(at), ["unreachable"]);
  } finally {
    tls.closeAllConnections();
    tls.close();
  }
});

test("another's password is not taken for Prefect's", async () => {
  const challenge: Answer = [401, "", { "WWW-Authenticate": 'Basic realm="traefik"' }];
  for (const path of ["/api/x", "/api/admin/version"]) server.answers[`GET ${path}+`] = challenge;
  assert.deepEqual(await withToken(), ["application_refuses"]);
});

test("a token that is no good is said once", async () => {
  assert.deepEqual(await doctor(server.url, "--token", "u"), ["token_refused"]);
});

describe("a viewer", () => {
  const SECRETS = "GET /api/block_types/slug/secret/block_documents+";
  /** An issuer on the same server, and tokens of its. */
  const signed = async (role: string) => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const issuer = `${server.url}/issuer`;
    const jwk = { ...(await exportJWK(publicKey)), kid: "k", alg: "ES256", use: "sig" };
    const metadata = JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` });
    server.answers["GET /issuer/.well-known/openid-configuration"] = [200, metadata];
    server.answers["GET /issuer/jwks"] = [200, JSON.stringify({ keys: [jwk] })];
    const block = {
      ...{ issuer, clientId: "prefect", jwksFile: "/state/jwks.json", rolesFrom: "roles" },
      roles: { viewer: ["v"], runner: ["r"], developer: ["d"] },
      roleHierarchy: { runner: ["viewer"] },
      rules: [{ match: "PathPrefix(`/`)", allow: "Role(`viewer`, `developer`)" }],
    };
    writeFileSync(join(folder.path, "block.yml"), JSON.stringify(block));
    const token = await new SignJWT({ roles: [role] })
      .setProtectedHeader({ alg: "ES256", kid: "k", typ: "at+jwt" })
      .setIssuer(issuer)
      .setAudience("prefect")
      .setSubject("somebody")
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(privateKey);
    server.tokens.add(token);
    return ["-c", "block.yml", "--token", token];
  };
  test("who is refused secrets, and one who gets them", async () => {
    for (const role of ["v", "r"]) {
      server.heal();
      const args = await signed(role);
      assert.deepEqual(await doctor(server.url, ...args), [], role);
      server.answers[SECRETS] = [200, "[]"];
      assert.deepEqual(await doctor(server.url, ...args), ["prefect_secrets"], role);
    }
  });
  test("is not a developer, who may", async () => {
    const args = await signed("d");
    server.answers[SECRETS] = [200, "[]"];
    assert.deepEqual(await doctor(server.url, ...args), []);
  });
  test("without any role is told of that alone", async () => {
    const args = await signed("none");
    server.answers["GET /api/admin/version+"] = FORBIDDEN;
    assert.deepEqual(await doctor(server.url, ...args), ["roles_missing"]);
  });
});

test("every finding about Prefect's server was brought about; clients' in doctor-client.test.ts", () => {
  const all = Object.keys(FINDINGS).filter((code) => code.startsWith("prefect_"));
  assert.deepEqual(
    all.filter((code) => !seen.has(code) && !/^prefect_(client|server)_/.test(code)),
    [],
  );
});
