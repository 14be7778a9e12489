/** `rolegate doctor` and sign-in: what sends people there, the provider's page, and cookies, one thing wrong at a time. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePorts } from "../../stack/machine/ports.ts";
import { selfSigned } from "../../stack/machine/certificate.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { problem, unauthenticated } from "./doctor-refusals.ts";
import { rolegate } from "./run.ts";

const folder = temporaryFolder("doctor-sign-in");
const block = join(folder.path, "block.json");
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const listener = (request: IncomingMessage, response: ServerResponse) => answer(request, response);
const { certificate: cert, key } = await selfSigned(["localhost"]);
const plain = createServer(listener);
const tls = createTlsServer({ cert, key }, listener);
let provider: Provider;
const CLIENT = "https://app.example.com";

before(async () => {
  for (const server of [plain, tls])
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  provider = await startProvider();
  for (const origin of [CLIENT, plainOrigin(), tlsOrigin()]) provider.clients.serve(origin);
  writeFileSync(
    block,
    JSON.stringify({
      ...{ issuer: provider.issuer, clientId: provider.clients.id, publicUrl: CLIENT },
      ...{ session: { secrets: ["env:SECRET"] }, stateDir: "/state" },
      ...{ login: { clientSecret: "env:CLIENT" }, rules: [] },
    }),
  );
});
after(async () => {
  for (const server of [plain, tls]) {
    server.closeAllConnections();
    server.close();
  }
  await provider?.stop();
  folder.remove();
});

const portOf = (server: typeof plain | typeof tls) => (server.address() as AddressInfo).port;

const plainOrigin = () => `http://127.0.0.1:${portOf(plain)}`;
const tlsOrigin = () => `https://localhost:${portOf(tls)}`;

async function doctor(...args: string[]) {
  const ran = await rolegate(["doctor", "--json", ...args]);
  assert.equal(ran.stderr, "");
  const { findings } = JSON.parse(ran.stdout) as { findings: { code: string; evidence: string }[] };
  return { findings, codes: findings.map(({ code }) => code) };
}

const healthy = {
  page: (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(302, { Location: "/oidc/login?rd=%2F" }).end(),
  cookie: "rolegate-login-x=y; HttpOnly; SameSite=Lax; Path=/",
  redirect: "",
  clientId: "",
  /** What the plugin answers once the provider has refused the code. */
  callback: { status: 400, says: "invalid_grant" },
  most: 16_384,
};
const app = (changes: Partial<typeof healthy> & { login?: typeof answer; isTls?: true }) => {
  const at = changes.isTls ? tlsOrigin() : plainOrigin();
  const { page, cookie, redirect, login, isTls, callback, clientId, most } = {
    ...{ ...healthy, redirect: `${at}/oidc/callback` },
    clientId: provider.clients.id,
    ...changes,
  };
  answer = (request, response) => {
    const isPerson = request.headers["sec-fetch-mode"] === "navigate";
    if (request.url!.includes("%2F") && !request.url!.startsWith("/oidc/"))
      return problem(400, "invalid_request")(request, response);
    if (String(request.headers.cookie ?? "").length > most)
      return void response.writeHead(431).end();
    if (request.url!.startsWith("/oidc/callback")) {
      const isBack = request.headers.cookie === cookie.split(";")[0];
      if (!isBack) return void response.writeHead(302, { Location: "/oidc/login?turn=2" }).end();
      return void response.writeHead(callback.status).end(`<p>(${callback.says})</p>`);
    }
    if (request.url!.startsWith("/oidc/login")) {
      if (login) return login(request, response);
      const target = new URL(`${provider.issuer}/auth`);
      const parameters = {
        client_id: clientId,
        response_type: "code",
        redirect_uri: redirect,
        scope: "openid",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
        state: "s",
      };
      target.search = new URLSearchParams(parameters).toString();
      return void response.writeHead(302, { Location: target.href, "Set-Cookie": cookie }).end();
    }
    return isPerson ? page(request, response) : unauthenticated(request, response);
  };
  return doctor(at, "-c", block, ...(isTls ? ["--insecure"] : []));
};
test("as it should be", async () => assert.deepEqual((await app({})).codes, []));
test("a redirect URI that the provider does not know, with a slash at its end, say", async () => {
  const redirect = `${plainOrigin()}/oidc/callback/`;
  const { codes, findings } = await app({ redirect });
  assert.deepEqual(codes, ["redirect_uri_refused"]);
  assert.ok(findings[0]!.evidence.endsWith(redirect));
});
test("people come back to another address: what answers there is said", async () => {
  const elsewhere = await app({ redirect: `${tlsOrigin()}/oidc/callback` });
  assert.deepEqual(elsewhere.codes, ["public_url_differs"]);
  // Of a certificate that nobody vouches for, or whatever else is in the way.
  assert.match(elsewhere.findings[0]!.evidence, /which does not answer: .+/);
  const [port] = await freePorts(1);
  const nobody = await app({ redirect: `http://127.0.0.1:${port}/oidc/callback` });
  assert.deepEqual(nobody.codes, ["public_url_differs"]);
  assert.match(nobody.findings[0]!.evidence, /nothing listens there$/);
});
test("an address after sign-out that the provider does not know", async () => {
  const usual = provider.clients.paths.home;
  provider.clients.paths.home = ["/elsewhere"];
  const { codes, findings } = await app({});
  provider.clients.paths.home = usual;
  assert.deepEqual(codes, ["post_logout_refused"]);
  assert.match(findings[0]!.evidence, /answers 4\d\d for post_logout_redirect_uri=http:\S+\/$/);
});
test("a client that the provider does not know", async () => {
  const { codes } = await app({ clientId: "other" });
  assert.deepEqual(codes, ["client_unknown"]);
});
test("what the provider says to a made-up code", async () => {
  const SAID = [
    [400, "invalid_grant", []],
    [400, "invalid_client", ["client_refused"]],
    [400, "unauthorized_client", ["client_refused"]],
    [400, "invalid_request", ["login_buffering_missing"]],
    [503, "", ["provider_not_reached"]],
    [500, "", ["login_failed"]],
  ] as const;
  for (const [status, says, expected] of SAID) {
    assert.deepEqual((await app({ callback: { status, says } })).codes, expected, says);
  }
});
test("large cookies do not get through", async () => {
  assert.deepEqual((await app({ most: 4_096 })).codes, ["cookie_too_large"]);
});
test("cookies that scripts can read, that other sites' pages send, that go out in the clear", async () => {
  const COOKIES = [
    { cookie: "a=b; SameSite=Lax", missing: "HttpOnly" },
    { cookie: "a=b; HttpOnly", missing: "SameSite" },
    { cookie: "a=b", missing: "HttpOnly, SameSite" },
    { cookie: "a=b; HttpOnly; SameSite=Lax", isTls: true, missing: "Secure" },
  ] as const;
  for (const { missing, ...change } of COOKIES) {
    const { codes, findings } = await app(change);
    assert.deepEqual(codes, ["cookie_flags"], missing);
    assert.equal(findings[0]!.evidence, `a is set without ${missing}`);
  }
  const secure = {
    cookie: "__Host-a=b; HttpOnly; SameSite=Lax; Secure; Path=/",
    isTls: true,
  } as const;
  assert.deepEqual((await app(secure)).codes, []);
});
test("people are not sent there", async () => {
  assert.deepEqual((await app({ page: unauthenticated as typeof healthy.page })).codes, [
    "login_not_offered",
  ]);
});
test("the login router is missing", async () => {
  assert.deepEqual((await app({ login: problem(500, "login_router_missing") })).codes, [
    "login_router_missing",
  ]);
});
test("the block of mode login has an error that the application's middleware does not have", async () => {
  const { codes, findings } = await app({ login: problem(500, "config_error") });
  assert.deepEqual(codes, ["config_error"]);
  assert.equal(findings[0]!.evidence, "GET /oidc/login answers 500 config_error");
});
test("the provider is not reached", async () => {
  assert.deepEqual((await app({ login: problem(502, "provider_unreachable") })).codes, [
    "provider_not_reached",
  ]);
});
