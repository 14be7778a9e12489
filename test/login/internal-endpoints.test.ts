/**
 * Metadata that name internal addresses for what servers ask (Keycloak with a back-channel host of its own): refused over
 * plain http, and the way that goes: `login.endpoints`, which say where the same endpoint is by the issuer's own name.
 */
import assert from "node:assert/strict";
import { after, beforeEach, describe, test } from "node:test";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { CookieJar } from "../support/cookie-jar.ts";
import { FakeProvider } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate } from "../support/gate.ts";
import { Clock, events, HOST, locationOf, LoginHost, said } from "../support/login-host.ts";
import { ISSUER } from "../support/tokens.ts";
import { block, type Block, STATE } from "./configuration.ts";
import { StateFolder } from "./state-folder.ts";

const INTERNAL = "http://keycloak:8080/realms/main";
const internal = {
  token_endpoint: `${INTERNAL}/token`,
  userinfo_endpoint: `${INTERNAL}/userinfo`,
  jwks_uri: `${INTERNAL}/keys`,
};
const folder = new StateFolder();
const clock = new Clock();
const provider = new FakeProvider(() => clock.seconds);
const config = (login: Block = {}) => block({ jwks: undefined, stateDir: STATE, login });
after(() => folder.remove());
beforeEach(() => {
  folder.clear();
  provider.reset();
  provider.metadata = internal;
  // Files have the time of the machine.
  clock.ms = Math.floor(Date.now() / 1000) * 1000;
});

async function signIn(login: Block = {}) {
  const host = await LoginHost.start(config(login), { mounts: folder.mounts, clock, provider });
  host.jar = new CookieJar();
  const begun = await host.visit("/oidc/login?rd=%2Fa");
  const location = locationOf(begun);
  if (!location) return begun;
  const parameters = new URL(location).searchParams;
  provider.nonce = parameters.get("nonce")!;
  provider.signedIn = clock.seconds;
  const back = await host.end(parameters);
  const on = locationOf(back);
  return on?.startsWith("/oidc/") ? host.visit(on) : back;
}

/** One visit of the health check, with the redirect that it follows. */
async function fetchKeys(login: Block = {}) {
  const guest = await loadGate(fileForm({ ...config(login), mode: "keys" }), {
    mounts: folder.mounts,
    now: () => clock.ms,
    buffering: { maxRequestBodyBytes: 65_536, maxResponseBodyBytes: 1_048_576 },
  });
  const ask = () =>
    guest.handle({ target: "/oidc/keys", headers: { Host: HOST } }, provider.upstream);
  const first = await ask();
  return locationOf(first) ? ask() : first;
}

describe("as they are", () => {
  test("nobody signs in, and no code goes there", async () => {
    const result = await signIn();
    assert.equal(result.response.status, 500);
    assert.deepEqual(events(result), ["metadata_refused"]);
    assert.match(said(result), /token_endpoint is of http:\/\/keycloak:8080/);
    assert.ok(!provider.asked.includes("POST /token"));
  });

  test("no keys are fetched", async () => {
    const { response, logs } = await fetchKeys();
    assert.equal(response.status, 503);
    const line = logs.find(({ data }) => data?.event === "keys_not_fetched")?.data;
    assert.match(String(line?.message), /jwks_uri is of http:\/\/keycloak:8080/);
  });
});

describe("with login.endpoints", () => {
  const endpoints = { token: `${ISSUER}/token`, jwks: `${ISSUER}/keys` };

  test("people sign in, with the keys of the issuer's own name", async () => {
    assert.equal(locationOf(await signIn({ endpoints })), "/a");
    assert.deepEqual(provider.asked.slice(-2), ["POST /token", "GET /keys"]);
  });

  test("keys are fetched", async () => {
    assert.equal((await fetchKeys({ endpoints })).response.status, 204);
    assert.ok(folder.list().includes(stateFile("jwks", ISSUER)));
  });
});

test("endpoints that mode keys does not go to are of any origin", async () => {
  const elsewhere = { end_session_endpoint: "https://x.example", jwks_uri: `${ISSUER}/keys` };
  provider.metadata = { ...internal, ...elsewhere };
  assert.equal((await fetchKeys()).response.status, 204);
  assert.ok(folder.list().includes(stateFile("jwks", ISSUER)));
});
