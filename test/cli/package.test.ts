/** The packed tarball, installed in an empty folder: `npx rolegate` works there, with nothing but what is packed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";

const folder = temporaryFolder("package");

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder.path,
    encoding: "utf8",
    env: {
      ...process.env,
      npm_config_cache: join(folder.path, "cache"),
      npm_config_offline: "true",
    },
  });
  return { status, stdout, stderr };
}

let packed: { filename: string; files: { path: string }[]; size: number };

before(() => {
  const pack = run("npm", "pack", root, "--json", "--ignore-scripts");
  assert.equal(pack.status, 0, pack.stderr);
  [packed] = JSON.parse(pack.stdout);
  writeFileSync(join(folder.path, "package.json"), "{}");
  const install = run("npm", "install", `./${packed.filename}`, "--no-audit", "--no-fund");
  assert.equal(install.status, 0, install.stderr);
});
after(() => folder.remove());

test("it holds the command, the plugin with its manifest, and what people read; no sources", () => {
  const files = packed.files.map(({ path }) => path);
  for (const path of [
    "dist/rolegate.mjs",
    "plugin.wasm",
    "rolegate.schema.json",
    ".traefik.yml",
    "README.md",
    "LICENSE",
  ]) {
    assert.ok(files.includes(path), path);
  }
  const odd = files.filter(
    (path) =>
      !/^(dist\/|docs\/|[A-Z]+(\.md)?$|plugin\.wasm$|presets\/prefect\.yml$|examples\/metrics\/|rolegate\.schema\.json$|\.traefik\.yml$|package\.json$)/.test(
        path,
      ),
  );
  assert.deepEqual(odd, []);
});

test("it needs no other package", () => {
  const installed = readdirSync(join(folder.path, "node_modules")).filter((it) => it[0] !== ".");
  assert.deepEqual(installed, ["rolegate"]);
});

test("npx rolegate runs there", () => {
  const { status, stdout, stderr } = run("npx", "--no-install", "rolegate", "--version");
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^rolegate (\d+\.\d+\.\d+)\nplugin\.wasm \1\n$/);
});

test("init finds there what it writes out, for each preset and target", () => {
  for (const preset of ["signed-in", "prefect"]) {
    for (const target of ["file", "docker", "kubernetes", "helm"]) {
      const { status, stderr } = run(
        "npx",
        "--no-install",
        "rolegate",
        "init",
        ...ANSWERS,
        "--preset",
        preset,
        "--target",
        target,
      );
      assert.equal(status, 0, `${preset}, ${target}: ${stderr}`);
    }
  }
});

const ANSWERS = [
  ...["--yes", "--offline", "--dry-run", "--client-id", "app", "--service", "http://app:4200"],
  ...["--issuer", "https://sso.example.com", "--public-url", "https://app.example.com"],
];
