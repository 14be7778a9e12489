/**
 * What Traefik's chart runs: a read-only root, user 65532, the plugin from a ConfigMap or a folder, `stateDir` on
 * volumes of several owners. The flags are those that `init --install helm` writes into the chart's values.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, afterEach, before, describe, test } from "node:test";
import { parse } from "yaml";
import { freePorts } from "../../stack/machine/ports.ts";
import { type Provider, startProvider } from "../../stack/provider/provider.ts";
import { stateFile } from "../../stack/traefik/state-files.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { rolegate } from "../cli/run.ts";
import { configMap, runInContainer, USER, type Volume, volume } from "./container.ts";
import { created } from "./kubectl.ts";
import { FILES, manifest, release, unpackPlugin } from "./release.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { Site } from "./site.ts";

let provider: Provider;
let upstream: Upstream;
let site: Site;
let registry: Registry | null = null;
before(async () => {
  provider = await startProvider();
  upstream = await startUpstream();
});
after(async () => {
  await upstream?.stop();
  await provider?.stop();
});
afterEach(async () => {
  await site?.remove();
  await registry?.stop();
  registry = null;
});

interface Values {
  additionalArguments: string[];
  experimental?: { plugins: Record<string, Record<string, string>> };
}

/** The flags that the chart makes of the values: settings of plugins it drops. */
function flagsOf({ additionalArguments, experimental }: Values): string[] {
  const plugins = Object.entries(experimental?.plugins ?? {}).flatMap(([name, keys]) =>
    ["moduleName", "version"].map((key) => `--experimental.plugins.${name}.${key}=${keys[key]}`),
  );
  return [...plugins, ...additionalArguments];
}

/** Volumes besides the plugin's; routes come from a file here, and the provider is the development stack's. */
async function prepare(install: "helm" | "catalogue", state: { owner: string; mode: string }) {
  site = await Site.make(upstream.url);
  const { port } = new URL(site.url);
  const [keysPort] = await freePorts(1);
  const init = async (out: string, ...args: string[]) => {
    const answers = [
      ...["init", "--yes", "--out", out, "--issuer", provider.issuer],
      ...["--client-id", provider.clients.id, "--public-url", `http://localhost:${port}`],
      ...["--service", upstream.url, "--keys-port", String(keysPort), ...args],
    ];
    const { code, stderr } = await rolegate(answers, { cwd: site.folder });
    assert.equal(code, 0, stderr);
    return stderr.split("Then:\n")[1]!;
  };
  const next = await init("helm", "--target", "helm", "--install", install);
  await init("file", "--target", "file");
  const values = parse(readFileSync(join(site.folder, "helm/values.yml"), "utf8")) as Values;
  const secret = parse(readFileSync(join(site.folder, "helm/rolegate-secret.yml"), "utf8")) as {
    stringData: Record<string, string>;
  };
  configMap(join(site.folder, "secret"), secret.stringData);
  const dynamic = readFileSync(join(site.folder, "file/dynamic.yml"), "utf8");
  configMap(join(site.folder, "dynamic"), {
    "dynamic.yml": dynamic.replaceAll("file:/state/session-secret", "file:/secret/session-secret"),
  });
  const volumes: Volume[] = [
    { from: volume(site, "state-volume", state.owner, state.mode), to: "/state" },
    { from: join(site.folder, "secret"), to: "/secret", readOnly: true },
    { from: join(site.folder, "dynamic"), to: "/dynamic", readOnly: true },
  ];
  const flags = [
    ...flagsOf(values),
    `--entryPoints.web.address=127.0.0.1:${port}`,
    "--providers.file.filename=/dynamic/dynamic.yml",
  ];
  return { volumes, flags, next };
}

const env = () => ({ CLIENT_SECRET: provider.clients.secret });

/** The plugin's files as a volume that nobody may write. */
function plugin(files: Record<string, Buffer> | "folder"): Volume {
  const from = join(site.folder, "plugin");
  if (files === "folder") unpackPlugin(from);
  else configMap(from, files);
  return { from, to: "/plugins-local/src/rolegate", readOnly: true };
}

/** What kubectl makes by the command that init prints, run where init says. */
async function configMapOf(next: string): Promise<{ text: string; files: Record<string, Buffer> }> {
  const command = /^ *(kubectl create configmap .*) \| kubectl apply --server-side -f -$/m.exec(
    next,
  );
  assert.ok(command, next);
  const { text, map } = await created(command[1]!, join(site.folder, "helm"));
  assert.deepEqual([map.kind, map.metadata.name], ["ConfigMap", "rolegate-plugin"]);
  const binary = Object.entries(map.binaryData).map(
    ([name, base64]) => [name, Buffer.from(base64, "base64")] as const,
  );
  const texts = Object.entries(map.data).map(([name, it]) => [name, Buffer.from(it)] as const);
  return { text, files: Object.fromEntries([...binary, ...texts]) };
}

const ask = async (token: string) =>
  site.status("/me", {
    Host: new URL(site.url).host.replace("127.0.0.1", "localhost"),
    Authorization: `Bearer ${token}`,
  });

/** Traefik has fetched the provider's keys, written them to the volume, and knows callers by them. */
async function works(): Promise<void> {
  const token = await provider.token("alice");
  for (const end = Date.now() + 60_000; ; await sleep(100)) {
    const status = await ask(token).catch(() => 0);
    if (status === 200) break;
    assert.ok(Date.now() < end && site.child!.running(), `${status}\n${site.lines.join("\n")}`);
  }
  const file = join(site.folder, "state-volume", stateFile("jwks", provider.issuer));
  assert.equal(statSync(file).uid, USER);
}

describe("the plugin's files", () => {
  test("a ConfigMap, by the command that init prints; stateDir on an emptyDir", async () => {
    const { volumes, flags, next } = await prepare("helm", { owner: "0:0", mode: "777" });
    const { text, files } = await configMapOf(next);
    assert.ok(text.length < 1024 * 1024, `${text.length} bytes`);
    // All annotations of an object together; apply without --server-side puts the whole object into one.
    assert.ok(text.length > 256 * 1024, "it fits: docs/install.md has to say so");
    await runInContainer(site, [...volumes, plugin(files)], flags, env());
    await works();
  });

  test("an image volume, or a hostPath; stateDir on an emptyDir", async () => {
    const { volumes, flags } = await prepare("helm", { owner: "0:0", mode: "777" });
    await runInContainer(site, [...volumes, plugin("folder")], flags, env());
    await works();
  });
});

describe("a volume that belongs to root", () => {
  test("with fsGroup, as the values have it, is written to", async () => {
    const { volumes, flags } = await prepare("helm", { owner: `0:${USER}`, mode: "2775" });
    await runInContainer(site, [...volumes, plugin("folder")], flags, env());
    await works();
  });

  test("without it nobody gets in, and the log says why", async () => {
    const { volumes, flags } = await prepare("helm", { owner: "0:0", mode: "755" });
    await runInContainer(site, [...volumes, plugin("folder")], flags, env());
    const token = await provider.token("alice");
    const refused = () => site.lines.some((line) => /stateDir cannot be written/.test(line));
    for (const end = Date.now() + 60_000; !refused(); await sleep(100)) {
      await ask(token).catch(() => 0);
      assert.ok(Date.now() < end && site.child!.running(), site.lines.join("\n"));
    }
    assert.equal(await ask(token), 503);
    assert.deepEqual(readdirSync(join(site.folder, "state-volume")), []);
  });
});

describe("the catalogue", () => {
  async function fromCatalogue(storage: boolean): Promise<void> {
    const { volumes, flags } = await prepare("catalogue", { owner: "0:0", mode: "777" });
    mkdirSync(join(site.folder, "certificates"));
    registry = await startRegistry({
      module: /github\.com\/[^/]+\/\w+/.exec(manifest.repository.url)![0],
      version: `v${manifest.version}`,
      archive: readFileSync(join(release().folder, FILES.zip)),
      folder: join(site.folder, "certificates"),
    });
    const more: Volume[] = [
      { from: join(site.folder, "certificates"), to: "/certificates", readOnly: true },
    ];
    if (storage) more.push({ from: volume(site, "storage", "0:0", "777"), to: "/plugins-storage" });
    await runInContainer(site, [...volumes, ...more], flags, {
      ...env(),
      ...registry.env,
      SSL_CERT_FILE: "/certificates/authority.pem",
    });
  }

  test("with the folder that the chart makes for what is downloaded", async () => {
    await fromCatalogue(true);
    await works();
  });

  test("without it Traefik ends: its root is read-only", async () => {
    await fromCatalogue(false);
    const { code, said } = await site.ends();
    assert.equal(code, 1, said);
    assert.match(said, /plugins-storage: (read-only file system|permission denied)/);
  });
});
