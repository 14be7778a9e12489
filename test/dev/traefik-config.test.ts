/** Every static configuration stops Traefik when the plugin cannot be loaded; otherwise its router would be dropped and the next that matches would answer. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../src/dev/root.ts";
import {
  merge,
  staticConfiguration,
  type StaticOptions,
  type Tree,
} from "../../src/dev/traefik-config.ts";

const options: StaticOptions = {
  ports: { web: 8000, traefik: 8001 },
  dynamicFolder: "/d",
  plugin: true,
  mounts: { "/state": "/tmp/state", "/keys": "/tmp/keys:ro" },
  envs: ["SECRET"],
  logLevel: "INFO",
  extra: {},
};

const experimental = (change: Partial<StaticOptions>) =>
  staticConfiguration({ ...options, ...change }).experimental as Tree;

test("abortOnPluginFailure is always set, and no caller can take it back", () => {
  const overrides: Partial<StaticOptions>[] = [
    {},
    { plugin: false },
    { extra: { experimental: { abortOnPluginFailure: false } } },
    { extra: { experimental: null } },
    { extra: { experimental: { localPlugins: { other: { moduleName: "other" } } } } },
  ];
  for (const change of overrides) {
    assert.equal(experimental(change).abortOnPluginFailure, true, JSON.stringify(change));
  }
});

test("mounts and environment in Traefik's form", () => {
  assert.deepEqual(experimental({}).localPlugins, {
    rolegate: {
      moduleName: "rolegate",
      settings: { mounts: ["/tmp/state:/state", "/tmp/keys:/keys:ro"], envs: ["SECRET"] },
    },
  });
  assert.equal(experimental({ plugin: false }).localPlugins, undefined);
});

test("trees merge by key, lists are replaced", () => {
  assert.deepEqual(merge({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3], e: 2 } }), {
    a: { b: 1, c: [3], e: 2 },
    d: 1,
  });
});

test("whatever in this repository loads the plugin says abortOnPluginFailure", () => {
  const declaration = /^\s*["']?(localPlugins|experimental)["']?\s*:|--experimental\.\w*plugins/im;
  const folders = ["src", "test", "bench", "docs", "tools"].map((name) => join(root, name));
  const files = folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|md|ya?ml|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const declaring = [...files, ...[join(root, "README.md")].filter(existsSync)].filter((file) =>
    declaration.test(readFileSync(file, "utf8")),
  );
  assert.ok(declaring.includes(join(root, "src", "dev", "traefik-config.ts")), "the search works");
  for (const file of declaring) {
    assert.match(readFileSync(file, "utf8"), /abortOnPluginFailure\W+true/, file);
  }
});
