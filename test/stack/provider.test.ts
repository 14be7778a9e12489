/** The development provider's tokens, as a stranger verifies them, and its keys in rotation. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
} from "jose";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { followKeys } from "../../stack/provider/jwks-file.ts";
import { startProvider, type Provider } from "../../stack/provider/provider.ts";

let provider: Provider;
before(async () => void (provider = await startProvider()));
after(() => provider.stop());

const expected = () => ({ issuer: provider.issuer, audience: provider.clientId });

async function discovered(): Promise<Record<string, string>> {
  const response = await fetch(`${provider.issuer}/.well-known/openid-configuration`);
  return (await response.json()) as Record<string, string>;
}

for (const alg of ["RS256", "ES256"] as const) {
  test(`${alg}: an access token verifies with the discovered keys and carries the roles`, async () => {
    const { issuer, jwks_uri } = await discovered();
    assert.equal(issuer, provider.issuer);
    const keys = createRemoteJWKSet(new URL(jwks_uri!));
    const roles = { alice: "app-viewer", bob: "app-runner", carol: "app-owner" };
    for (const [user, role] of Object.entries(roles)) {
      const token = await provider.token(user, alg);
      const { payload, protectedHeader } = await jwtVerify(token, keys, expected());
      assert.equal(protectedHeader.alg, alg);
      assert.equal(protectedHeader.typ, "at+jwt");
      assert.equal(payload.preferred_username, user);
      assert.equal(payload.email, `${user}@example.com`);
      assert.deepEqual(payload.roles, [role]);
      assert.deepEqual(payload.realm_access, { roles: [role] });
      assert.equal(payload.exp! - payload.iat!, 3600);
    }
  });
}

test("an ID token has the mark by which it is told from an access token", async () => {
  const { id_token } = await provider.tokens("bob");
  const { payload } = await jwtVerify(id_token, createLocalJWKSet(provider.keys()), expected());
  assert.equal(typeof payload.at_hash, "string");
  assert.equal(decodeJwt(await provider.token("bob")).at_hash, undefined);
});

test("no token for a stranger or a wrong password", async () => {
  await assert.rejects(provider.token("mallory"), /invalid_grant/);
  await assert.rejects(provider.token("constructor"), /invalid_grant/);
  const response = await fetch(`${provider.issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "password",
      client_id: provider.clients.idOf("none"),
      username: "bob",
      password: "alice",
    }),
  });
  assert.equal(response.status, 400);
});

test("no private member is published", () => {
  assert.doesNotMatch(JSON.stringify(provider.keys()), /"(d|p|q|dp|dq|qi)":/);
});

test("rotation: the file follows; an old token verifies until its key is withdrawn", async () => {
  const folder = temporaryFolder("keys");
  const file = join(folder.path, "jwks.json");
  const inFile = () => JSON.parse(readFileSync(file, "utf8")) as JSONWebKeySet;
  const verifies = (token: string) =>
    jwtVerify(token, createLocalJWKSet(inFile()), expected()).then(
      () => true,
      () => false,
    );
  const unfollow = followKeys(provider, file);
  try {
    const old = await provider.token("bob");
    await provider.rotate();
    const fresh = await provider.token("bob");
    assert.notEqual(decodeProtectedHeader(old).kid, decodeProtectedHeader(fresh).kid);
    assert.deepEqual([await verifies(old), await verifies(fresh)], [true, true]);
    provider.retire();
    assert.deepEqual([await verifies(old), await verifies(fresh)], [false, true]);
    assert.deepEqual(inFile(), provider.keys());
    const { jwks_uri } = await discovered();
    const kids = (set: JSONWebKeySet) => set.keys.map(({ kid }) => kid).sort();
    assert.deepEqual(
      kids((await (await fetch(jwks_uri!)).json()) as JSONWebKeySet),
      kids(provider.keys()),
    );
  } finally {
    unfollow();
    folder.remove();
  }
});
