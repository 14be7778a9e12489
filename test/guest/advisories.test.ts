/**
 * The advisories of others, and what was found in their sources: each by name, with the cases that stand for it. The
 * cases run on the Node host and in Traefik; here is what takes more than one request.
 *
 * Not applicable, because the part that was attacked does not exist here:
 *
 * | Class, advisory | Why not |
 * |---|---|
 * | Open redirect: GHSA-qqxw-m5fj-f7gv, CVE-2020-11053, CVE-2020-4037, GHSA-4mf2-f3wh-gvf2 (oauth2-proxy), CVE-2026-83589 (OpenShift), CVE-2026-81509 (nforwardauth) | No answer has a Location. That none gets one is tested ('redirect') |
 * | Session: CVE-2023-35941, CVE-2026-47775 (Envoy), GHSA-f24x-5g9q-753f (oauth2-proxy), traefikoidc #144 ranks 1, 2, 5 | No sessions, no state, no cookie of the plugin's own |
 * | State not bound to the browser, X-Forwarded-Host in redirects, refresh with `resource` (traefik-oidc-auth) | No sign-in, no refresh |
 * | Introspection answers `active: false` (traefik-oidc-auth) | No introspection |
 * | Nonce skipped when tokens are refreshed: CVE-2024-10318 (NGINX) | No refresh. That an ID token is no access token is tested |
 * | CVE-2025-54386 (Traefik): a plugin's archive is unpacked outside its folder | Traefik's own loader; local mode has no archive |
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { BAD_KEYS } from "../cases/bad-keys.ts";
import { PROOFS } from "../cases/proofs.ts";
import { CASES } from "../cases/table.ts";
import { loadGate, reasonOf, request } from "../support/gate.ts";
import { keySet, rsa } from "../support/keys.ts";
import { CLIENT, ISSUER, token } from "../support/tokens.ts";

const names = new Set([...CASES, ...BAD_KEYS].map(({ name }) => name));

for (const [kind, advisories] of Object.entries(PROOFS)) {
  describe(`advisories: ${kind}`, () => {
    for (const [advisory, cases] of Object.entries(advisories)) {
      test(advisory, () => {
        assert.ok(cases.length > 0);
        assert.deepEqual(
          cases.filter((it) => !names.has(it)),
          [],
        );
      });
    }
  });
}

test("every case of an advisory has a name of its own", () => {
  const ours = CASES.map(({ name }) => name).filter((name) => name.startsWith("advisory: "));
  assert.ok(ours.length > 100);
  assert.equal(new Set(ours).size, ours.length);
});

const folder = temporaryFolder("advisories");
after(() => folder.remove());
const issuer = { issuer: ISSUER, clientId: CLIENT, logLevel: "debug" };
const mounts = [`${folder.path}:/state`];

describe("advisories: load and crash", () => {
  test("jwt-middleware: each unknown kid fetches the keys again", async () => {
    writeFileSync(join(folder.path, "jwks.json"), JSON.stringify(keySet(rsa)));
    const now = Date.now();
    const config = { ...issuer, jwksFile: "/state/jwks.json" };
    const guest = await loadGate(config, { mounts, now: () => now });
    await request(guest, await token());
    for (let i = 0; i < 50; i++) {
      const result = await request(guest, await token({}, rsa, { kid: `unknown-${i}` }));
      assert.equal(reasonOf(result), "key_unknown");
      assert.deepEqual(
        result.calls.filter((call) => call.startsWith("path_")),
        [],
      );
    }
    assert.equal((await request(guest, await token())).response.status, 200);
  });

  test("CVE-2025-64527 (Envoy): keys that cannot be had, again and again", async () => {
    let now = Date.now();
    const config = { ...issuer, jwksFile: "/state/nowhere.json" };
    const guest = await loadGate(config, { mounts, now: () => now });
    const good = await token();
    let pages = 0;
    for (let i = 0; i < 100; i++) {
      if (i % 10 === 0) now += 1_000;
      const result = await request(guest, good);
      assert.equal(result.trap, null);
      assert.equal(result.response.status, 503);
      assert.equal(result.forwarded, null);
      const looks = result.calls.filter((call) => call === "path_filestat_get").length;
      assert.ok(i % 10 === 0 ? looks >= 1 : looks === 0, `${looks} looks at request ${i}`);
      if (i === 10) pages = result.pages;
      else if (i > 10) assert.equal(result.pages, pages);
    }
  });
});

describe("advisories: fail open", () => {
  const jwks = JSON.stringify(keySet(rsa));
  const rules = [{ match: "PathPrefix(`/public`)", allow: "public" }];
  const MISSING: Record<string, object> = {
    "the secret of HS256": { signingSecret: "env:NOWHERE" },
    "the application's credential": { jwks, upstreamAuthorization: "env:NOWHERE" },
    "the mount of the keys": { jwksFile: "/elsewhere/jwks.json" },
    "the mount of the API keys": { jwks, apiKeysFile: "/elsewhere/keys.json" },
    "all keys": {},
  };
  for (const [what, config] of Object.entries(MISSING)) {
    test(`GHSA-4mr2-fg2p-w63c (Traefik): ${what} missing`, async () => {
      const guest = await loadGate({ ...issuer, ...config, rules }, { mounts });
      for (const credential of [undefined, await token()]) {
        for (const target of ["/public", "/me"]) {
          const { response, forwarded } = await request(guest, credential, target);
          assert.deepEqual([response.status, forwarded], [500, null]);
        }
      }
    });
  }
});
