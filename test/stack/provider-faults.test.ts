/** The development provider's faults: each changes what it says it changes, and nothing when it is over. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { decodeJwt } from "jose";
import type { Answer } from "../../stack/provider/answer.ts";
import { faults, type Fault, type FaultName } from "../../stack/provider/faults.ts";
import { SigningKeys } from "../../stack/provider/keys.ts";
import { endpoints, type Endpoint } from "../../stack/provider/network.ts";
import { Signer, tokenHash } from "../../stack/provider/signing.ts";
import { startProvider, type Provider, type Tokens } from "../../stack/provider/provider.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { publicUrl, RelyingParty, type Attempt } from "./relying-party.ts";

let provider: Provider;
let party: RelyingParty;
before(async () => {
  provider = await startProvider();
  provider.clients.serve(publicUrl);
  party = new RelyingParty(provider);
});
after(() => provider.stop());
beforeEach(() => {
  provider.faults.end();
  provider.network.reset();
});

async function authorize(attempt: Attempt): Promise<Answer> {
  const browser = new HttpBrowser();
  const page = await browser.go(attempt.url);
  const sent = await browser.go(page.url, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: "user=bob",
    follow: false,
  });
  const { status, headers } = await browser.go(sent.headers.location!, { follow: false });
  browser.close();
  return { status, headers, body: "" };
}

const signedIn = async () => {
  const attempt = party.start();
  const { headers } = await authorize(attempt);
  const code = new URL(String(headers.location)).searchParams.get("code")!;
  return party.exchange(code, attempt);
};

async function get(path: string): Promise<Answer> {
  const headers = { Authorization: `Bearer ${await provider.token("bob")}` };
  const response = await fetch(provider.issuer + path, { headers });
  return { status: response.status, headers: {}, body: await response.text() };
}

/** A good answer of each endpoint. */
async function answers(): Promise<Partial<Record<Endpoint, Answer>>> {
  const { status, body } = await signedIn();
  return {
    discovery: await get(endpoints.discovery),
    keys: await get(endpoints.keys),
    userinfo: await get(endpoints.userinfo),
    authorization: await authorize(party.start()),
    token: { status, headers: {}, body: JSON.stringify(body) },
  };
}

test("each fault changes the answer of its endpoint", async () => {
  const good = await answers();
  const signer = new Signer(await SigningKeys.create());
  // RS256 gives the same signature each time: what the signer merely signs again is no change.
  const again = JSON.parse(good.token!.body) as Record<string, string>;
  again.id_token = await signer.sign(decodeJwt(again.id_token!));
  again.access_token = await signer.sign(decodeJwt(again.access_token!), { typ: "at+jwt" });
  good.token!.body = JSON.stringify({
    ...again,
    id_token: await signer.sign({
      ...decodeJwt(again.id_token),
      at_hash: tokenHash(again.access_token),
    }),
  });
  for (const [name, fault] of Object.entries(faults) as [FaultName, Fault][]) {
    const before = good[fault.endpoint]!;
    const changed = await fault.change(structuredClone(before), signer);
    assert.notDeepEqual(changed, before, name);
  }
});

async function nonceIsMine(): Promise<boolean> {
  const attempt = party.start();
  const { headers } = await authorize(attempt);
  const code = new URL(String(headers.location)).searchParams.get("code")!;
  const { body } = await party.exchange(code, attempt);
  return decodeJwt(String(body.id_token)).nonce === attempt.nonce;
}

const shown: [FaultName, () => Promise<unknown>][] = [
  ["discovery-other-issuer", async () => JSON.parse((await get(endpoints.discovery)).body).issuer],
  ["keys-empty", async () => JSON.parse((await get(endpoints.keys)).body).keys.length],
  ["keys-abort", () => get(endpoints.keys).catch((error: Error) => error.message)],
  ["userinfo-refused", async () => (await get(endpoints.userinfo)).status],
  ["token-unavailable", async () => (await signedIn()).status],
  ["token-broken-json", () => signedIn().then(Object.keys, (error: Error) => error.name)],
  ["id-token-bad-nonce", nonceIsMine],
  [
    "back-missing-iss",
    async () =>
      new URL(String((await authorize(party.start())).headers.location)).searchParams.has("iss"),
  ],
];
for (const [name, look] of shown) {
  test(`${name} shows over HTTP, as often as it was told to`, async () => {
    const good = await look();
    provider.faults.show(name, 1);
    assert.notDeepEqual(await look(), good);
    assert.deepEqual(await look(), good);
  });
}

async function tokensWith(name: FaultName): Promise<Tokens> {
  provider.faults.show(name, 1);
  return provider.tokens("bob");
}

test("a changed ID token is still signed by the provider, unless its signature is the fault", async () => {
  const verified = async (name: FaultName) =>
    party.idToken((await tokensWith(name)).id_token).then(
      () => "good",
      ({ code, claim }: { code: string; claim?: string }) => claim ?? code,
    );
  const expected: Partial<Record<FaultName, string>> = {
    "id-token-bad-nonce": "good",
    "id-token-missing-sub": "good",
    "id-token-bad-iss": "iss",
    "id-token-bad-aud": "aud",
    "id-token-expired": "exp",
    "id-token-unknown-kid": "ERR_JWKS_NO_MATCHING_KEY",
    "id-token-wrong-signature": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    "id-token-forged": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    "id-token-unsigned": "ERR_JOSE_NOT_SUPPORTED",
  };
  for (const [name, result] of Object.entries(expected)) {
    assert.equal(await verified(name as FaultName), result, name);
  }
});

test("a changed access token comes with an ID token that vouches for it", async () => {
  for (const name of ["access-token-forged", "access-token-other-sub"] as const) {
    const { access_token, id_token } = await tokensWith(name);
    const id = await party.idToken(id_token);
    assert.equal(id.at_hash, tokenHash(access_token));
    assert.deepEqual(decodeJwt(access_token).roles, ["app-owner"]);
    assert.deepEqual(id.roles, ["app-runner"]);
  }
});

test("delay, silence and absence, for all endpoints or some", async () => {
  const { network } = provider;
  const ask = (path: string, signal?: AbortSignal) => fetch(provider.issuer + path, { signal });
  network.only = ["keys"];
  network.delay = 500;
  const start = performance.now();
  await ask(endpoints.keys);
  // A timer may fire a millisecond early.
  assert.ok(performance.now() - start >= 499);
  // For longer than the test may take: the other endpoint does not wait.
  network.delay = 3_600_000;
  const late = new AbortController();
  const delayed = assert.rejects(ask(endpoints.keys, late.signal), /aborted/);
  await ask(endpoints.discovery);
  late.abort();
  await delayed;
  network.reset();
  network.state = "down";
  await assert.rejects(ask(endpoints.keys), /fetch failed/);
  network.state = "hang";
  await assert.rejects(ask(endpoints.keys, AbortSignal.timeout(1_000)), /timeout/);
  network.reset();
  await ask(endpoints.keys);
});

test("what reached the provider is on record, with its body", async () => {
  await provider.token("bob");
  const [asked] = provider.network.of("token");
  assert.equal(asked!.method, "POST");
  assert.equal(new URLSearchParams(asked!.body).get("username"), "bob");
  assert.ok(asked!.headers.some(([name]) => name.toLowerCase() === "authorization"));
});
