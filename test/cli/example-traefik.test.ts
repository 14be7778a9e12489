/** The manifests of examples/prefect/kubernetes in a real Traefik, over a fake Kubernetes API: somebody signs in, and roles decide. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import { parseAllDocuments } from "yaml";
import { startChild } from "../../stack/machine/child.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { freePorts } from "../../stack/machine/ports.ts";
import { startProvider } from "../../stack/provider/provider.ts";
import { root } from "../../tools/root.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { findTraefik } from "../../stack/traefik/binary.ts";
import { startUpstream } from "../../stack/upstream/upstream.ts";
import { newSecret } from "../../src/cli/secret.ts";
import { HttpBrowser } from "../support/http-browser.ts";
import { type Manifest, startKubernetesApi } from "./kubernetes-api.ts";

const folderOfManifests = join(root, "examples/prefect/kubernetes");

/** The manifests with the addresses of what runs here in the place of theirs. */
function manifestsWith(places: [string, string][]): Manifest[] {
  const text = ["middleware", "prefect", "routes"]
    .map((name) => readFileSync(join(folderOfManifests, `${name}.yml`), "utf8"))
    .join("---\n");
  const ours = places.reduce((made, [from, to]) => {
    assert.ok(made.includes(from), from);
    return made.replaceAll(from, to);
  }, text);
  return parseAllDocuments(ours, { merge: true }).flatMap((document) => {
    const manifest = document.toJS() as Manifest & { items?: Manifest[] };
    return manifest.items ?? [manifest];
  });
}

const inNamespace = (name: string, more: object = {}) => ({
  metadata: { name, namespace: "prefect", ...more },
});

test("bob signs in, and does what a runner may", async (t) => {
  const provider = await startProvider({ clientId: "prefect" });
  t.after(() => provider.stop());
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  const folder = temporaryFolder("example");
  t.after(() => folder.remove());
  const [port, keysPort] = (await freePorts(2)) as [number, number];
  const url = `http://localhost:${port}`;
  provider.clients.serve(url);
  provider.people.setRoles("bob", ["prefect-runner"]);

  const manifests = manifestsWith([
    ["https://sso.example.com/realms/prefect", provider.issuer],
    ["https://prefect.example.com", url],
    ["Host(`prefect.example.com`)", "Host(`localhost`)"],
    ["  tls: {}\n", ""],
    ["port: 8080", `port: ${new URL(provider.issuer).port}`],
    ["port: 8088", `port: ${keysPort}`],
  ]);
  // What the reader brings: Keycloak's Service, and the cluster's word about where Prefect's pod is.
  const keycloak = { type: "ExternalName", externalName: "127.0.0.1" };
  const keycloakPorts = [{ port: Number(new URL(provider.issuer).port) }];
  manifests.push(
    {
      ...{ apiVersion: "v1", kind: "Service", ...inNamespace("keycloak") },
      spec: { ...keycloak, ports: keycloakPorts },
    },
    {
      ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
      ...inNamespace("prefect-1", { labels: { "kubernetes.io/service-name": "prefect" } }),
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
      ports: [{ name: "", port: upstream.port, protocol: "TCP" }],
    },
  );
  const api = await startKubernetesApi(manifests);
  t.after(() => api.stop());

  for (const name of ["state", "secrets", "plugins-local/src/rolegate"]) {
    mkdirSync(join(folder.path, name), { recursive: true });
  }
  const secrets = { "session-secret": newSecret(), "client-secret": provider.clients.secret };
  for (const [name, text] of Object.entries({ ...secrets, "api-keys.json": "[]" })) {
    writeFileSync(join(folder.path, "secrets", name), text);
  }
  for (const name of [".traefik.yml", "plugin.wasm"]) {
    copyFileSync(join(root, name), join(folder.path, "plugins-local/src/rolegate", name));
  }
  const lines: string[] = [];
  const traefik = await startChild(
    await findTraefik(),
    [
      ...[`--entryPoints.websecure.address=:${port}`, "--log.level=INFO"],
      `--entryPoints.rolegate.address=127.0.0.1:${keysPort}`,
      `--providers.kubernetesCRD.endpoint=${api.endpoint}`,
      ...["--providers.kubernetesCRD.token=x", "--experimental.abortOnPluginFailure=true"],
      "--providers.kubernetesCRD.allowExternalNameServices=true",
      "--experimental.localPlugins.rolegate.moduleName=rolegate",
      `--experimental.localPlugins.rolegate.settings.mounts=${folder.path}/state:/state,${folder.path}/secrets:/secrets:ro`,
    ],
    {
      ...{ cwd: folder.path, env: { PATH: process.env.PATH ?? "" } },
      onLine: (line) => lines.push(line),
    },
  );
  t.after(() => traefik.stop());
  const said = () => lines.slice(-20).join("\n");
  const end = Date.now() + 60_000;
  while (!existsSync(join(folder.path, "state", stateFile("jwks", provider.issuer)))) {
    assert.ok(Date.now() < end, said());
    await sleep(100);
  }

  const browser = new HttpBrowser({ address: "127.0.0.1" });
  t.after(() => browser.close());
  const stranger = await browser.fetch(`${url}/api/flows/1`, { from: null });
  assert.equal(stranger.status, 401, said());
  const health = await browser.fetch(`${url}/api/health`, { from: null });
  assert.equal(health.status, 200, said());
  await browser.go(`${url}/dashboard`, { from: null });
  const visit = await browser.submit({ user: "bob" });
  assert.deepEqual([visit.status, visit.url], [200, `${url}/dashboard`], said());
  const { headers } = JSON.parse(visit.body) as { headers: [string, string][] };
  const users = headers.filter(([name]) => name.toLowerCase() === "x-forwarded-user");
  assert.deepEqual(users, [[users[0]![0], "bob"]]);
  const statusOf = async (method: string, path: string) =>
    (await browser.fetch(`${url}${path}`, { method, from: `${url}/dashboard` })).status;
  assert.equal(await statusOf("GET", "/api/flows/0b1ec5b4-1de7-4c4e-9a52-3a6d5b8b8f11"), 200);
  assert.equal(await statusOf("GET", "/api/admin/settings"), 200);
  assert.equal(await statusOf("PUT", "/api/admin/storage"), 403);
});
