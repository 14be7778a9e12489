/** What `init --provider-setup` writes, given to a real Keycloak: then somebody signs in, and a program's token is taken. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { keycloakDistribution } from "../../stack/keycloak/distribution.ts";
import { type Keycloak, startKeycloak } from "../../stack/keycloak/keycloak.ts";
import { findJava } from "../../stack/fetch/java.ts";
import { Undo } from "../../stack/machine/undo.ts";
import { type Client, Site, tokenFor } from "../live/site.ts";
import { type Walk, walk } from "../live/walk.ts";
import type { HttpBrowser, Visit } from "../support/http-browser.ts";
import { adminRequest } from "./admin.ts";
import { personOf } from "./realm.ts";

const run = promisify(execFile);
/** A realm as it is before anybody has heard of Rolegate. */
const realmOf = (realm: string) => ({ realm, enabled: true, users: [personOf("alice", [], {})] });

/** What people do with the file; gives the client's secret. */
const FORMS: Record<string, (site: Site, keycloak: Keycloak, realm: string) => Promise<string>> = {
  async kcadm(site, keycloak) {
    const kcadm = join(await keycloakDistribution(await findJava()), "bin/kcadm.sh");
    const { name, password } = keycloak.administrator;
    // Unpacked without its permissions, it is no program here.
    const program = site.path("kcadm.sh");
    writeFileSync(program, `#!/bin/sh\nexec sh '${kcadm}' "$@"\n`, { mode: 0o755 });
    const env = { PATH: process.env.PATH, HOME: site.folder.path, KCADM: program };
    const options = { cwd: site.folder.path, env };
    const server = ["--server", keycloak.url, "--realm", "master"];
    const who = ["--user", name, "--password", password];
    await run(program, ["config", "credentials", ...server, ...who], options);
    const script = 'eval "$(sh keycloak.sh)"; printf %s "$CLIENT_SECRET"';
    const { stdout, stderr } = await run("sh", ["-c", script], options);
    assert.match(stderr, /client app: made, with roles app-viewer, app-owner/);
    return stdout;
  },
  async realm(site, keycloak, realm) {
    const content = JSON.parse(readFileSync(site.path("keycloak.json"), "utf8")) as object;
    // As the console's page does it.
    const body = { ifResourceExists: "FAIL", ...content };
    await adminRequest(keycloak, realm, "POST", "/partialImport", body);
    const found = await adminRequest(keycloak, realm, "GET", "/clients?clientId=app");
    const [client] = (await found.json()) as [{ id: string }];
    const secret = await adminRequest(
      keycloak,
      realm,
      "GET",
      `/clients/${client.id}/client-secret`,
    );
    return ((await secret.json()) as { value: string }).value;
  },
};

describe("init --provider-setup", () => {
  const undo = new Undo();
  let keycloak: Keycloak;
  before(async () => {
    keycloak = await startKeycloak({ realm: realmOf("kcadm") });
    undo.add(() => keycloak.stop());
    await adminRequest(keycloak, "", "POST", "", realmOf("realm"));
  });
  after(() => undo.all());

  for (const [form, give] of Object.entries(FORMS)) {
    describe(form, () => {
      let site: Site;
      before(async () => {
        site = await Site.at(undo);
        await site.start({
          issuer: `${keycloak.url}/realms/${form}`,
          clientId: "app",
          clientSecret: () => give(site, keycloak, form),
          args: ["--provider", "keycloak", "--provider-setup", form],
        });
        const roles = await adminRequest(keycloak, form, "GET", "/roles/app-viewer");
        const users = await adminRequest(keycloak, form, "GET", "/users?username=alice");
        const [alice] = (await users.json()) as [{ id: string }];
        const path = `/users/${alice.id}/role-mappings/realm`;
        await adminRequest(keycloak, form, "POST", path, [await roles.json()]);
      });

      const signIn = async (browser: HttpBrowser): Promise<Visit> =>
        browser.page!.body.includes('id="kc-login"')
          ? browser.submit({ username: "alice", password: "alice" })
          : browser.page!;
      const about = (): Walk => ({
        ...{ site, signIn },
        headers: { "x-forwarded-user": "alice", "x-forwarded-groups": "viewer" },
        signedOut({ before: chain }) {
          const addresses = chain.map(({ url }) => url);
          assert.ok(addresses.some((it) => it.includes("/protocol/openid-connect/logout?")));
          assert.ok(addresses.includes(`${site.url}/`), "the address after signing out is known");
        },
      });
      walk(about);

      test("a token that Keycloak made for this client is for it", async () => {
        const { issuer, clientId, clientSecret }: Client = site.client;
        assert.match(clientSecret, /^\w{20,}$/);
        assert.equal(clientId, "app");
        // The script's client has one redirect URI; a program of this test needs another.
        const found = await adminRequest(keycloak, form, "GET", "/clients?clientId=app");
        const [client] = (await found.json()) as [{ id: string; redirectUris: string[] }];
        assert.deepEqual(client.redirectUris, [`${site.url}/oidc/callback`]);
        await adminRequest(keycloak, form, "PUT", `/clients/${client.id}`, {
          redirectUris: [...client.redirectUris, `${site.upstream.url}/callback`],
          attributes: { "pkce.code.challenge.method": "" },
        });
        const token = await tokenFor(site, {}, signIn);
        const { status, body } = await site.withToken(token);
        assert.equal(status, 200, `${issuer}: ${body}`);
        assert.equal((await site.withToken(token, "/admin")).status, 403);
      });
    });
  }
});
