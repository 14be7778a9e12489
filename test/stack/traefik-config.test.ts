/** Every static configuration that is made here stops Traefik when the plugin cannot be loaded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  merge,
  staticConfiguration,
  type StaticOptions,
  type Tree,
} from "../../stack/traefik/config.ts";

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
  const settings = { mounts: ["/tmp/state:/state", "/tmp/keys:/keys:ro"], envs: ["SECRET"] };
  assert.deepEqual(experimental({}), {
    abortOnPluginFailure: true,
    localPlugins: { rolegate: { moduleName: "rolegate", settings } },
  });
  assert.deepEqual(experimental({ plugin: false }), { abortOnPluginFailure: true });
});

test("trees merge by key, lists are replaced", () => {
  assert.deepEqual(merge({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3], e: 2 } }), {
    a: { b: 1, c: [3], e: 2 },
    d: 1,
  });
});
