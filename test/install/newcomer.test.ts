/**
 * As somebody new would do it: an empty folder, the release's files, a Keycloak, and what `rolegate init` says to do.
 * Once in local mode, once from the catalogue; a person signs in each time.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, test } from "node:test";
import { type Keycloak, startKeycloak } from "../../stack/keycloak/keycloak.ts";
import { freePorts, loopback } from "../../stack/machine/ports.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { FILES, manifest, release } from "./release.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { Site } from "./site.ts";

const SECRET = "a-secret-of-this-test-alone";
const PORTS = await freePorts(2);
/** One client for both: each way has a port of its own, and so a redirect URI. */
const REALM = {
  realm: "main",
  enabled: true,
  sslRequired: "none",
  clients: [
    {
      ...{ clientId: "app", secret: SECRET, enabled: true, standardFlowEnabled: true },
      redirectUris: PORTS.map((port) => `http://localhost:${port}/oidc/callback`),
    },
  ],
  users: [
    {
      ...{ username: "alice", enabled: true, email: "alice@example.com", emailVerified: true },
      ...{ firstName: "Alice", lastName: "Example" },
      credentials: [{ type: "password", value: "alice" }],
    },
  ],
};

let keycloak: Keycloak;
let upstream: Upstream;
let site: Site;
let registry: Registry | null = null;
before(async () => {
  [keycloak, upstream] = await Promise.all([startKeycloak({ realm: REALM }), startUpstream()]);
});
after(async () => {
  await upstream?.stop();
  await keycloak?.stop();
});
afterEach(async () => {
  await site?.remove();
  await registry?.stop();
  registry = null;
});

/** What it says to do when it has written its files. */
async function init(port: number, ...more: string[]): Promise<string> {
  site = await Site.make(upstream.url);
  site.url = `http://${loopback}:${port}`;
  const folder = join(site.folder, "new");
  mkdirSync(folder);
  const [keysPort] = await freePorts(1);
  await site.run(
    [
      "cd new",
      "echo {} > package.json",
      `npm install --silent --offline --no-audit --no-fund '${join(release().folder, FILES.tarball)}'`,
      [
        ...[
          "npx --no-install rolegate init --yes",
          `--issuer '${keycloak.issuer}' --client-id app`,
        ],
        `--public-url http://localhost:${port} --service ${upstream.url} --keys-port ${keysPort}`,
        ...more,
      ].join(" "),
    ].join("\n"),
    { npm_config_cache: join(site.folder, "cache"), HOME: site.folder },
  );
  const { code, said } = await site.ends();
  assert.equal(code, 0, said);
  return said.split("Then:\n")[1]!;
}

async function signsIn(next: string, env: Record<string, string> = {}): Promise<void> {
  const commands = next
    .replace(/^ +/gm, "")
    .replace(/CLIENT_SECRET=\S+/, `CLIENT_SECRET=${SECRET}`);
  assert.match(commands, /^export CLIENT_SECRET=[^]*^traefik --configFile=traefik\.yml$/m);
  await site.run(`cd new\n${commands}`, env);
  const url = site.url.replace(loopback, "localhost");
  const browser = new HttpBrowser({ address: loopback });
  try {
    // Traefik's health check has Keycloak's keys fetched; a person who is faster sees a page that tries again.
    const keys = join(site.folder, "new/state", stateFile("jwks", keycloak.issuer));
    for (const end = Date.now() + 60_000; !existsSync(keys); await sleep(100)) {
      assert.ok(Date.now() < end && site.child!.running(), site.lines.join("\n"));
    }
    const form = await browser.go(`${url}/reports?year=2026`, { from: null });
    assert.ok(form.url.startsWith(keycloak.issuer), form.url);
    const page = await browser.submit({ username: "alice", password: "alice" });
    assert.equal(page.status, 200, `${page.url}\n${page.body}\n${site.lines.join("\n")}`);
    assert.equal(page.url, `${url}/reports?year=2026`);
    const { headers } = JSON.parse(page.body) as { headers: [string, string][] };
    const user = headers.find(([name]) => name.toLowerCase() === "x-forwarded-user");
    assert.equal(user?.[1], "alice");
  } finally {
    browser.close();
  }
}

test("local mode: alice signs in with Keycloak", async () => {
  await signsIn(await init(PORTS[0]!));
});

test("from the catalogue: alice signs in with Keycloak", async () => {
  const next = await init(PORTS[1]!, "--install", "catalogue");
  registry = await startRegistry({
    module: /github\.com\/[^/]+\/\w+/.exec(manifest.repository.url)![0],
    version: `v${manifest.version}`,
    archive: readFileSync(join(release().folder, FILES.zip)),
    folder: site.folder,
  });
  await signsIn(next, registry.env);
  assert.ok(registry.asked.length > 0);
});
