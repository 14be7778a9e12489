/** `experimental.plugins`: a real Traefik downloads the release's archive from a catalogue on the loopback address. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { zipSync, unzipSync } from "fflate";
import { parse, stringify } from "yaml";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { FILES, manifest, release } from "./release.ts";
import { type Registry, startRegistry } from "./registry.ts";
import { blockOf, replaceOnce, Site } from "./site.ts";

const module = /github\.com\/[^/]+\/\w+/.exec(manifest.repository.url)![0];
const version = `v${manifest.version}`;
const PAGE = "docs/install.md";
const YAML = "traefik.yml, with the plugin from the catalogue";
const SETTINGS = '      settings:\n        mounts: ["./state:/state"]\n';

let archive: Buffer;
let upstream: Upstream;
let site: Site;
let registry: Registry;

before(async () => {
  archive = readFileSync(join(release().folder, FILES.zip));
  upstream = await startUpstream();
});
after(() => upstream?.stop());
afterEach(async () => {
  await site?.remove();
  await registry?.stop();
  site = registry = undefined!;
});

async function prepare(offered = archive): Promise<string> {
  site = await Site.make(upstream.url);
  registry = await startRegistry({ module, version, archive: offered, folder: site.folder });
  return site.ported(blockOf(PAGE, YAML));
}

async function start(yaml: string): Promise<void> {
  site.write("traefik.yml", yaml);
  await site.run("traefik --configFile=traefik.yml", registry.env);
}

const withHash = (yaml: string, hash: string) =>
  replaceOnce(yaml, SETTINGS, `      hash: "${hash}"\n${SETTINGS}`);
const path = (what: string) => `/public/${what}/${module}/${version}`;

describe("the docs' static configuration", () => {
  test("names the module and the version of this release", async () => {
    const yaml = parse(await prepare()) as {
      experimental: { plugins: { rolegate: Record<string, unknown> } };
    };
    const { moduleName, version: named } = yaml.experimental.plugins.rolegate;
    assert.deepEqual([moduleName, named], [module, version]);
  });

  test("is the README's, with its lines for the catalogue in place of local mode", async () => {
    const readme = parse(blockOf("README.md", "traefik.yml")) as object;
    const lines = parse(blockOf("README.md", `in ${YAML}`)) as object;
    assert.deepEqual({ ...readme, ...lines }, parse(blockOf(PAGE, YAML)));
  });

  test("as a file; again with what was downloaded; and not without the catalogue", async () => {
    const yaml = await prepare();
    await start(yaml);
    await site.decides();
    assert.ok(
      site.lines.some(
        (line) =>
          line.includes(`"version":"${manifest.version}"`) ||
          line.includes(`\\"version\\":\\"${manifest.version}\\"`),
      ),
    );
    await site.stop();
    assert.deepEqual(registry.asked, [`${path("download")} without`, `${path("validate")} right`]);

    registry.asked.length = 0;
    await start(yaml);
    await site.decides();
    await site.stop();
    assert.deepEqual(registry.asked, [`${path("download")} right`, `${path("validate")} right`]);

    registry.goDown();
    await start(yaml);
    const { code, said } = await site.ends();
    assert.equal(code, 1, said);
    assert.match(said, /unable to set up plugins environment|failed to download plugin/i);
  });

  test("by flags", async () => {
    await prepare();
    await site.run(site.ported(blockOf(PAGE, "by flags")), registry.env);
    await site.decides();
  });

  test("by variables", async () => {
    await prepare();
    await site.run(site.ported(blockOf(PAGE, "by variables")), registry.env);
    await site.decides();
  });
});

describe("hash", () => {
  test("that of SHA256SUMS is taken", async () => {
    const yaml = await prepare();
    const sums = readFileSync(join(release().folder, "SHA256SUMS"), "utf8");
    const hash = new RegExp(`^([0-9a-f]{64})  ${FILES.zip}$`, "m").exec(sums)![1]!;
    await start(withHash(yaml, hash));
    await site.decides();
  });

  test("another one ends Traefik before anything is loaded", async () => {
    const yaml = await prepare();
    await start(withHash(yaml, createHash("sha256").update("another").digest("hex")));
    const { code, said } = await site.ends();
    assert.equal(code, 1, said);
    assert.match(said, /invalid hash|hash/i);
  });
});

test("the catalogue's own snippet, pasted without settings, refuses callers and is no configuration error", async () => {
  const yaml = await prepare();
  const { ".traefik.yml": text } = unzipSync(archive);
  const { testData } = parse(Buffer.from(text!).toString()) as { testData: object };
  const dynamic = parse(readFileSync(join(site.folder, "dynamic.yml"), "utf8")) as {
    http: { middlewares: { rolegate: { plugin: { rolegate: object } } } };
  };
  dynamic.http.middlewares.rolegate.plugin.rolegate = testData;
  site.write("dynamic.yml", stringify(dynamic));
  await start(replaceOnce(yaml, SETTINGS, ""));
  assert.equal(await site.isUp(), 401, site.lines.join("\n"));
});

test("a source archive, as GitHub makes it, ends Traefik: there is no plugin.wasm in it", async () => {
  const { ".traefik.yml": text } = unzipSync(archive);
  const yaml = await prepare(Buffer.from(zipSync({ "rolegate-0123456/.traefik.yml": text! })));
  await start(yaml);
  const { code, said } = await site.ends();
  assert.equal(code, 1, said);
  assert.ok(!existsSync(join(site.folder, "plugins-storage/sources/plugin.wasm")));
});
