/** What a release consists of: the same bytes from every clone, all that is to be there, and nothing else. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { unzipSync } from "fflate";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { FILES, git, manifest, packInClone, release, unpackPlugin } from "./release.ts";

const home = temporaryFolder("archive");
let folder = "";
let commit = "";

before(() => void ({ folder, commit } = release()));
after(() => home.remove());

const read = (path: string) => readFileSync(join(folder, path));
const sha256 = (bytes: Buffer | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const tarball = (...args: string[]) =>
  execFileSync("tar", [...args, "-zf", join(folder, FILES.tarball)], { encoding: "utf8" });

test("two clones in different folders make the same bytes", () => {
  const other = join(home.path, "a clone with a longer name");
  packInClone(commit, join(other, "clone"), join(other, "out"));
  assert.deepEqual(readdirSync(join(other, "out")), readdirSync(folder));
  for (const file of readdirSync(folder)) {
    assert.equal(sha256(readFileSync(join(other, "out", file))), sha256(read(file)), file);
  }
});

test("what is not committed is not released", () => {
  const clone = join(home.path, "dirty");
  git(root, "clone", "--quiet", "--shared", root, clone);
  cpSync(join(root, "tools/package.mjs"), join(clone, "tools/package.mjs"));
  writeFileSync(join(clone, "README.md"), "changed");
  const { status, stderr } = spawnSync(process.execPath, ["tools/package.mjs"], {
    cwd: clone,
    encoding: "utf8",
  });
  assert.equal(status, 1, stderr);
  assert.match(stderr, /made of what is committed[^]*README\.md/);
});

test("the checksums are those of the files", () => {
  const lines = Object.values(FILES).map((file) => `${sha256(read(file))}  ${file}\n`);
  assert.equal(read("SHA256SUMS").toString(), lines.join(""));
  assert.deepEqual(readdirSync(folder).sort(), ["SHA256SUMS", ...Object.values(FILES)].sort());
});

test("the plugin's archive is flat, and has what Traefik needs and licenses", () => {
  const entries = unzipSync(read(FILES.zip));
  assert.deepEqual(Object.keys(entries).sort(), [
    ".traefik.yml",
    "LICENSE",
    "NOTICE",
    "plugin.wasm",
  ]);
  assert.match(Buffer.from(entries.NOTICE!).toString(), /Rolegate[^]*AssemblyScript[^]*musl/);
  assert.ok(new WebAssembly.Module(entries["plugin.wasm"]! as Buffer));
});

test("npm's tarball has the command, the same plugin, presets, schema, docs, rules for metrics and licenses, and no sources", () => {
  const paths = tarball("-t")
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
  const files = ["docs", "examples/metrics", ":!docs/contributing"];
  const docs = git(root, "ls-files", ...files).split("\n");
  const expected = [
    ...["dist/rolegate.mjs", "dist/THIRD-PARTY.txt", "plugin.wasm", ".traefik.yml", "package.json"],
    ...["presets/prefect.yml", "rolegate.schema.json", "README.md", "CHANGELOG.md", "SECURITY.md"],
    ...["LICENSE", "NOTICE", ...docs],
  ];
  assert.deepEqual(paths.sort(), expected.sort());
  mkdirSync(join(home.path, "tarball"));
  tarball("-x", "-C", join(home.path, "tarball"));
  const inside = (path: string) => readFileSync(join(home.path, "tarball/package", path));
  const zipped = unzipSync(read(FILES.zip));
  assert.equal(sha256(inside("plugin.wasm")), sha256(zipped["plugin.wasm"]!));
  const {
    scripts,
    devDependencies,
    dependencies,
    private: isPrivate,
    ...rest
  } = JSON.parse(inside("package.json").toString());
  assert.deepEqual([scripts, devDependencies, dependencies, isPrivate], Array(4).fill(undefined));
  for (const key of ["description", "keywords", "homepage", "bugs", "repository", "author"]) {
    assert.ok(rest[key], `package.json has no ${key}`);
  }
});

test("no file of it knows where it was made", () => {
  const unpacked = join(home.path, "places");
  unpackPlugin(unpacked);
  tarball("-x", "-C", unpacked);
  const grep = spawnSync(
    "grep",
    ["-rlE", "rolegate-clone-|node_modules/\\.|/home/|/root/", unpacked],
    {
      encoding: "utf8",
    },
  );
  assert.equal(grep.stdout, "");
  rmSync(unpacked, { recursive: true });
});

interface Part {
  name: string;
  version: string;
  type: string;
  scope: string;
  licenses?: unknown[];
  hashes: { alg: string; content: string }[];
}

test("the bill of materials names every package that is bundled, and what it is bundled into", () => {
  const { metadata, components, serialNumber } = JSON.parse(read(FILES.sbom).toString()) as {
    metadata: { component: Part };
    components: Part[];
    serialNumber: string;
  };
  assert.deepEqual(
    [metadata.component.name, metadata.component.version],
    ["rolegate", manifest.version],
  );
  assert.match(
    serialNumber,
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const notices = tarball("-xO", "package/dist/THIRD-PARTY.txt");
  const bundled = [...notices.matchAll(/^={80}\n\n(\S+) (\S+) \(/gm)].map(
    ([, name, v]) => `${name}@${v}`,
  );
  assert.ok(bundled.length > 15 && bundled.some((it) => it.startsWith("yaml@")), bundled.join());
  const libraries = components.filter(({ type }) => type === "library");
  assert.deepEqual(
    libraries.map(({ name, version }) => `${name}@${version}`).sort(),
    [...bundled, libraries.find(({ name }) => name === "assemblyscript")]
      .map((it) => (typeof it === "string" ? it : `${it!.name}@${it!.version}`))
      .sort(),
  );
  for (const it of libraries) assert.ok(it.licenses && it.hashes.length > 0, it.name);
  const plugin = components.find(({ name }) => name === "plugin.wasm")!;
  assert.equal(plugin.hashes[0]!.content, sha256(unzipSync(read(FILES.zip))["plugin.wasm"]!));
});

test("the tarball installs in an empty folder, with nothing else, and knows both versions", () => {
  const empty = join(home.path, "empty");
  mkdirSync(empty);
  writeFileSync(join(empty, "package.json"), "{}");
  const env = {
    ...process.env,
    npm_config_cache: join(home.path, "cache"),
    npm_config_offline: "true",
  };
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd: empty, encoding: "utf8", env });
  run("npm", "install", join(folder, FILES.tarball), "--no-audit", "--no-fund");
  assert.deepEqual(
    readdirSync(join(empty, "node_modules")).filter((it) => it[0] !== "."),
    ["rolegate"],
  );
  const both = `rolegate ${manifest.version}\nplugin.wasm ${manifest.version}\n`;
  assert.equal(run("npx", "--no-install", "rolegate", "--version"), both);
});
