/**
 * What arrives of a block: the command's model of Traefik's providers against what was measured, and the measurements
 * against a real Traefik, which loads the probe in the plugin's place.
 */
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { stringify } from "yaml";
import { deliver } from "../../src/cli/source/deliver.ts";
import { SourceFile } from "../../src/cli/source/file.ts";
import { composeLabels, treeOfLabels } from "../../src/cli/source/labels.ts";
import { valueAt } from "../../src/cli/source/tree.ts";
import { parseYaml } from "../../src/cli/source/yaml.ts";
import { temporaryFolder } from "../../stack/machine/cleanup.ts";
import { root } from "../../tools/root.ts";
import { startTraefik } from "../../stack/traefik/traefik.ts";
import type { Traefik } from "../../stack/traefik/running.ts";
import { startUpstream, type Upstream } from "../../stack/upstream/upstream.ts";
import { marshal } from "../../src/guest/config.ts";
import { GOOD_CONFIGURATIONS } from "../cases/configurations.ts";
import { fileForm, labelForm, labels } from "../support/forms.ts";
import { probeWasm } from "../support/probe.ts";
import { DELIVERED, REFUSED } from "./delivery-table.ts";

const treeOf = (yaml: string, kubernetes = false) =>
  parseYaml(new SourceFile("test.yml", yaml), kubernetes).trees[0]!;

describe("the model of the file provider", () => {
  for (const [yaml, json] of DELIVERED) {
    test(yaml, () => {
      const { config, refusals } = deliver(treeOf(yaml), "file");
      assert.deepEqual(refusals, []);
      assert.equal(marshal(config), json);
    });
  }
  for (const [yaml, code] of REFUSED) {
    test(`${yaml}: ${code}`, () => {
      const { refusals } = deliver(treeOf(yaml), "file");
      assert.deepEqual(
        refusals.map((it) => it.code),
        [code],
      );
    });
  }
  for (const [name, config] of Object.entries(GOOD_CONFIGURATIONS)) {
    test(`as the guest's tests have it: ${name}`, () => {
      const delivered = deliver(treeOf(stringify(config)), "file");
      assert.equal(marshal(delivered.config), marshal(fileForm(config)));
      assert.deepEqual(delivered.changes, []);
    });
  }
});

describe("labels and manifests", () => {
  for (const [name, config] of Object.entries(GOOD_CONFIGURATIONS)) {
    test(`labels: ${name}`, () => {
      const prefix = "traefik.http.middlewares.m.plugin.rolegate";
      const compose = { services: { app: { labels: labels(prefix, config) } } };
      const [container] = composeLabels(treeOf(stringify(compose)));
      const tree = treeOfLabels(container!.labels, container!.place);
      const block = valueAt(tree, "http", "middlewares", "m", "plugin", "rolegate")!;
      assert.equal(marshal(deliver(block, "labels").config), marshal(labelForm(config)));
    });
    test(`a manifest: ${name}`, () => {
      const { config: seen } = deliver(treeOf(stringify(config), true), "crd");
      assert.equal(marshal(seen), marshal(config));
    });
  }
  test("compose's $$ is $, a list of labels is as good as a map", () => {
    const yaml = "services: {a: {labels: ['traefik.http.x.y=a$$b=c']}}";
    const [container] = composeLabels(treeOf(yaml));
    assert.equal(container!.labels[0]!.value, "a$b=c");
  });
  test("Kubernetes reads yes as true, and a date as a text", () => {
    const { config } = deliver(treeOf("{a: yes, b: 2026-01-01, c: 010}", true), "crd");
    assert.equal(marshal(config), '{"a":true,"b":"2026-01-01","c":8}');
  });
});

describe("a real Traefik", () => {
  const folder = temporaryFolder("delivery");
  const plugin = join(folder.path, "plugin");
  let upstream: Upstream;
  let traefik: Traefik;

  const dynamic = (blocks: string[]) =>
    [
      "http:",
      `  services: {app: {loadBalancer: {servers: [{url: "${upstream.url}"}]}}}`,
      "  routers:",
      ...blocks.map(
        (_, i) => `    r${i}: {rule: "Path(\`/${i}\`)", service: app, middlewares: [m${i}]}`,
      ),
      "  middlewares:",
      ...blocks.map(
        (block, i) => `    m${i}:\n      plugin:\n        rolegate:\n          ${block}`,
      ),
    ].join("\n");

  before(async () => {
    mkdirSync(plugin);
    copyFileSync(join(root, ".traefik.yml"), join(plugin, ".traefik.yml"));
    copyFileSync(probeWasm(), join(plugin, "plugin.wasm"));
    upstream = await startUpstream();
    const blocks = DELIVERED.map(([yaml]) => yaml);
    traefik = await startTraefik({ pluginDir: plugin, dynamic: dynamic(blocks) });
  });
  after(async () => {
    await traefik?.stop();
    await upstream?.stop();
    folder.remove();
  });

  DELIVERED.forEach(([yaml, json], i) => {
    test(yaml, async () => {
      const headers = { "X-Probe": "config|respond", "X-Probe-After": "" };
      const response = await fetch(`${traefik.url}/${i}`, { headers });
      assert.equal((await response.text()).replace(/^config=/, "").trimEnd(), json);
    });
  });

  // One of each kind, for each takes a Traefik of its own.
  const kinds = [...new Map(REFUSED.map(([yaml, code]) => [code, yaml]))];
  for (const [code, yaml] of kinds) {
    test(`refuses ${yaml}: ${code}`, async () => {
      const started = startTraefik({ pluginDir: plugin, dynamic: dynamic([yaml]), timeout: 2500 });
      await assert.rejects(started.then((it) => it.stop()));
    });
  }
});
