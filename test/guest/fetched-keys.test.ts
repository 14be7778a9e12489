/** One state folder for several issuers, as one mount is as a rule: what was fetched for one is nothing to another. */
import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { json } from "../support/fake-provider.ts";
import { fileForm } from "../support/forms.ts";
import { loadGate, request } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";

const other = "https://other.example.com";
const folder = temporaryFolder("fetched-keys");
const { path } = folder;
after(() => folder.remove());

const gate = (mode: string, issuer: string) =>
  loadGate(fileForm({ mode, issuer, clientId: CLIENT, stateDir: "/state" }), {
    mounts: [`${path}:/state`],
  });

test("keys that were fetched for one issuer verify no other issuer's tokens", async () => {
  const document = {
    issuer: other,
    authorization_endpoint: `${other}/a`,
    token_endpoint: `${other}/t`,
    jwks_uri: `${other}/keys`,
  };
  const fetcher = await gate("keys", other);
  for (const status of [302, 204]) {
    const { response } = await fetcher.handle({ target: "/oidc/keys" }, ({ target }) =>
      Promise.resolve(json(target.startsWith("/.well-known") ? document : keySet(rsa))),
    );
    assert.equal(response.status, status);
  }
  assert.deepEqual(readdirSync(path).sort(), [
    stateFile("discovery", other),
    stateFile("jwks", other),
  ]);
  const name = { iss: other };
  assert.ok((await request(await gate("protect", other), await token(name))).forwarded);
  assert.equal((await request(await gate("protect", ISSUER), await token())).response.status, 503);
  writeFileSync(join(path, stateFile("jwks", ISSUER)), JSON.stringify(keySet(rsa)));
  assert.ok((await request(await gate("protect", ISSUER), await token())).forwarded);
});
