/** Local mode from the release's archive, in an empty folder, by the commands of docs/install.md and the README's files. */
import assert from "node:assert/strict";
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { FILES, release } from "./release.ts";
import { blockOf, Site } from "./site.ts";

let upstream: Upstream;
let site: Site;
before(async () => void (upstream = await startUpstream()));
after(() => upstream?.stop());
afterEach(() => site?.remove());

async function unpacked(page: string, kind: string): Promise<void> {
  site = await Site.make(upstream.url);
  // Not every machine has unzip, and there is no such provider.
  const programs = {
    unzip: 'exec python3 -m zipfile -e "$1" "$3"',
    curl: `[ "$1" = -fsS ] && cat '${site.folder}/keys.json'`,
  };
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(site.folder, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  renameSync(join(site.folder, "state/jwks.json"), join(site.folder, "keys.json"));
  copyFileSync(join(site.folder, "keys.json"), join(site.folder, "state/jwks.json"));
  copyFileSync(join(release().folder, FILES.zip), join(site.folder, FILES.zip));
  await site.run(blockOf(page, kind));
  assert.deepEqual(await site.ends(), { code: 0, said: "" });
  site.write("traefik.yml", site.ported(blockOf("README.md", "traefik.yml")));
}

for (const [page, kind] of [
  ["docs/install.md", "into plugins-local/"],
  ["README.md", "in an empty folder"],
] as const) {
  test(`${page}: Traefik, started in that folder, decides by the README's rules`, async () => {
    await unpacked(page, kind);
    await site.run("traefik --configFile=traefik.yml");
    await site.decides();
  });
}

test("checksums: the archive is known, and one that was changed is not", async () => {
  await unpacked("docs/install.md", "into plugins-local/");
  copyFileSync(join(release().folder, "SHA256SUMS"), join(site.folder, "SHA256SUMS"));
  await site.run(blockOf("docs/install.md", "check the archive"));
  assert.deepEqual(await site.ends(), { code: 0, said: `${FILES.zip}: OK` });
  writeFileSync(join(site.folder, FILES.zip), "something else");
  await site.run(blockOf("docs/install.md", "check the archive"));
  assert.equal((await site.ends()).code, 1);
});

test("started elsewhere it ends: plugins-local/ is looked for where it is started", async () => {
  await unpacked("docs/install.md", "into plugins-local/");
  await site.run(`cd bin\ntraefik --configFile=${site.folder}/traefik.yml`);
  const { code, said } = await site.ends();
  assert.equal(code, 1, said);
  assert.match(said, /plugins-local\/src\/rolegate\/\.traefik\.yml: no such file/);
});
