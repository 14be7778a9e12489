/** `rolegate init` against a real Keycloak: Traefik with what it wrote, somebody signs in, and `rolegate doctor` has nothing to say, or says what is wrong at Keycloak. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import type { Keycloak } from "../../stack/keycloak/keycloak.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { rolegate } from "../cli/run.ts";
import { byPassword } from "../keycloak/tokens.ts";
import { Windows } from "./window.ts";

const realmName = "init";
const secret = randomBytes(24).toString("base64url");

/** In a Keycloak that runs already, with a realm of its own. */
export function initTests(running: () => Promise<Keycloak>): void {
  describe("rolegate init for Keycloak", () => {
    const undo: (() => unknown)[] = [];
    const folder = temporaryFolder("init-keycloak");
    let keycloak: Keycloak;
    let issuer = "";
    let url = "";

    async function asAdministrator(path: string, options: RequestInit = {}): Promise<Response> {
      const { name, password } = keycloak.administrator;
      const { access_token } = await byPassword(
        `${keycloak.url}/realms/master`,
        "admin-cli",
        name,
        password,
      );
      const headers = {
        Authorization: `Bearer ${access_token}`,
        "Content-Type": "application/json",
      };
      return fetch(`${keycloak.url}/admin/realms${path}`, { ...options, headers });
    }

    before(async () => {
      undo.push(() => folder.remove());
      const [port, keysPort] = (await freePorts(2)) as [number, number];
      url = `http://localhost:${port}`;
      keycloak = await running();
      issuer = `${keycloak.url}/realms/${realmName}`;
      const { status } = await asAdministrator("", {
        method: "POST",
        body: JSON.stringify(realm()),
      });
      assert.equal(status, 201);
      const upstream = await startUpstream();
      undo.push(() => upstream.stop());
      const made = await rolegate(
        [
          ...["init", "--yes", "--preset", "read-write", "--issuer", issuer, "--client-id", "site"],
          ...["--public-url", url, "--service", upstream.url, "--keys-port", String(keysPort)],
        ],
        { cwd: folder.path },
      );
      assert.equal(made.code, 0, made.stderr);
      const lines: string[] = [];
      const traefik = await startChild(await findTraefik(), ["--configFile=traefik.yml"], {
        cwd: folder.path,
        env: { PATH: process.env.PATH ?? "", CLIENT_SECRET: secret },
        onLine: (line) => lines.push(line),
      });
      undo.push(() => traefik.stop());
      const keys = join(folder.path, "state", stateFile("jwks", issuer));
      for (const end = Date.now() + 60_000; !existsSync(keys); await sleep(100)) {
        assert.ok(Date.now() < end, lines.slice(-20).join("\n"));
      }
    });
    after(async () => {
      for (let last = undo.pop(); last; last = undo.pop()) await last();
    });

    /** The password is the name. */
    const realm = () => ({
      realm: realmName,
      enabled: true,
      roles: { realm: [{ name: "viewer" }, { name: "editor" }] },
      clients: [
        {
          clientId: "site",
          secret,
          standardFlowEnabled: true,
          directAccessGrantsEnabled: true,
          redirectUris: [`${url}/oidc/callback`],
          attributes: { "post.logout.redirect.uris": `${url}/` },
        },
      ],
      users: [
        {
          ...{ username: "alice", enabled: true, email: "alice@example.com", emailVerified: true },
          ...{ firstName: "alice", lastName: "Example", realmRoles: ["viewer"] },
          credentials: [{ type: "password", value: "alice" }],
        },
      ],
    });

    async function doctor(...args: string[]) {
      const ran = await rolegate(
        ["doctor", "--json", url, "-c", "traefik.yml", "-c", "dynamic.yml", ...args],
        { cwd: folder.path, env: { CLIENT_SECRET: secret } },
      );
      assert.equal(ran.stderr, "");
      return (JSON.parse(ran.stdout) as { findings: { code: string; evidence: string }[] })
        .findings;
    }

    test("alice signs in at Keycloak's page, reads, and does not write", async () => {
      const windows = new Windows();
      undo.push(() => windows.stop());
      const page = await windows.open();
      await page.goto(`${url}/api/x`);
      await page.fill("#username", "alice");
      await page.fill("#password", "alice");
      await page.click("#kc-login");
      await page.waitForURL(`${url}/api/x`);
      assert.match((await page.textContent("body")) ?? "", /"X-Forwarded-User", "alice"/);
      const status = await page.evaluate(
        async () => (await fetch("/api/x", { method: "POST" })).status,
      );
      assert.equal(status, 403);
    });

    test("doctor has nothing to say", async () => assert.deepEqual(await doctor(), []));

    test("a token that Keycloak made without an audience mapper is not for this application", async () => {
      const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
        method: "POST",
        body: new URLSearchParams({
          ...{ grant_type: "password", client_id: "site", client_secret: secret },
          ...{ username: "alice", password: "alice" },
        }),
      });
      const { access_token } = (await response.json()) as { access_token: string };
      const findings = await doctor("--token", access_token);
      assert.deepEqual(
        findings.map(({ code }) => code),
        ["audience_missing"],
      );
    });

    test("a redirect URI that is not Keycloak's", async () => {
      const clients = `/${realmName}/clients`;
      const [client] = (await (await asAdministrator(`${clients}?clientId=site`)).json()) as [
        { id: string },
      ];
      const body = JSON.stringify({ redirectUris: ["https://elsewhere.example/oidc/callback"] });
      const changed = await asAdministrator(`${clients}/${client.id}`, { method: "PUT", body });
      assert.equal(changed.status, 204);
      assert.deepEqual(
        (await doctor()).map(({ code }) => code),
        ["redirect_uri_refused"],
      );
    });
  });
}
